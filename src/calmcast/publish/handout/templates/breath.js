// The circle that breathes with a track, and the phone that can be felt to.
const circle = one("#breath"), EMPTY = 0.6, FULL = 1;
const breathsOf = track => {
  track.phases ??= [];
  if (track.phases.length || !track.breaths) return track.phases;
  let now = 0, size = EMPTY;
  for (const word of track.breaths.split(" ")) {
    const kind = word[0], seconds = Number(word.slice(1));
    if (kind === "@") {
      now = Math.max(now, seconds);
      continue;
    }
    const to = { i: FULL, o: EMPTY }[kind] ?? size;
    track.phases.push({ kind, at: now, end: now + seconds, from: size, to });
    now += seconds;
    size = to;
  }
  return track.phases;
};
let breathing = null;
const breathe = track => {
  breathing?.cancel();
  breathing = null;
  circle.hidden = !breathsOf(track).length;
  if (circle.hidden || still.matches) return;
  const length = whole(track), easing = "cubic-bezier(.4, 0, .5, 1)";
  const frame = (seconds, size) => ({ offset: Math.min(1, seconds / length), transform: `scale(${size})`, easing });
  const frames = track.phases.flatMap(phase => [frame(phase.at, phase.from), frame(phase.end, phase.to)]);
  breathing = circle.animate([frame(0, EMPTY), ...frames, frame(length, EMPTY)], { duration: length * 1000, fill: "both" });
  breathing.track = track;
  breathing.pause();
  keepPace(track);
};
// The sound leads, and the circle follows.
const keepPace = track => {
  if (breathing?.track !== track) return;
  const now = at(track) * 1000;
  if (Math.abs(breathing.currentTime - now) > 80) breathing.currentTime = now;
  breathing.playbackRate = soundOf(track).playbackRate;
  if (isOn(track) !== (breathing.playState === "running")) isOn(track) ? breathing.play() : breathing.pause();
};
still.addEventListener?.("change", () => { if (current && !current.isHush) breathe(current); });

const vibrate = one("#vibrate"), PULSES = { i: [60], o: [30, 90, 30] };
let felt = null;
const pulse = track => {
  const now = at(track), phase = track.phases?.find(each => each.at <= now && now < each.end);
  if (phase === felt) return;
  felt = phase;
  if (phase && vibrate.checked && isOn(track) && PULSES[phase.kind]) navigator.vibrate(PULSES[phase.kind]);
};
if (navigator.vibrate && matchMedia("(pointer: coarse)").matches && tracks.some(track => track.breaths))
  one("#vibrate-field").hidden = false;
