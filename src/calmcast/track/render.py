"""The straight line's end: a performance and a length -> mixing -> publish."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal

from calmcast.errors import ScriptError
from calmcast.files import atomic_file, write_bytes
from calmcast.model.manifest import FileEntry, Manifest, PassedOverEntry, VoiceEntry
from calmcast.model.timeline import Island, Mastered, Quality, Timeline, TrackInfo
from calmcast.packages import version
from calmcast.publish.formats import FORMATS, MP3, manifest_path
from calmcast.publish.names import safe_name
from calmcast.publish.places import USUAL, Delivery, Picture, picture_path
from calmcast.publish.tagged import Digests, digests_in
from calmcast.publish.titles import spoken_length, with_length, without_length
from calmcast.script.edit.plaintext import paragraphs
from calmcast.track.cast import Casting
from calmcast.track.check import checked
from calmcast.track.mixdown import Desk
from calmcast.track.performance import Performance, Progress
from calmcast.track.speak import speak
from calmcast.track.speakers import stood_in
from calmcast.units import SAMPLE_RATE, length_slug
from calmcast.workspace.workspace import Workspace

Due = Literal["nothing", "tag", "all"]
"""What of a track has to be made: its sound may lie there already, and its tag."""

NOBODY = "calmcast"
"""The artist's name where nobody is named."""
_STILL = Picture(1280, 720)
"""What a video shows."""
_WAKING = "  - hold: 0.2s\n"
"""A player that wakes up swallows the first moment of a file."""


@dataclass(frozen=True, slots=True)
class Track:
    """A finished track."""

    path: Path
    timeline: Timeline
    digests: Digests
    due: Due = "all"
    """What of it had to be made."""
    replaced: tuple[str, ...] = ()
    """What was chosen otherwise for the track that lay there: `another bed`."""


def track_name(performance: Performance, samples: int, delivery: Delivery = USUAL) -> str:
    """Return a track's file name: `psoas-release_10min.mp3`, `psoas-release_knees-yes_10min_podcast.m4a`."""
    parts = [performance.script.name, *(f"{name}-{value}" for name, value in performance.variant)]
    return "_".join([*map(safe_name, parts), f"{length_slug(samples)}{delivery.name}"])


@dataclass(frozen=True, slots=True)
class Planned:
    """A track that can be made: what sounds when and how loud, and what its listener is told."""

    performance: Performance
    mastered: Mastered
    info: TrackInfo
    delivery: Delivery

    @property
    def timeline(self) -> Timeline:
        return self.mastered.timeline

    @property
    def kbps(self) -> int:
        """The bit rate of its file, in kbit/s; 0: every sample is kept."""
        return self.delivery.kbps(self.timeline.samples, self.timeline.channels)


def planned(
    performance: Performance,
    samples: int,
    info: TrackInfo,
    quality: Quality = "standard",
    delivery: Delivery | None = None,
) -> Planned:
    """Return the track that lasts exactly `samples`; `info` is what its listener is told, with the length in its title.

    `delivery`: what it becomes; None: an MP3 of this `quality`. Raises LengthError, and PublishError for a track that
    cannot be delivered so.
    """
    from calmcast.track.deliver import check_delivery, told_of_voice

    delivery = delivery or Delivery(quality=quality)
    mastered = performance.mastered(samples, delivery)
    check_delivery(delivery, performance.cast, mastered.timeline)
    info = replace(info, title=with_length(info.title, samples))
    info = told_of_voice(info, performance.cast, mastered.timeline)
    return Planned(performance, mastered, info, delivery)


def usual_info(performance: Performance) -> TrackInfo:
    """Return what a listener is told about a track that stands alone."""
    script = performance.script
    artist = script.teacher or NOBODY
    return TrackInfo(performance.title, artist, script.title, script.about, script.language, script.voice)


