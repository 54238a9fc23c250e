"use strict";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);
const onWeb = location.protocol.startsWith("http");
const clock = seconds => {
  const whole = Math.floor(seconds), minutes = Math.floor(whole / 60) % 60, hours = Math.floor(whole / 3600);
  const two = number => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

// What is remembered belongs to this folder: several classes may share a host.
const memory = {
  name: "calmcast " + location.pathname.replace(/[^/]*$/, ""),
  held: {},
  read() {
    try { this.held = JSON.parse(localStorage.getItem(this.name)) ?? {}; } catch { /* then only while the page is open */ }
    if (typeof this.held !== "object") this.held = {};
    return this.held;
  },
  change(what) {
    Object.assign(this.read(), what);
    try { localStorage.setItem(this.name, JSON.stringify(this.held)); } catch { /* as above */ }
  },
};

const tracks = all(".track").map(part => {
  const sound = one("audio", part), { file, version, length, way, out } = part.dataset;
  // A track that was made again has another address, so that no browser mixes its old bytes with the new ones.
  if (onWeb) sound.src = `${sound.getAttribute("src")}?v=${version}`;
  return { part, sound, file, version, length: Number(length), way, isOut: out !== undefined, title: one(".title", part), wanted: 0 };
});
const inOrder = tracks.filter(track => !track.isOut);
const trackOf = element => tracks.find(track => track.part.contains(element));
const wayOf = track => tracks.find(other => track.way && other.part.id === track.way);
const whole = track => Number.isFinite(track.sound.duration) ? track.sound.duration : track.length;
const at = track => track.sound.readyState ? track.sound.currentTime : track.wanted;

const seek = (track, seconds) => {
  track.wanted = Math.max(0, Math.min(seconds, whole(track) - 0.2));
  if (track.sound.readyState) track.sound.currentTime = track.wanted;
};
const setSpeed = (sound, speed) => {
  sound.defaultPlaybackRate = speed;
  sound.playbackRate = speed;
};
const play = track => {
  tracks.forEach(other => { if (other !== track) other.sound.pause(); });
  tell(track, "");
  // After a failure, a sound is asked for anew.
  if (track.sound.error) track.sound.load();
  return track.sound.play().catch(error => {
    if (error.name !== "AbortError" && error.name !== "NotAllowedError") tellFault(track);
  });
};
const tell = (track, trouble) => {
  track.trouble = trouble;
  one(".fault", track.part).textContent = trouble;
  show();
};
const tellFault = track => {
  const why = onWeb && !navigator.onLine
    ? "There is no network, and this track is not kept on this device."
    : "This track cannot be played. Its file has to lie beside this page.";
  tell(track, track.isOut ? `${why} You can still come back: its words stand on this page.` : why);
};

tracks.forEach(track => track.sound.addEventListener("loadedmetadata", () => {
  if (track.wanted) track.sound.currentTime = track.wanted;
  track.wanted = 0;
}));
document.addEventListener("error", event => {
  const track = event.target.matches?.("audio") && trackOf(event.target);
  if (!track) return;
  // Tried again, it goes on from where it broke off.
  track.wanted = track.sound.currentTime || track.wanted;
  tellFault(track);
}, true);
