// Chapters and lines: they become buttons, and show where the sound is.
const marksOf = (part, selector) => all(selector, part).map(row => {
  const text = one(".go", row), button = document.createElement("button");
  button.type = "button";
  button.className = "go";
  if (text.dir) button.dir = text.dir;
  button.append(...text.childNodes);
  text.replaceWith(button);
  return { row, button, at: Number(row.dataset.at) };
});
// Each line's beginning and end, in tenths of a second, counted from the one before.
const timed = (lines, spans = "") => {
  let now = 0;
  const moments = spans.split(" ").map(tenths => (now += Number(tenths)) / 10);
  return lines.map((line, place) => ({ ...line, at: moments[2 * place], to: moments[2 * place + 1] }));
};
const lastBefore = (marks, seconds) => {
  let low = 0, high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle].at <= seconds) low = middle + 1; else high = middle;
  }
  return low - 1;
};
const light = (marks, index) => marks.forEach((mark, place) => {
  const now = place === index;
  if (mark.row.classList.contains("now") === now) return;
  mark.row.classList.toggle("now", now);
  if (now) mark.button.setAttribute("aria-current", "true"); else mark.button.removeAttribute("aria-current");
});

const bringIntoView = (track, mark) => {
  const box = track.scroll;
  if (!mark || !box.clientHeight) return;
  const top = mark.row.offsetTop - (box.clientHeight - mark.row.offsetHeight) / 3;
  box.scrollTo({ top, behavior: still.matches || document.hidden ? "instant" : "smooth" });
};
const follow = (track, on) => {
  track.follows = on;
  track.back.hidden = on;
  if (on) bringIntoView(track, track.lines[track.line]);
};
// One line at a time takes part in the Tab order; the arrow keys move along the others.
const stopAt = (track, index) => track.lines.forEach((mark, place) => { mark.button.tabIndex = place === index ? 0 : -1; });

tracks.forEach(track => {
  track.chapters = marksOf(track.part, ".chapter");
  track.lines = timed(marksOf(track.part, ".line"), track.part.dataset.lines);
  track.line = track.chapter = -1;
  track.scroll = one(".scroll", track.part);
  [...track.chapters, ...track.lines].forEach(mark => mark.button.addEventListener("click", () => {
    // A little past the very sample, so that this part and not the one before is shown.
    seek(track, mark.at + 0.01);
    if (track.scroll) follow(track, true);
    play(track);
    sync(track);
  }));
  if (!track.scroll) return;
  track.back = one(".follow", track.part);
  track.follows = true;
  stopAt(track, 0);
  for (const sign of ["wheel", "touchmove"])
    track.scroll.addEventListener(sign, () => follow(track, false), { passive: true });
  track.scroll.addEventListener("pointerdown", event => { if (event.target === track.scroll) follow(track, false); });
  track.scroll.addEventListener("keydown", event => {
    const from = track.lines.findIndex(mark => mark.button === document.activeElement), last = track.lines.length - 1;
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: last }[event.key];
    if (["PageUp", "PageDown"].includes(event.key)) follow(track, false);
    if (to === undefined || from < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    follow(track, false);
    const next = Math.max(0, Math.min(to, last));
    stopAt(track, next);
    track.lines[next].button.focus();
  });
  track.back.addEventListener("click", () => {
    follow(track, true);
    track.lines[Math.max(track.line, 0)].button.focus({ preventScroll: true });
  });
  one(".more", track.part).addEventListener("toggle", () => { if (track.follows) follow(track, true); });
});

// A line stays so many seconds after it was said.
const LINGER_S = 4;
const sync = track => {
  const now = at(track), line = lastBefore(track.lines, now), chapter = lastBefore(track.chapters, now);
  const isQuiet = line >= 0 && now > track.lines[line].to + LINGER_S;
  light(track.lines, line);
  track.lines.forEach((mark, place) => mark.row.toggleAttribute("data-quiet", place === line && isQuiet));
  if (track === current) showCaption(line < 0 || isQuiet ? null : track.lines[line].button);
  if (chapter !== track.chapter) {
    track.chapter = chapter;
    light(track.chapters, chapter);
    if (track === current) showChapter(track);
  }
  if (line === track.line) return;
  track.line = line;
  if (!track.scroll) return;
  if (!track.scroll.contains(document.activeElement)) stopAt(track, Math.max(line, 0));
  if (track.follows) bringIntoView(track, track.lines[line]);
};
