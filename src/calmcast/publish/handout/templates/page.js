// What plays, what was left, and how both are shown.
let left = null, savedAt = 0;
const atEnd = one("#at-end"), gap = one("#gap");

const placeOf = track => {
  const held = memory.held.at?.[track.file], [version, seconds] = Array.isArray(held) ? held : [];
  return version === track.version && seconds > 10 && seconds < track.length - 5 ? seconds : 0;
};
const remember = (track, seconds = at(track)) => {
  if (track.isOut || track.isHush) return;
  const places = { ...memory.read().at, [track.file]: [track.version, Math.round(seconds * 10) / 10] };
  const here = new Set(tracks.map(known => known.file));
  for (const file of Object.keys(places)) if (!here.has(file)) delete places[file];
  memory.change({ at: places, last: track.file });
  savedAt = Date.now();
  offerPlace(track);
};
const offerPlace = track => {
  const button = one("[data-does=go-on]", track.part), seconds = placeOf(track);
  button.hidden = !seconds || track === current;
  write(button, t("go-on", { time: clock(seconds) }));
};
const goOn = track => {
  seek(track, placeOf(track));
  openView();
  play(track);
};

const named = (place, track) => {
  write(place, track.title.textContent);
  place.lang = track.title.lang;
  place.dir = "auto";
};
const sign = (button, playing) => {
  button.classList.toggle("playing", playing);
  write(one(".says", button), playing ? t("pause") : t("play"));
};
let shown = null;
const show = () => {
  tracks.forEach(track => {
    sign(one("[data-does=play]", track.part), isOn(track));
    track.part.classList.toggle("current", track === current);
  });
  one("#bar").hidden = !current;
  if (!current) return;
  const sound = soundOf(current), on = isOn(current), ended = isLoaded(current) && sound.ended;
  const next = nextAfter(current);
  named(one("#now-name"), current);
  named(one("#bar-name"), current);
  showTime();
  showSleep();
  for (const button of [one("#toggle"), one("#bar-toggle")]) sign(button, on);
  // It is there only while something plays.
  for (const button of [one("#come-out"), one("#bar-out")]) button.hidden = !isHeard(current) || !wayOf(current);
  one("#come-out").classList.toggle("never", !wayOf(current));
  one("#coming").hidden = !(current.isOut || ended) || Boolean(current.trouble);
  write(one("#coming"), ended ? t("all-your-time") : t("coming-back"));
  write(one("#trouble"), current.trouble ?? "");
  one("#offer").hidden = !(current.isOut && left);
  if (left) write(one("#back"), t("back-to", { title: titleOf(left) }));
  one("#after").hidden = !(ended && !current.isOut && next);
  if (next) write(one("#next"), t("next", { title: titleOf(next) }));
  if (shown !== current) {
    shown = current;
    breathe(current);
    sync(current);
    showChapter(current);
  }
  keepPace(current);
  state();
};

const toggle = track => {
  if (isOn(track)) return pause(track);
  if (isLoaded(track) && soundOf(track).ended) seek(track, 0);
  return play(track);
};
const comeOut = from => {
  const way = wayOf(from);
  if (!way) return;
  left = from;
  setSleep("");
  openView();
  seek(way, 0);
  play(way);
  one("#now-name").focus({ preventScroll: true });
};

players.forEach(sound => {
  sound.addEventListener("play", () => {
    const { track } = sound;
    if (track.isHush) return show();
    if (!track.isOut) left = null;
    one("[data-does=go-on]", track.part).hidden = true;
    one("#resume").hidden = true;
    const way = wayOf(track);
    // The way out is there at once when it is asked for.
    if (way) {
      load(way);
      wayPlayer.preload = "auto";
    }
    takeOver();
    show();
    return announce(track);
  });
  sound.addEventListener("pause", () => {
    const { track } = sound;
    if (track && !sound.ended && !sound.leaving) remember(track);
    if (track) show();
  });
  sound.addEventListener("timeupdate", () => {
    const { track } = sound;
    if (track.isHush) return showTime();
    sync(track);
    note(track);
    if (track !== current) return;
    showTime();
    showSleep();
    keepPace(track);
    pulse(track);
    place(track);
    fallAsleep();
    if (isOn(track) && Date.now() - savedAt > 5000) remember(track);
  });
  sound.addEventListener("seeked", () => { if (!sound.track.isHush) sync(sound.track); });
  sound.addEventListener("ended", () => {
    const { track } = sound;
    if (track.isHush) {
      URL.revokeObjectURL(hush.source);
      return play(hush.next);
    }
    calm(sound);
    remember(track, 0);
    note(track, true);
    show();
    const isLast = track.isOut || sleep.value === "end";
    if (sleep.value === "end") setSleep("");
    const next = isLast ? null : { next: nextAfter(track), again: track }[atEnd.value];
    if (next) hushThen(next, Number(gap.value));
  });
});
document.addEventListener("visibilitychange", () => {
  if (!current) return;
  if (document.hidden && isOn(current)) remember(current);
  sync(current);
  show();
});
addEventListener("pagehide", () => { if (isOn(current)) remember(current); });