def render(workspace: Workspace, track: Planned, path: Path, progress: Progress) -> Track:
    """Make a track, and what lies beside it: captions, the picture that its place wants, and manifest.

    Every file appears whole or not at all, the manifest last. Raises SoundError, PublishError.
    """
    digests = write_audio(workspace, track, path, progress)
    write_beside(workspace, track, path, digests)
    return Track(path, track.timeline, digests)


def write_beside(
    workspace: Workspace,
    track: Planned,
    path: Path,
    digests: Digests,
    write: Callable[[Path, bytes], None] = write_bytes,
) -> None:
    """Write what lies beside a finished track that has these digests. Raises as `render`."""
    if picture := track.delivery.place.picture:
        write(picture_path(path), _poster(workspace, track, picture))
    for place, text in beside(workspace, track, path, digests).items():
        write(place, text.encode())


def beside(workspace: Workspace, track: Planned, path: Path, digests: Digests) -> dict[Path, str]:
    """Return the texts that lie beside a finished track, by their path: captions, and the manifest last.

    Raises SoundError for a bell or a bed whose file is gone.
    """
    from calmcast.publish.captions import lrc, srt, webvtt
    from calmcast.publish.manifest import encode

    description = encode(described(workspace, track, digests))
    timeline, info = track.timeline, track.info
    texts = {".vtt": webvtt(timeline, info), ".lrc": lrc(timeline, info)}
    if track.delivery.format.pictured or track.delivery.place.srt:
        texts[".srt"] = srt(timeline)
    return {path.with_suffix(ending): text for ending, text in texts.items()} | {manifest_path(path): description}


def described(workspace: Workspace, track: Planned, digests: Digests) -> Manifest:
    """Return the manifest of a track whose file has these digests. Raises SoundError as `beside`."""
    from calmcast.publish.manifest import Mastering, manifest_of

    performance, timeline, levels, delivery = track.performance, track.timeline, track.mastered, track.delivery
    return manifest_of(
        track.info,
        timeline,
        script=performance.script.name,
        options=performance.values,
        sources=dict(performance.loaded.sources),
        voices={name: _voice(casting, timeline) for name, casting in performance.cast.items()},
        mastering=Mastering(
            track.kbps,
            levels.gains_db,
            levels.own_db,
            levels.lufs,
            levels.bells_lufs,
            levels.louder_db,
            delivery.place.peak_dbtp,
        ),
        file=None if delivery.is_usual else FileEntry(delivery.format.name, delivery.rate, delivery.place.name),
        versions=_versions(track),
        digests=digests,
        sound_files=workspace.soundbox.digests(timeline),
    )


def _voice(casting: Casting, timeline: Timeline) -> VoiceEntry:
    """Return what the manifest says of a voice."""
    narrator = casting.narrator
    return VoiceEntry(
        narrator.engine.name,
        narrator.settings,
        tuple(PassedOverEntry(passed.engine, passed.reason) for passed in narrator.passed_over),
        casting.stand_in,
        len(stood_in(casting.voice.name, timeline)) if casting.stand_in else None,
    )


def tag_of(workspace: Workspace, track: Planned) -> bytes:
    """Return the tag that stands before the sound of an MP3. Raises PublishError."""
    from calmcast.publish.tags import id3_tag

    return id3_tag(track.info, track.timeline, cover_of(workspace, track))


def cover_of(workspace: Workspace, track: Planned) -> bytes:
    """Return the picture in a track's tag."""
    script = track.performance.script
    return workspace.covers.track(*_words(track), script.name, script.picture)


def _words(track: Planned) -> tuple[str, str]:
    """Return what stands on a track's picture: its title, and its length."""
    samples = track.timeline.samples
    return without_length(track.info.title, samples), spoken_length(samples)


