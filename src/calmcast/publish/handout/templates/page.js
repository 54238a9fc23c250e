// What plays, what was left, and the bar that always shows it.
let current = null, left = null, savedAt = 0;
const bar = one("#bar"), speed = one("#speed"), playOn = one("#play-on");

const placeOf = track => {
  const held = memory.held.at?.[track.file], [version, seconds] = Array.isArray(held) ? held : [];
  return version === track.version && seconds > 10 && seconds < track.length - 5 ? seconds : 0;
};
const remember = (track, seconds = at(track)) => {
  if (track.isOut) return;
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
  one(".from", button).textContent = clock(seconds);
};
const goOn = track => {
  track.begun = true;
  seek(track, placeOf(track));
  play(track);
};

const named = (place, track) => {
  const title = track.title;
  if (place.textContent !== title.textContent) place.textContent = title.textContent;
  place.lang = title.lang;
  place.dir = "auto";
};
const sign = (button, playing) => {
  button.classList.toggle("playing", playing);
  const says = one(".says", button), text = playing ? "Pause" : "Play";
  // Only what changes is written: a screen reader would say it again and again.
  if (says.textContent !== text) says.textContent = text;
};
const show = () => {
  tracks.forEach(track => {
    sign(one("[data-does=play]", track.part), !track.sound.paused);
    track.part.classList.toggle("current", track === current);
  });
  bar.hidden = !current;
  if (!current) return;
  const way = wayOf(current), next = inOrder[inOrder.indexOf(current) + 1];
  named(one("#now-name"), current);
  showTime();
  sign(one("#toggle"), !current.sound.paused);
  one("#come-out").hidden = !way;
  one("#coming").hidden = !current.isOut || Boolean(current.trouble);
  one("#coming").textContent = current.sound.ended ? "Take all the time you like" : "Coming back, gently";
  one("#trouble").textContent = current.trouble ?? "";
  one("#trouble").hidden = !current.trouble;
  one("#offer").hidden = !(current.isOut && left);
  if (left) named(one("#back-name"), left);
  one("#after").hidden = !(current.sound.ended && !current.isOut && next);
  if (next) named(one("#next-name"), next);
};
const showTime = () => {
  const text = `${clock(at(current))} of ${clock(whole(current))}`, shown = one("#now-time");
  if (shown.textContent !== text) shown.textContent = text;
};

const toggle = track => {
  if (!track.sound.paused) return track.sound.pause();
  if (track.sound.ended) seek(track, 0);
  play(track);
};
const comeOut = from => {
  const way = wayOf(from);
  if (!way) return;
  left = from;
  from.sound.pause();
  seek(way, 0);
  play(way);
  current = way;
  show();
  one("#now").focus({ preventScroll: true });
};

document.addEventListener("play", event => {
  const track = trackOf(event.target);
  // The news of a sound that was stopped at once comes after it has stopped.
  if (!track || track.sound.paused) return;
  tracks.forEach(other => { if (other !== track) other.sound.pause(); });
  const before = current;
  current = track;
  track.begun = true;
  if (before && before !== track) offerPlace(before);
  if (!track.isOut) left = null;
  one("[data-does=go-on]", track.part).hidden = true;
  one("#resume").hidden = true;
  const way = wayOf(track);
  // The way out is there at once when it is asked for.
  if (way) way.sound.preload = "auto";
  show();
  announce(track);
}, true);
document.addEventListener("pause", event => {
  const track = trackOf(event.target);
  if (!track) return;
  if (!track.sound.ended) remember(track);
  show();
}, true);
document.addEventListener("timeupdate", event => {
  const track = trackOf(event.target);
  if (!track) return;
  sync(track);
  if (track !== current) return;
  showTime();
  place(track);
  if (!track.sound.paused && Date.now() - savedAt > 5000) remember(track);
}, true);
document.addEventListener("seeked", event => {
  const track = trackOf(event.target);
  if (track) sync(track);
}, true);
document.addEventListener("ended", event => {
  const track = trackOf(event.target);
  if (!track) return;
  remember(track, 0);
  show();
  const next = inOrder[inOrder.indexOf(track) + 1];
  if (playOn?.checked && !track.isOut && next) play(next);
}, true);
document.addEventListener("visibilitychange", () => {
  if (!current) return;
  if (document.hidden && !current.sound.paused) remember(current);
  sync(current);
  show();
});
addEventListener("pagehide", () => { if (current && !current.sound.paused) remember(current); });

document.addEventListener("click", event => {
  const does = event.target.closest("[data-does]"), track = does && trackOf(does);
  if (!track) return;
  if (does.dataset.does === "play") {
    // A rest begins at its beginning; to go on where one stopped has buttons of its own.
    if (!track.begun) seek(track, 0);
    toggle(track);
  }
  if (does.dataset.does === "go-on") {
    one("[data-does=play]", track.part).focus({ preventScroll: true });
    goOn(track);
  }
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
};
one("#toggle").addEventListener("click", () => toggle(current));
one("#less").addEventListener("click", () => by(-15));
one("#more").addEventListener("click", () => by(15));
one("#come-out").addEventListener("click", () => comeOut(current));
one("#back").addEventListener("click", () => {
  const track = left;
  one("#now").focus({ preventScroll: true });
  play(track);
});
one("#next").addEventListener("click", () => {
  const next = inOrder[inOrder.indexOf(current) + 1];
  one("#now").focus({ preventScroll: true });
  seek(next, 0);
  play(next);
});

const takeSpeed = () => tracks.forEach(track => setSpeed(track.sound, Number(speed.value)));
speed.addEventListener("change", () => {
  takeSpeed();
  memory.change({ speed: speed.value });
});
playOn?.addEventListener("change", () => memory.change({ playOn: playOn.checked }));

memory.read();
if ([...speed.options].some(option => option.value === memory.held.speed)) speed.value = memory.held.speed;
takeSpeed();
if (playOn) playOn.checked = memory.held.playOn === true;
inOrder.forEach(offerPlace);
all(".needs-script").forEach(part => { part.hidden = false; });
const last = inOrder.find(track => track.file === memory.held.last);
if (last && placeOf(last)) {
  named(one("#resume-name"), last);
  one("#resume-at").textContent = clock(placeOf(last));
  one("#resume-go").addEventListener("click", () => {
    one("[data-does=play]", last.part).focus();
    goOn(last);
  });
  one("#resume").hidden = false;
  seek(last, placeOf(last));
  current = last;
  sync(last);
  show();
}

// On paper nothing is folded away.
let folded = [];
addEventListener("beforeprint", () => {
  folded = all("details:not([open])");
  folded.forEach(part => { part.open = true; });
});
addEventListener("afterprint", () => folded.forEach(part => { part.open = false; }));
