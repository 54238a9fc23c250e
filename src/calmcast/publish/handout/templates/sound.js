// Two players: one for the tracks, and one for the way out, so that the one fades while the other begins.
let current = null;
const player = one("#sound"), wayPlayer = one("#way-sound"), players = [player, wayPlayer];
const soundOf = track => track.isOut ? wayPlayer : player;
const isLoaded = track => soundOf(track).track === track;
const isHeard = track => Boolean(track) && isLoaded(track) && !soundOf(track).paused;
const isOn = track => isHeard(track) && !soundOf(track).leaving;
const whole = track => isLoaded(track) && Number.isFinite(soundOf(track).duration) ? soundOf(track).duration : track.length;
const at = track => isLoaded(track) && soundOf(track).readyState ? soundOf(track).currentTime : track.wanted;

const speed = one("#speed");
const setSpeed = (sound, speed) => {
  sound.defaultPlaybackRate = speed;
  sound.playbackRate = speed;
};
const load = track => {
  const sound = soundOf(track);
  if (sound.track === track) return;
  calm(sound);
  if (sound.track) {
    sound.track.wanted = at(sound.track);
    if (!sound.paused) remember(sound.track);
  }
  sound.track = track;
  sound.src = sourceOf(track);
  setSpeed(sound, Number(speed.value));
};
const seek = (track, seconds) => {
  track.wanted = Math.max(0, Math.min(seconds, whole(track) - 0.2));
  if (isLoaded(track) && soundOf(track).readyState) soundOf(track).currentTime = track.wanted;
};

// Fades. A page may set the loudness of its sound on every device but Apple's phones. There a copy of the sound fades in
// its place: what somebody listens to never goes through Web Audio, which a phone may silence when its screen is off.
const obeys = (() => {
  const probe = new Audio();
  probe.volume = 0.5;
  return probe.volume === 0.5;
})();
const PAUSE_S = 0.6, LEAVE_S = 1.5, BEGIN_S = 0.4;
const calm = sound => {
  clearInterval(sound.fading);
  sound.leaving?.copy?.pause();
  sound.leaving = null;
  if (obeys) sound.volume = 1;
};
const ramp = (sound, to, seconds, then) => {
  const from = sound.volume, begun = Date.now();
  clearInterval(sound.fading);
  sound.fading = setInterval(() => {
    const share = Math.min(1, (Date.now() - begun) / (seconds * 1000));
    // Even to the ear: squared, the last of it goes softly.
    sound.volume = Math.max(0, Math.min(1, (Math.sqrt(from) + (Math.sqrt(to) - Math.sqrt(from)) * share) ** 2));
    if (share < 1) return;
    clearInterval(sound.fading);
    then?.();
  }, 25);
};
let context = null;
const wakeContext = () => {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (obeys || !onWeb || !Context) return;
  context ??= new Context();
  context.resume?.().catch(() => {});
};
// Resolves to a copy that sounds on from here and can fade, or to nothing where there is none at once.
const copyOf = sound => new Promise(done => {
  if (context?.state !== "running") return done(null);
  const copy = new Audio(sound.currentSrc), loudness = context.createGain();
  const giveUp = setTimeout(() => { copy.pause(); done(null); }, 400);
  copy.currentTime = sound.currentTime;
  setSpeed(copy, sound.playbackRate);
  context.createMediaElementSource(copy).connect(loudness).connect(context.destination);
  copy.play().then(() => {
    clearTimeout(giveUp);
    done({ copy, loudness: loudness.gain });
  }, () => { clearTimeout(giveUp); done(null); });
});