document.addEventListener("click", event => {
  const does = event.target.closest("[data-does]"), track = does && trackOf(does);
  if (!track) return;
  if (does.dataset.does === "play") {
    if (isOn(track)) return pause(track);
    // A rest begins at its beginning; to go on where one stopped has buttons of its own.
    if (!track.begun) seek(track, 0);
    openView();
    toggle(track);
  }
  if (does.dataset.does === "go-on") goOn(track);
  if (does.dataset.does === "out") {
    event.preventDefault();
    comeOut(track);
  }
});
const by = seconds => {
  current.begun = true;
  seek(current, at(current) + seconds);
  showTime();
  sync(current);
  keepPace(current);
};
for (const button of [one("#toggle"), one("#bar-toggle")]) button.addEventListener("click", () => toggle(current));
for (const button of [one("#come-out"), one("#bar-out")]) button.addEventListener("click", () => comeOut(current));
// In the dark, the whole circle is a pause.
one(".round-about").addEventListener("click", () => toggle(current));
one("#less").addEventListener("click", () => by(-15));
one("#more").addEventListener("click", () => by(15));
one("#back").addEventListener("click", () => {
  play(left);
  one("#now-name").focus({ preventScroll: true });
});
one("#next").addEventListener("click", () => {
  const next = nextAfter(current);
  seek(next, 0);
  play(next);
  one("#now-name").focus({ preventScroll: true });
});
// Space pauses, wherever it does nothing else. In the view it does so on a button, too, which Enter presses.
const isPause = event => {
  const taking = `select, input:not([type=range])${view.open ? "" : ", button, a, summary"}`;
  return event.key === " " && current && !event.target.closest(taking) && !event.ctrlKey && !event.metaKey && !event.altKey;
};
document.addEventListener("keydown", event => {
  if (!isPause(event)) return;
  event.preventDefault();
  if (!event.repeat) toggle(current);
});
// Some browsers press a button when the key is let go.
document.addEventListener("keyup", event => { if (isPause(event)) event.preventDefault(); });
// One page plays at a time.
const others = (() => { try { return new BroadcastChannel("calmcast"); } catch { return null; } })();
const takeOver = () => others?.postMessage("plays");
others?.addEventListener("message", () => {
  if (isHushed()) player.pause();
  if (isOn(current)) pause(current);
});

const settings = { speed, atEnd, gap };
memory.read();
for (const [name, field] of Object.entries(settings)) {
  const held = memory.held[name];
  if ([...field.options].some(option => option.value === held)) field.value = held;
  field.addEventListener("change", () => memory.change({ [name]: field.value }));
}
const takeSettings = () => {
  one("#gap-field").hidden = atEnd.value === "quiet";
  players.forEach(sound => { if (!sound.track?.isHush) setSpeed(sound, Number(speed.value)); });
  if (current) keepPace(current);
};
for (const field of [speed, atEnd]) field.addEventListener("change", takeSettings);
for (const [name, box] of Object.entries({ captions, vibrate })) box.checked = memory.held[name] === true;
vibrate.addEventListener("change", () => memory.change({ vibrate: vibrate.checked }));
view.classList.toggle("with-words", captions.checked);
takeSettings();

const inOrder = tracks.filter(track => !track.isOut);
inOrder.forEach(offerPlace);
const last = inOrder.find(track => track.file === memory.held.last);
if (last && placeOf(last)) {
  choose(entryOf(last), last);
  const length = one(".length", last.part).textContent;
  write(one("#resume-says"), t("stopped-at", { title: titleOf(last), length, time: clock(placeOf(last)) }));
  one("#resume-go").addEventListener("click", () => goOn(last));
  one("#resume").hidden = false;
}

document.documentElement.dataset.plays = "";

// On paper nothing is folded away.
let folded = [];
addEventListener("beforeprint", () => {
  folded = all(".more:not([open])");
  folded.forEach(part => { part.open = true; });
});
addEventListener("afterprint", () => folded.forEach(part => { part.open = false; }));
