"""A mastered timeline -> the blocks of its audio: recordings, bells, tones and beds on their way to the mixer."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from calmcast.audio.breath import breath_samples
from calmcast.audio.levels import laid, risen
from calmcast.audio.limiter import CEILING_DBTP, limit_mix
from calmcast.audio.loudness import speech_lufs
from calmcast.audio.mix import HEADROOM_DB, SILENT, Ground, Limit, Sound, blocks, mix
from calmcast.model.sound import BreathTone
from calmcast.model.timeline import Block, Breath, Island, Mastered, Spoken, Struck, toned_breaths
from calmcast.store.recordings import Recordings
from calmcast.units import gain
from calmcast.workspace.soundbox import Soundbox

_TONE_PEAK_DB = -3.0
"""No breath tone's true peak is over this."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a mix takes its sounds from."""

    recordings: Recordings
    soundbox: Soundbox
    progress: Callable[[str, int, int], None]
    """Told which sound file is read, how much of it, and how much there is."""

    def islands(self, mastered: Mastered) -> Iterator[Island]:
        """Yield what sounds of a track, in order. Raises SoundError, and SpeechError for a recording that is gone."""
        _keep_memory()
        timeline = mastered.timeline
        sounds = [*map(self._bell, timeline.bells), *(self._line(line, mastered) for line in timeline.lines)]
        sounds += [_toned(*toned, mastered.makeup_db) for toned in toned_breaths(timeline)]
        wanted = mastered.louder_db, mastered.ceiling_dbtp or CEILING_DBTP
        islands = mix(timeline.samples, timeline.channels, sounds, self._ground(mastered), _limiter(*wanted))
        return islands if wanted == (0.0, CEILING_DBTP) else _told_apart(islands, wanted)

    def blocks(self, mastered: Mastered, between: tuple[int, int] | None = None) -> Iterator[Block]:
        """Yield the audio of a track, or of its stretch `between` (start, end), in order. Raises as `islands`.

        A stretch has the levels that it has in the whole track.
        """
        return blocks(self.islands(mastered), *(between or (0, mastered.timeline.samples)))

    def _bell(self, bell: Struck) -> Sound:
        def pcm() -> bytes:
            return self.soundbox.bell(bell.strike).astype("<i2").tobytes()

        peak = self.soundbox.ringing(bell.strike).peak * gain(bell.level)
        content = "bell", self.soundbox.bell_key(bell.strike)
        return Sound(bell.start, bell.samples, pcm, bell.level, peak, bell.source, content)

    def _line(self, line: Spoken, mastered: Mastered) -> Sound:
        def pcm() -> bytes:
            samples = self.recordings.pcm(line.recording)
            return risen(samples, line.rise) if line.rise else samples

        level = mastered.gains_db[line.speaker] + line.level
        peak = line.recording.peak * gain(level)
        content = "line", line.recording.key, line.rise
        return Sound(line.start, line.samples, pcm, level, peak, line.source, content)

    def _ground(self, mastered: Mastered) -> Ground:
        """Return the beds of a track, each brought to its level under the voice."""
        timeline = mastered.timeline
        if not timeline.beds:
            return SILENT
        spans = []
        for span in timeline.beds:
            told = partial(self.progress, span.made_of.name)
            source, lufs = self.soundbox.bed(span.made_of, timeline.channels, told)
            spans.append((span, source, speech_lufs(timeline.channels) + mastered.makeup_db - lufs))

        def pcm(start: int, end: int) -> tuple[bytes, float]:
            return laid(spans, start, end, timeline.channels, HEADROOM_DB)

        return Ground(tuple((span.start, span.end) for span in timeline.beds), pcm)


def _limiter(louder_db: float, ceiling_dbtp: float) -> Limit:
    """Return what raises a mix and holds it under a ceiling."""
    headroom, louder = HEADROOM_DB + louder_db, gain(louder_db)
    return lambda mixed, highest, channels: limit_mix(mixed, highest * louder, channels, headroom, ceiling_dbtp)


def _told_apart(islands: Iterator[Island], wanted: tuple[float, float]) -> Iterator[Island]:
    """Yield islands that are kept apart from those of other levels."""
    return (replace(each, content=each.content and (*each.content, *wanted)) for each in islands)


def _keep_memory() -> None:
    """Let glibc keep blocks of up to 30 MB: fetching each array anew from the system takes beds twice as long.

    It raises its threshold to the size of a large block that is given back (mallopt(3), M_MMAP_THRESHOLD).
    """
    with suppress(MemoryError):
        np.empty(30 << 20, np.uint8)


def _toned(breath: Breath, tone: BreathTone, held: int, makeup_db: float) -> Sound:
    """Return what sounds while a part of a breath lasts; `held`: the samples of the hold just before it."""

    def pcm() -> bytes:
        samples = breath_samples(tone.sound, tone.key, breath.phase, breath.start, breath.samples, held=held)
        return samples.astype("<i2").tobytes()

    level = tone.level + makeup_db
    content = "tone", tone.sound, tone.key, breath.phase, breath.start, held
    return Sound(breath.start, breath.samples, pcm, level, gain(_TONE_PEAK_DB + level), breath.source, content)