def write_audio(workspace: Workspace, track: Planned, path: Path, progress: Progress) -> Digests:
    """Make the track's file alone and return its digests. Raises SoundError, PublishError."""
    from calmcast.publish.frames import KBPS

    samples, delivery, sounds = track.timeline.samples, track.delivery, desk(workspace, progress)

    def told(done: int) -> None:
        progress(path.name, done // SAMPLE_RATE, samples // SAMPLE_RATE)

    if delivery.format is MP3 and delivery.rate == SAMPLE_RATE and track.kbps in KBPS:
        islands = sounds.islands(track.mastered)
        with atomic_file(path) as file:
            _write_islands(workspace, track, file, islands, told)
            return digests_in(file)

    from calmcast.track.encoded import write_encoded

    blocks, cover = sounds.blocks(track.mastered), cover_of(workspace, track)
    still = _poster(workspace, track, _STILL) if delivery.format.pictured else b""
    with atomic_file(path) as file:
        write_encoded(file, blocks, delivery, track.info, track.timeline, cover, still, told)
        return digests_in(file)


def _write_islands(
    workspace: Workspace, track: Planned, file: BinaryIO, islands: Iterator[Island], told: Callable[[int], None]
) -> None:
    """Write an MP3 whose silences cost nothing, and whose frames are kept."""
    from calmcast.publish.mp3 import write_mp3

    write_mp3(
        file,
        islands,
        samples=track.timeline.samples,
        channels=track.timeline.channels,
        kbps=track.kbps,
        store=workspace.store,
        tag=partial(tag_of, workspace, track),
        on_progress=told,
    )


def _poster(workspace: Workspace, track: Planned, picture: Picture) -> bytes:
    script = track.performance.script
    words = _words(track) if picture.words else ("", "")
    return workspace.covers.poster(*words, script.name, script.picture, picture.width, picture.height)


def write_plain(workspace: Workspace, track: Planned, path: Path, progress: Progress) -> None:
    """Make the track as a WAV file, without tags. Raises SoundError, PublishError."""
    from calmcast.publish import wav
    from calmcast.track.deliver import check_delivery

    timeline = track.timeline
    check_delivery(Delivery(FORMATS["wav"]), {}, timeline)
    blocks = desk(workspace, progress).blocks(track.mastered)
    with atomic_file(path) as file:
        wav.write_wav(file, blocks, channels=timeline.channels)


def speak_text(workspace: Workspace, text: str, voice: str | None, path: Path, progress: Progress) -> int:
    """Speak a text into an MP3 or WAV file, by the ending of `path`, as it would sound in a track without a bed.

    `voice` None: the usual one. Return how long it is, in samples. Raises ScriptError where it has no words.
    """
    lines = paragraphs(text)
    if not lines:
        raise ScriptError("there are no words in the text", 'write what is to be spoken: calmcast say "Rest now."')
    steps = "".join(f"  - {json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    steps = f"{_WAKING}{steps}{_WAKING}"
    head = "title: Say\nbed: none\n" + (f"voice: {json.dumps(voice)}\n" if voice else "")
    script = f"{head}segments:\n- title: Say\n  steps:\n{steps}"
    loaded = checked(workspace, workspace.library.written("say", script, "(the text)")).without_warnings()
    performance = speak(workspace, loaded, {}, None, progress)
    samples = performance.feasible[0] if len(lines) == 1 else performance.natural_length
    track = planned(performance, samples, usual_info(performance))
    if path.suffix.lower() == ".wav":
        write_plain(workspace, track, path, progress)
    else:
        write_audio(workspace, track, path, progress)
    return samples


def desk(workspace: Workspace, progress: Progress) -> Desk:
    """Return what a track is mixed from."""
    return Desk(workspace.recordings, workspace.soundbox, progress)


def _versions(track: Planned) -> dict[str, str]:
    performance, encoder = track.performance, {"lameenc": version("lameenc")}
    if not track.delivery.is_usual:
        encoder["av"] = version("av")
    engines = {c.narrator.engine.name: c.narrator.engine.version() for c in performance.cast.values()}
    return {"calmcast": version("calmcast"), **encoder, **engines}
