"""The straight line: script -> speech -> planning -> mixing -> publish."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from calmcast.diagnostics import Problem, Severity
from calmcast.errors import ScriptError, SpeechError
from calmcast.library import LoadedScript
from calmcast.mastering import Mastered, master
from calmcast.mixdown import Desk
from calmcast.model.classes import Quality
from calmcast.model.script import Bells, Line, Script, Segment, Traits
from calmcast.model.timeline import Block, Timeline, TrackInfo
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying, long_cues, sayings
from calmcast.planning.layout import Measured, feasible_lengths, lay_out, natural_length
from calmcast.planning.parts import parts_of
from calmcast.recorded import Reading
from calmcast.recorded import recordings as recordings_of
from calmcast.script.options import GUIDANCE, choose, chosen, inside, settle
from calmcast.script.overrides import AS_WRITTEN, Overrides, overridden
from calmcast.speakers import voice_note
from calmcast.speech.store import Store
from calmcast.studio import Casting, Studio
from calmcast.units import SAMPLE_RATE, format_length, length_slug

KBPS: dict[Quality, dict[int, int]] = {"standard": {1: 96, 2: 128}, "small": {1: 64, 2: 96}}
"""The bit rate of each quality, in kbit/s, for one channel and for two."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A script whose lines have been spoken, or estimated: ready for any length."""

    loaded: LoadedScript
    script: Script
    """Settled: as the choices leave it."""
    values: Mapping[str, str]
    """What is chosen, by option."""
    measured: Measured
    cast: Mapping[str, Casting]
    """By the name of the voice."""
    spoken: int
    """How many recordings had to be made; the rest was kept from before."""
    doubtful: frozenset[str] = frozenset()
    """The keys of readings that somebody should listen to first."""

    @property
    def variant(self) -> tuple[tuple[str, str], ...]:
        """What was chosen other than usual, by option."""
        return chosen(self.loaded.script.options, self.values) if self.loaded.script else ()

    @property
    def title(self) -> str:
        """The track's title, with its variant where one was chosen."""
        names = ", ".join(f"{name}: {value}" for name, value in self.variant)
        return f"{self.script.title} ({names})" if names else self.script.title

    @property
    def feasible(self) -> tuple[int, int | None]:
        """The shortest and the longest length in samples; None: as long as one likes."""
        return feasible_lengths(self.measured)

    @property
    def usual_length(self) -> int:
        """The script's own length, else its natural one to the full second, in samples."""
        least, most = self.feasible
        natural = -(-natural_length(self.measured) // SAMPLE_RATE) * SAMPLE_RATE
        return self.script.length or min(max(natural, least), most or natural)

    def mastered(self, samples: int) -> Mastered:
        """Return the track that lasts exactly `samples`, laid out and with its levels. Raises LengthError."""
        return master(lay_out(self.measured, samples), self.cast, self.measured.amounts.bells)

    def timeline(self, samples: int) -> Timeline:
        """Return what happens when in the track that lasts exactly `samples`. Raises LengthError."""
        return self.mastered(samples).timeline


def runnable(loaded: LoadedScript) -> Script:
    """Return the script, or raise ScriptError with its problems where one of them is an error."""
    errors = sum(problem.severity is Severity.ERROR for problem in loaded.problems)
    if loaded.script is None or errors:
        what = "1 error" if errors == 1 else f"{errors} errors"
        raise ScriptError(f"{loaded.name} has {what}", "mend what is shown above, and run it again", loaded.problems)
    return loaded.script


def settled(
    loaded: LoadedScript, choices: Mapping[str, str], wishes: Overrides = AS_WRITTEN
) -> tuple[Script, dict[str, str]]:
    """Return a script as these choices and wishes leave it, and the value of every option. Raises ScriptError."""
    script = runnable(loaded)
    values = choose(script.options, choices)
    return overridden(settle(script, values), wishes), values


WAY_OUT = "Come out now"
"""The title of a track that only brings one out."""
_WAY_OUT_SAMPLES = 75 * SAMPLE_RATE


def way_out(loaded: LoadedScript) -> LoadedScript:
    """Return the parts of a script whose role is the exit, as a script of their own.

    Raises ScriptError for a script that cannot run, and for one without such a part.
    """
    script = runnable(loaded)
    segments = [segment for segment in script.segments if isinstance(segment, Segment)]
    found = tuple(way for segment in segments if (way := _way_out(segment)))
    if not found:
        hint = "add role: exit to the segment that brings people back: - {use: gentle-exit, role: exit}"
        raise ScriptError(f"{loaded.name} has no way out that can stand alone", hint)
    title = f"{WAY_OUT}: {script.title}"
    name = f"{script.name}-exit"
    alone = replace(script, name=name, title=title, length=None, segments=found, bells=Bells(steps=script.bells.steps))
    return replace(loaded, name=alone.name, script=alone)


def way_out_length(performance: Performance) -> int:
    """Return how long a track that only brings one out usually is, in samples: about 75 s, as near as it can be."""
    least, most = performance.feasible
    return max(-(-least // SAMPLE_RATE) * SAMPLE_RATE, min(_WAY_OUT_SAMPLES, most or _WAY_OUT_SAMPLES))


def _way_out(segment: Segment) -> Segment | None:
    if segment.traits.role == "exit":
        return segment
    steps = tuple(step for step in inside(segment.steps) if step.traits.role == "exit")
    return replace(segment, steps=steps) if steps else None


def estimate(
    studio: Studio, loaded: LoadedScript, choices: Mapping[str, str], wishes: Overrides = AS_WRITTEN
) -> Performance:
    """Return a script with lengths from a rate model, nothing spoken. Raises ScriptError."""
    script, values = settled(loaded, choices, wishes)
    return Performance(loaded, script, values, studio.estimated(script, values[GUIDANCE.name]), {}, 0)


def speak(
    studio: Studio,
    loaded: LoadedScript,
    choices: Mapping[str, str],
    voice: str | None,
    progress: Progress,
    wishes: Overrides = AS_WRITTEN,
) -> Performance:
    """Return a script with every line that these choices leave spoken: from the store where it is there, else now.

    `voice` takes the place of the script's own. Raises ScriptError, and SpeechError with the line that failed.
    """
    from calmcast.sound.finish import finish
    from calmcast.speech.speak import UnspokenError
    from calmcast.speech.speak import speak as record

    script, values = settled(loaded, choices, wishes)
    script = replace(script, voice=voice) if voice else script
    lines = sayings(parts_of(script).tree)
    cast = {name: studio.cast(name) for name in dict.fromkeys(voice for voice, _ in lines)}
    found, doubtful = _read(studio, cast, lines, progress)
    left = {saying: line for saying, line in lines.items() if saying not in found}
    try:
        recordings, spoken = record(
            [cast[name].narrator.job(line) for (name, _), line in left.items()],
            studio.store,
            finish,
            on_progress=lambda done, total: progress("speaking", done, total),
        )
    except UnspokenError as error:
        (name, _), line = list(left.items())[error.index]
        message = f"the voice {name} cannot speak this"
        problem = Problem("unspoken", message, line.source, error.message)
        raise SpeechError(f"{error.message}; nothing was made", error.hint, (problem,)) from error
    for (name, pieces), recording in zip(left, recordings, strict=True):
        found[name, pieces] = replace(recording, by=cast[name].stand_in)
    measured = studio.measured(script, found, values[GUIDANCE.name])
    if problems := long_cues(measured.parts, measured.amounts):
        what = "a breath's words are longer than its count"
        raise ScriptError(what, "make the count longer, or the words fewer", problems)
    return Performance(loaded, script, values, measured, cast, spoken, doubtful)


def _read(
    studio: Studio, cast: Mapping[str, Casting], lines: Mapping[Saying, Line], progress: Progress
) -> tuple[dict[Saying, Recording], frozenset[str]]:
    """Return the recording of every line that somebody has read, and the keys of those that are in doubt."""
    readings = dict[Saying, Reading]()
    for (name, pieces), line in lines.items():
        take, voice = cast[name].take(line), cast[name].voice
        if take and voice.recordings:
            folder = studio.library.workspace.recordings / voice.recordings
            readings[name, pieces] = Reading(take, folder, voice.tone)
    made = recordings_of(
        tuple(readings.values()), studio.store, lambda done, total: progress("your recordings", done, total)
    )
    doubtful = frozenset(reading.key for reading in readings.values() if not reading.take.good)
    return {saying: made[reading.key] for saying, reading in readings.items()}, doubtful


@dataclass(frozen=True, slots=True)
class Track:
    """A finished track."""

    path: Path
    timeline: Timeline


def track_name(performance: Performance, samples: int) -> str:
    """Return a track's file name: `psoas-release_10min.mp3`, `psoas-release_knees-yes_10min.mp3`."""
    from calmcast.publish.names import safe_name

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


def planned(
    performance: Performance, samples: int, quality: Quality = "standard", info: TrackInfo | None = None
) -> Planned:
    """Return the track that lasts exactly `samples`; `info` takes the place of what its script says of it.

    Raises LengthError.
    """
    return Planned(performance, performance.mastered(samples), info or usual_info(performance), quality)


def usual_info(performance: Performance) -> TrackInfo:
    """Return what a listener is told about a track that stands alone."""
    script = performance.script
    return TrackInfo(performance.title, "calmcast", script.title, script.about, script.language, script.voice)


def render(studio: Studio, track: Planned, path: Path, progress: Progress) -> Track:
    """Make a track, and what lies beside it: captions and manifest.

    Every file appears whole or not at all, the manifest last. Raises SoundError, PublishError.
    """
    from calmcast.publish.files import write_bytes

    digest = write_audio(studio, track, path, progress)
    for place, text in beside(studio, track, path, digest).items():
        write_bytes(place, text.encode())
    return Track(path, track.timeline)


def beside(studio: Studio, track: Planned, path: Path, audio_sha256: str) -> dict[Path, str]:
    """Return the texts that lie beside a finished MP3, by their path: captions, and the manifest last.

    Raises SoundError for a bell or a bed whose file is gone.
    """
    from calmcast.publish.captions import lrc, webvtt
    from calmcast.publish.manifest import Mastering, manifest

    performance, info, timeline, levels = track.performance, track.info, track.timeline, track.mastered
    description = manifest(
        info,
        timeline,
        script=performance.script.name,
        options=performance.values,
        sources=dict(performance.loaded.sources),
        voices={name: voice_note(casting, timeline) for name, casting in performance.cast.items()},
        mastering=Mastering(track.kbps, levels.gains_db, levels.own_db, levels.lufs),
        versions=_versions(performance),
        audio_sha256=audio_sha256,
        sound_files=studio.soundbox.digests(timeline),
    )
    texts = {".vtt": webvtt(timeline, info), ".lrc": lrc(timeline, info), ".json": description}
    return {path.with_suffix(ending): text for ending, text in texts.items()}


def write_audio(studio: Studio, track: Planned, path: Path, progress: Progress) -> str:
    """Make the MP3 alone and return its SHA-256. Raises SoundError, PublishError."""
    from calmcast.publish.cover import cover
    from calmcast.publish.files import atomic_file
    from calmcast.publish.mp3 import write_mp3
    from calmcast.publish.tags import id3_tag

    timeline, script = track.timeline, track.performance.script
    samples = timeline.samples
    blocks = desk(studio, track.performance, progress).blocks(track.mastered)
    with atomic_file(path) as file:
        file.write(id3_tag(track.info, timeline, cover(script.title, format_length(samples), script.name)))
        counted = _counted(blocks, lambda done: progress(path.name, done // SAMPLE_RATE, samples // SAMPLE_RATE))
        write_mp3(file, counted, samples=samples, channels=timeline.channels, kbps=track.kbps)
        return _sha256(file)


def desk(studio: Studio, performance: Performance, progress: Progress) -> Desk:
    """Return what a performance is mixed from."""
    return Desk(studio.store, studio.soundbox, performance.measured.amounts.bells, progress)


def _counted(blocks: Iterable[Block], report: Callable[[int], None]) -> Iterator[Block]:
    """Pass blocks on, reporting how many samples have gone by."""
    done = 0
    for block in blocks:
        yield block
        done += block.samples
        report(done)


def try_voice(studio: Studio, name: str) -> Casting:
    """Speak a short line in a voice, keeping nothing, and return who spoke it. Raises ScriptError, SpeechError."""
    from calmcast.sound.finish import finish
    from calmcast.speech.speak import speak as record

    casting = studio.cast(name)
    line = Line(("This is how I sound.",), Traits(), casting.voice.source)
    with TemporaryDirectory(prefix="calmcast-") as folder:
        record([casting.narrator.job(line)], Store(Path(folder)), finish)
    return casting


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _versions(performance: Performance) -> dict[str, str]:
    engines = {c.narrator.engine.name: c.narrator.engine.version() for c in performance.cast.values()}
    return {"calmcast": version("calmcast"), "lameenc": version("lameenc"), **engines}
