// The lock screen, headphones and car: what plays, and what their buttons do.
const session = navigator.mediaSession;
const announce = track => {
  if (!session || !window.MediaMetadata) return;
  const picture = track.cover ?? page.cover, mark = track.chapters[track.chapter];
  const artwork = onWeb && picture ? [{ src: new URL(picture, location.href).href, type: "image/jpeg" }] : [];
  const chapter = mark ? one(".name", mark.button).textContent : "";
  const artist = [chapter, page.teacher].filter(Boolean).join(" · ");
  session.metadata = new MediaMetadata({ title: track.title.textContent, artist, album: page.title, artwork });
  // Chapters are what goes back and on, where there are any.
  const several = track.chapters.length > 1;
  handle("previoustrack", several && (() => toChapter(-1)));
  handle("nexttrack", several && (() => toChapter(1)));
  place(track);
};
const place = track => {
  try {
    session?.setPositionState?.({ duration: whole(track), position: Math.min(at(track), whole(track)), playbackRate: soundOf(track).playbackRate });
  } catch { /* a length that is not known yet */ }
};
const toChapter = by => {
  const chapters = current.chapters, now = at(current), here = Math.max(lastBefore(chapters, now), 0);
  // Back goes to the beginning of a chapter first.
  const to = by < 0 && now - chapters[here].at > 3 ? here : here + by;
  if (chapters[to]) seek(current, chapters[to].at + 0.01);
  else if (by < 0) seek(current, 0);
};
const state = () => { if (session) session.playbackState = isOn(current) || isHushed() ? "playing" : "paused"; };
const handle = (action, does) => {
  try { session?.setActionHandler(action, does || null); } catch { /* an action that this browser does not know */ }
};
handle("play", () => current && !isOn(current) && play(current));
handle("pause", () => current && pause(current));
handle("stop", () => current && pause(current));
handle("seekbackward", event => current && by(-(event.seekOffset || 15)));
handle("seekforward", event => current && by(event.seekOffset || 15));
handle("seekto", event => {
  if (!current) return;
  seek(current, event.seekTime);
  sync(current);
});
