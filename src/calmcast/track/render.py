"""The straight line's end: a performance and a length -> mixing -> publish."""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from calmcast.errors import PublishError, ScriptError
from calmcast.files import atomic_file, write_bytes
from calmcast.model.manifest import Manifest, PassedOverEntry, VoiceEntry
from calmcast.model.steps import Line
from calmcast.model.timeline import Mastered, Quality, Timeline, TrackInfo
from calmcast.model.traits import Traits
from calmcast.packages import version
from calmcast.publish.names import safe_name
from calmcast.publish.tagged import Digests, digests_in
from calmcast.script.edit.plaintext import paragraphs
from calmcast.store.recordings import Recordings
from calmcast.track.cast import Casting, casting_of
from calmcast.track.check import checked
from calmcast.track.mixdown import Desk
from calmcast.track.performance import Performance, Progress
from calmcast.track.speak import speak
from calmcast.track.speakers import stood_in
from calmcast.units import SAMPLE_RATE, format_length, length_slug
from calmcast.workspace.workspace import Workspace

KBPS: dict[Quality, dict[int, int]] = {"standard": {1: 96, 2: 128}, "small": {1: 64, 2: 96}}
"""The bit rate of each quality, in kbit/s, for one channel and for two."""
NOBODY = "calmcast"
"""The artist's name where nobody is named."""
_WAKING = "  - hold: 0.2s\n"
"""A player that wakes up swallows the first moment of a file."""


@dataclass(frozen=True, slots=True)
class Track:
    """A finished track."""

    path: Path
    timeline: Timeline
    retagged: bool = False
    """Whether its sound lay there already, under another tag."""


def track_name(performance: Performance, samples: int) -> str:
    """Return a track's file name: `psoas-release_10min.mp3`, `psoas-release_knees-yes_10min.mp3`."""
    parts = [performance.script.name, *(f"{name}-{value}" for name, value in performance.variant)]
    return "_".join([*map(safe_name, parts), f"{length_slug(samples)}.mp3"])


@dataclass(frozen=True, slots=True)
class Planned:
    """A track that can be made: what sounds when and how loud, and what its listener is told."""

    performance: Performance
    mastered: Mastered
    info: TrackInfo
    quality: Quality

    @property
    def timeline(self) -> Timeline:
        return self.mastered.timeline

    @property
    def kbps(self) -> int:
        """The bit rate of its MP3, in kbit/s."""
        return KBPS[self.quality][self.timeline.channels]


def planned(performance: Performance, samples: int, info: TrackInfo, quality: Quality = "standard") -> Planned:
    """Return the track that lasts exactly `samples`; `info` is what its listener is told. Raises LengthError."""
    return Planned(performance, performance.mastered(samples), info, quality)


def usual_info(workspace: Workspace, performance: Performance) -> TrackInfo:
    """Return what a listener is told about a track that stands alone."""
    script, artist = performance.script, workspace.library.settings.name or NOBODY
    return TrackInfo(performance.title, artist, script.title, script.about, script.language, script.voice)


def render(workspace: Workspace, track: Planned, path: Path, progress: Progress) -> Track:
    """Make a track, and what lies beside it: captions and manifest.

    Every file appears whole or not at all, the manifest last. Raises SoundError, PublishError.
    """
    digests = write_audio(workspace, track, path, progress)
    write_beside(workspace, track, path, digests)
    return Track(path, track.timeline)


def write_beside(workspace: Workspace, track: Planned, path: Path, digests: Digests) -> None:
    """Write what lies beside a finished MP3 that has these digests. Raises as `render`."""
    for place, text in beside(workspace, track, path, digests).items():
        write_bytes(place, text.encode())


