// What plays now, shown for somebody who lies in the dark.
const view = one("#now"), dark = one("#dark"), DARK_AFTER_S = 20;
let darkTimer = 0, lateTouch = 0, swallowed = false;
const dim = () => {
  view.classList.add("dim");
  dark.hidden = false;
};
const wake = () => {
  view.classList.remove("dim");
  clearTimeout(darkTimer);
  if (view.open) darkTimer = setTimeout(dim, DARK_AFTER_S * 1000);
};
const isDim = () => view.classList.contains("dim");
// The touch that wakes it lands on the dark alone, and so does all that a browser makes of that touch afterwards.
const liftDark = () => {
  clearTimeout(lateTouch);
  lateTouch = setTimeout(() => { dark.hidden = !isDim(); }, 500);
};
for (const sign of ["pointerdown", "pointermove"]) dark.addEventListener(sign, wake);
for (const sign of ["pointerup", "pointercancel", "pointermove", "click"]) dark.addEventListener(sign, () => { wake(); liftDark(); });
for (const sign of ["pointerdown", "pointermove", "input", "scroll"]) view.addEventListener(sign, () => { if (!isDim()) wake(); }, { passive: true, capture: true });
addEventListener("keydown", event => {
  if (!view.open) return;
  swallowed = isDim();
  if (swallowed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    liftDark();
  }
  wake();
}, true);
addEventListener("keyup", event => {
  if (swallowed) event.preventDefault();
  swallowed = false;
}, true);
view.addEventListener("cancel", event => { if (swallowed || isDim()) event.preventDefault(); });

const openView = () => {
  if (view.open) return;
  if (view.showModal) view.showModal(); else view.setAttribute("open", "");
  document.documentElement.classList.add("covered");
  colourBars(true);
  dark.hidden = true;
  wake();
  one("#toggle").focus({ preventScroll: true });
};
const closeView = () => {
  if (view.close) return view.close();
  view.removeAttribute("open");
  view.dispatchEvent(new Event("close"));
};
view.addEventListener("close", () => {
  clearTimeout(darkTimer);
  view.classList.remove("dim");
  document.documentElement.classList.remove("covered");
  colourBars();
  show();
});
one("#close").addEventListener("click", closeView);
one("#open").addEventListener("click", openView);

const seekBar = one("#seek"), passed = one("#passed"), captions = one("#captions"), caption = one("#caption");
const showTime = () => {
  const now = isHushed() ? 0 : at(current), length = whole(current);
  write(one("#now-time"), isHushed() ? t("begins-in", { time: clock(Math.ceil(hush.length - player.currentTime)) })
    : t("time-of", { time: clock(now), length: clock(length) }));
  write(one("#bar-time"), clock(now));
  seekBar.max = Math.floor(length);
  seekBar.value = now;
  seekBar.setAttribute("aria-valuetext", t("time-of", { time: clock(now), length: clock(length) }));
  passed.setAttribute("stroke-dashoffset", Math.max(0, 1 - now / length));
};
const showChapter = track => {
  const mark = track.chapters[track.chapter], name = mark && one(".name", mark.button);
  const place = one("#now-chapter");
  write(place, name ? name.textContent : "");
  place.lang = name?.lang ?? "";
  announce(track);
};
const showCaption = line => {
  caption.hidden = !captions.checked;
  write(caption, line ? line.textContent : "");
  caption.lang = line?.closest("[lang]").lang ?? "";
};
captions.addEventListener("change", () => {
  view.classList.toggle("with-words", captions.checked);
  memory.change({ captions: captions.checked });
  if (current) sync(current);
});
seekBar.addEventListener("input", () => {
  if (isHushed()) play(current);
  current.begun = true;
  seek(current, Number(seekBar.value));
  showTime();
  sync(current);
  keepPace(current);
});

// Falling silent: after some minutes, in the course of the last half of one; or when this track ends.
const sleep = one("#sleep"), SLEEP_FADE_S = 30;
let asleepAt = null, sleepTimer = 0;
const setSleep = value => {
  sleep.value = value;
  asleepAt = Number(value) ? Date.now() + Number(value) * 60000 : null;
  clearTimeout(sleepTimer);
  if (asleepAt) sleepTimer = setTimeout(fallAsleep, asleepAt - SLEEP_FADE_S * 1000 - Date.now());
  showSleep();
};
const showSleep = () => write(one("#sleep-says"), sleep.value === "end" ? t("sleep-at-end")
  : asleepAt ? t("sleep-in", { n: Math.max(1, Math.ceil((asleepAt - Date.now()) / 60000)) }) : "");
const fallAsleep = () => {
  if (!asleepAt || Date.now() < asleepAt - SLEEP_FADE_S * 1000) return;
  const left = Math.max(1, (asleepAt - Date.now()) / 1000);
  setSleep("");
  if (isHushed()) player.pause();
  else if (isOn(current) && !current.isOut) pause(current, left);
  show();
};
sleep.addEventListener("change", () => setSleep(sleep.value));