// It goes in so many seconds, and stays where it was when it began to go.
const pause = (track, seconds = PAUSE_S, then = () => {}) => {
  const sound = soundOf(track);
  // What is going already may go faster.
  if (!isHeard(track) || sound.leaving?.seconds <= seconds) return;
  const leaving = { from: sound.leaving?.from ?? sound.currentTime, seconds };
  sound.leaving = leaving;
  const stop = () => {
    if (sound.leaving !== leaving) return;
    calm(sound);
    sound.pause();
    seek(track, leaving.from);
    remember(track);
    show();
    then();
  };
  remember(track, leaving.from);
  if (obeys) ramp(sound, 0, seconds, stop);
  else copyOf(sound).then(made => {
    if (sound.leaving !== leaving) return made?.copy.pause();
    if (!made) return stop();
    leaving.copy = made.copy;
    sound.pause();
    made.loudness.setValueAtTime(1, context.currentTime);
    made.loudness.linearRampToValueAtTime(0, context.currentTime + seconds);
    setTimeout(stop, seconds * 1000);
  });
  show();
};
const play = track => {
  const sound = soundOf(track), wasLeaving = sound.leaving && isLoaded(track);
  if (obeys && !isLoaded(track) && isOn(sound.track)) {
    // Whatever else plays there goes first.
    current = track;
    return pause(sound.track, BEGIN_S, () => { if (current === track) play(track); });
  }
  load(track);
  wakeContext();
  players.forEach(other => {
    if (other === sound || !other.track) return;
    if (other.leaving?.copy) calm(other); else pause(other.track, LEAVE_S);
  });
  tell(track, "");
  track.begun = true;
  current = track;
  // After a failure, a sound is asked for anew.
  if (sound.error) sound.load();
  const volume = sound.volume;
  calm(sound);
  // Within words it comes up softly; a beginning is soft by itself.
  if (obeys && (wasLeaving || at(track) > 1)) {
    sound.volume = wasLeaving ? volume : 0;
    ramp(sound, 1, BEGIN_S);
  }
  // What is heard goes before what is shown.
  const begun = sound.play();
  show();
  return begun.catch(error => {
    if (error.name !== "AbortError" && error.name !== "NotAllowedError") tellFault(track);
    show();
  });
};

const tell = (track, trouble) => {
  track.trouble = trouble;
  write(one(".fault", track.part), trouble);
  show();
};
const tellFault = track => {
  const why = !onWeb ? t("no-file") : navigator.onLine ? t("no-answer") : t("no-network");
  tell(track, track.isOut ? t("words-are-here", { why }) : why);
};

players.forEach(sound => {
  sound.addEventListener("loadedmetadata", () => {
    const { track } = sound;
    if (track.wanted) sound.currentTime = track.wanted;
    track.wanted = 0;
  });
  sound.addEventListener("error", () => {
    const { track } = sound;
    if (!track || !sound.getAttribute("src")) return;
    // Tried again, it goes on from where it broke off.
    track.wanted = sound.currentTime || track.wanted;
    calm(sound);
    tellFault(track);
  });
});

// A silence between two tracks is a sound, too: a phone in a pocket ends a page that plays nothing.
const hush = { file: "", isHush: true, length: 0, wanted: 0 };
const silence = seconds => {
  const rate = 8000, bytes = new Uint8Array(44 + rate * seconds).fill(128), view = new DataView(bytes.buffer);
  // RIFF WAVE, PCM, one channel of 8 bits.
  [0x52494646, 0x57415645, 0x666d7420, 0x64617461].forEach((word, place) => view.setUint32([0, 8, 12, 36][place], word));
  [[4, 36 + rate * seconds], [16, 16], [24, rate], [28, rate], [40, rate * seconds]].forEach(([place, number]) => view.setUint32(place, number, true));
  [[20, 1], [22, 1], [32, 1], [34, 8]].forEach(([place, number]) => view.setUint16(place, number, true));
  return new Blob([bytes], { type: "audio/wav" });
};
const hushThen = (next, seconds) => {
  calm(player);
  seek(next, 0);
  if (!seconds) return play(next);
  current = next;
  Object.assign(hush, { next, length: seconds, wanted: 0, source: URL.createObjectURL(silence(seconds)) });
  player.track = hush;
  player.src = hush.source;
  setSpeed(player, 1);
  show();
  return player.play().catch(() => play(next));
};
const isHushed = () => player.track === hush && !player.paused;