def beside(workspace: Workspace, track: Planned, path: Path, digests: Digests) -> dict[Path, str]:
    """Return the texts that lie beside a finished MP3, by their path: captions, and the manifest last.

    Raises SoundError for a bell or a bed whose file is gone.
    """
    from calmcast.publish.captions import lrc, webvtt
    from calmcast.publish.manifest import encode

    description = encode(described(workspace, track, digests))
    timeline, info = track.timeline, track.info
    texts = {".vtt": webvtt(timeline, info), ".lrc": lrc(timeline, info), ".json": description}
    return {path.with_suffix(ending): text for ending, text in texts.items()}


def described(workspace: Workspace, track: Planned, digests: Digests) -> Manifest:
    """Return the manifest of a track whose MP3 has these digests. Raises SoundError as `beside`."""
    from calmcast.publish.manifest import Mastering, manifest_of

    performance, timeline, levels = track.performance, track.timeline, track.mastered
    return manifest_of(
        track.info,
        timeline,
        script=performance.script.name,
        options=performance.values,
        sources=dict(performance.loaded.sources),
        voices={name: _voice(casting, timeline) for name, casting in performance.cast.items()},
        mastering=Mastering(track.kbps, levels.gains_db, levels.own_db, levels.lufs, levels.bells_lufs),
        versions=_versions(performance),
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
    """Return the tag that stands before a track's sound. Raises PublishError."""
    from calmcast.publish.tags import id3_tag
    from calmcast.workspace.covers import track_cover

    timeline, script = track.timeline, track.performance.script
    cover = track_cover(workspace.store, script.title, format_length(timeline.samples), script.name)
    return id3_tag(track.info, timeline, cover)


def write_audio(workspace: Workspace, track: Planned, path: Path, progress: Progress) -> Digests:
    """Make the MP3 alone and return its digests. Raises SoundError, PublishError."""
    from calmcast.publish.mp3 import write_mp3

    timeline = track.timeline
    samples = timeline.samples
    islands = desk(workspace, progress).islands(track.mastered)
    with atomic_file(path) as file:
        write_mp3(
            file,
            islands,
            samples=samples,
            channels=timeline.channels,
            kbps=track.kbps,
            store=workspace.store,
            tag=partial(tag_of, workspace, track),
            on_progress=lambda done: progress(path.name, done // SAMPLE_RATE, samples // SAMPLE_RATE),
        )
        return digests_in(file)


def write_plain(workspace: Workspace, track: Planned, path: Path, progress: Progress) -> None:
    """Make the track as a WAV file, without tags. Raises SoundError, PublishError."""
    from calmcast.publish import wav

    timeline = track.timeline
    if timeline.samples * 2 * timeline.channels > wav.MOST_BYTES:
        length = format_length(timeline.samples)
        raise PublishError(f"{length} are too long for a WAV file, which holds 4 GB", "name an .mp3 file")
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
    track = planned(performance, samples, usual_info(workspace, performance))
    if path.suffix.lower() == ".wav":
        write_plain(workspace, track, path, progress)
    else:
        write_audio(workspace, track, path, progress)
    return samples


def desk(workspace: Workspace, progress: Progress) -> Desk:
    """Return what a track is mixed from."""
    return Desk(workspace.recordings, workspace.soundbox, progress)


def try_voice(workspace: Workspace, name: str) -> Casting:
    """Speak a short line in a voice, keeping nothing, and return who spoke it. Raises ScriptError, SpeechError."""
    from calmcast.audio.finish import finish
    from calmcast.speech.run.speak import speak as record

    casting = casting_of(workspace, name)
    line = Line(("This is how I sound.",), Traits(), casting.voice.source)
    with TemporaryDirectory(prefix="calmcast-") as folder:
        record([casting.narrator.job(line)], Recordings.at(Path(folder)), finish)
    return casting


def _versions(performance: Performance) -> dict[str, str]:
    engines = {c.narrator.engine.name: c.narrator.engine.version() for c in performance.cast.values()}
    return {"calmcast": version("calmcast"), "lameenc": version("lameenc"), **engines}
