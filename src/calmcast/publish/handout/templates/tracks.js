// The tracks, the entries that they stand in, and which length of each somebody has chosen.
const tracks = all(".track").map(part => {
  const { file, version, length, way, out, breaths, cover } = part.dataset;
  const source = one("audio", part).getAttribute("src");
  return {
    part, file, version, way, breaths, cover,
    // A track that was made again has another address, so that no browser mixes its old bytes with the new ones.
    source: onWeb && !source.startsWith("data:") ? `${source}?v=${version}` : source,
    length: Number(length),
    isOut: out !== undefined,
    title: one(".title", part.parentElement),
    wanted: 0,
  };
});
// Sound that is inside the page is played from memory, where every browser can seek in it.
const sourceOf = track => {
  if (track.source.startsWith("data:")) {
    const text = atob(track.source.slice(track.source.indexOf(",") + 1)), bytes = new Uint8Array(text.length);
    for (let place = 0; place < bytes.length; place++) bytes[place] = text.charCodeAt(place);
    track.source = URL.createObjectURL(new Blob([bytes], { type: "audio/mpeg" }));
    one("audio", track.part).removeAttribute("src");
  }
  return track.source;
};
const trackOf = element => tracks.find(track => track.part.contains(element));
const wayOf = track => tracks.find(other => track.way && other.part.id === track.way);
const titleOf = track => apart(track.title.textContent);

const entries = all(".script").map(part => ({ part, row: part.parentElement, tracks: tracks.filter(track => part.contains(track.part)) }));
const entryOf = track => entries.find(entry => entry.tracks.includes(track));
const chipOf = (entry, track) => one(`.lengths [value="${track.part.id}"]`, entry.part);
const choose = (entry, track) => {
  entry.chosen = track;
  entry.tracks.forEach(other => other.part.classList.toggle("off", other !== track));
  const chip = chipOf(entry, track);
  if (chip) chip.checked = true;
};
const nextAfter = track => {
  const here = entries.indexOf(entryOf(track));
  return here < 0 ? undefined : entries.slice(here + 1).find(entry => !entry.row.hidden)?.chosen;
};

all(".needs-script").forEach(part => { part.hidden = false; });
entries.forEach(entry => {
  const kept = memory.read().lengths, held = typeof kept === "object" && kept;
  choose(entry, entry.tracks.find(track => held && Object.values(held).includes(track.file)) ?? entry.tracks[0]);
  one(".lengths", entry.part)?.addEventListener("change", event => {
    const track = entry.tracks.find(other => other.part.id === event.target.value);
    choose(entry, track);
    memory.change({ lengths: { ...memory.held.lengths, [entry.part.id]: track.file } });
  });
});

// Somebody has ten minutes: of each script the longest that fits, and no others.
const times = one("#times");
times?.addEventListener("change", event => {
  const most = event.target.value ? Number(event.target.value) * 60 + 30 : Infinity;
  entries.forEach(entry => {
    const fitting = entry.tracks.filter(track => track.length <= most);
    entry.row.hidden = !fitting.length;
    entry.tracks.forEach(track => chipOf(entry, track)?.parentElement.classList.toggle("longer", track.length > most));
    if (fitting.length && most < Infinity) choose(entry, fitting.reduce((best, track) => track.length > best.length ? track : best));
  });
  const longer = entries.filter(entry => entry.row.hidden).length;
  write(one("#times-says"), longer ? t("take-longer", { n: longer }) : "");
});

all("#looks input").forEach(chip => {
  chip.checked = chip.value === (document.documentElement.dataset.look ?? "");
  chip.addEventListener("change", () => {
    wear(chip.value);
    colourBars();
    try { localStorage.setItem("calmcast look", chip.value); } catch { /* only while the page is open */ }
  });
});
// The phone's own bars take the page's colour.
const bars = all("meta[name=theme-color]"), usualBars = bars.map(bar => bar.content);
const colourBars = dark => bars.forEach((bar, place) => {
  const own = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  bar.content = dark ? "#000000" : document.documentElement.dataset.look ? own : usualBars[place];
});
colourBars();
