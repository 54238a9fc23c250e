"use strict";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);
const onWeb = location.protocol.startsWith("http");
const page = document.body.dataset;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const clock = seconds => {
  const whole = Math.floor(seconds), minutes = Math.floor(whole / 60) % 60, hours = Math.floor(whole / 3600);
  const two = number => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

const texts = JSON.parse(page.texts);
const t = (key, values = {}) => {
  const text = typeof texts[key] === "string" ? texts[key] : texts[key][values.n === 1 ? "one" : "other"];
  return text.replace(/\{([a-z_]+)\}/g, (whole, name) => values[name] ?? whole);
};
// Only what changes is written: a screen reader would say it again and again.
const write = (place, text) => { if (place.textContent !== text) place.textContent = text; };
// A text with somebody's own words in it, which may run the other way.
const apart = text => `\u2068${text}\u2069`;

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
