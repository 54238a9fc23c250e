// What somebody listened to, day by day: kept on this device, told to nobody.
const LOG_MOST = 300, LOG_SHOWN = 30;
const logged = () => {
  const held = memory.read().log;
  const isEntry = entry => Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "string" && entry[2] > 0;
  return Array.isArray(held) ? held.filter(isEntry) : [];
};
const today = () => {
  const now = new Date(), two = number => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};
// Seconds that were heard, and not sought past, go into the log a few at a time.
const note = (track, ended = false) => {
  if (track.isOut) return;
  const now = Date.now(), since = (now - (track.notedAt ?? now)) / 1000;
  track.notedAt = now;
  if (isOn(track) || ended) track.heard = (track.heard ?? 0) + (since < 5 ? since : 0);
  if (!(track.heard > 10 || ended && track.heard)) return;
  const log = logged(), day = today(), title = track.title.textContent;
  const entry = log.find(each => each[0] === day && each[1] === title);
  if (entry) entry[2] += track.heard; else log.push([day, title, track.heard]);
  track.heard = 0;
  memory.change({ log: log.slice(-LOG_MOST).map(([when, what, seconds]) => [when, what, Math.round(seconds * 10) / 10]) });
  showLog();
};
const showLog = () => {
  const log = logged().slice(-LOG_SHOWN).reverse(), list = one("#log-list");
  one("#log").hidden = !log.length;
  list.replaceChildren(...log.map(([day, title, seconds]) => {
    const row = document.createElement("li"), name = document.createElement("bdi"), when = document.createElement("span");
    const date = new Date(`${day}T12:00`);
    when.className = "soft";
    when.textContent = Number.isNaN(date.valueOf()) ? day
      : date.toLocaleDateString(document.documentElement.lang, { weekday: "short", day: "numeric", month: "short" });
    name.textContent = title;
    row.append(when, name, t("log-minutes", { n: Math.max(1, Math.round(seconds / 60)) }));
    return row;
  }));
};
one("#log-clear").addEventListener("click", () => {
  memory.change({ log: [] });
  showLog();
  one("#tracks").focus({ preventScroll: true });
});
showLog();
