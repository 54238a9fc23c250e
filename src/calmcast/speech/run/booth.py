"""Where a phrase is spoken: a speech process that is timed, checked, and replaced when it fails."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, count
from pathlib import Path
from threading import Lock
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from calmcast.errors import SpeechError
from calmcast.speech.engine import CLAUSE, SpeechEngine, WholeSentences, isolation
from calmcast.speech.run.audiofile import BadRecordingError, read_audio
from calmcast.speech.run.checks import check_recording
from calmcast.speech.run.process import ProcessFaultError, SpeechProcess
from calmcast.speech.run.recording import AUDIBLE, FAINTLY_AUDIBLE, part, resample, trim
from calmcast.units import SAMPLE_RATE

_CHARACTERS_A_WORD = 6
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an engine may take, and how often it is asked."""

    start_s: float = 30.0
    """To open, in seconds."""
    phrase_s: float = 10.0
    """For any phrase, in seconds."""
    word_s: float = 0.5
    """For each of its words on top, in seconds."""
    tries: int = 3

    def limit_s(self, text: str) -> float:
        """Return how many seconds `text` may take."""
        return self.phrase_s + self.word_s * max(len(text.split()), len(text) // _CHARACTERS_A_WORD)


class UnsaidError(SpeechError):
    """A phrase could not be spoken."""


class Booth:
    """One engine with its settings, in one process at a time. For one thread, except `abandon`."""

    def __init__(self, engine: SpeechEngine, settings: Mapping[str, str], folder: Path, patience: Patience) -> None:
        """`folder` is made, and holds one file at a time."""
        self._engine = engine
        self._settings = settings
        self._folder = folder
        self._patience = patience
        self._numbers = count(1)
        self._process: SpeechProcess | None = None
        self._abandoned = False
        self._lock = Lock()

    def say(self, text: str, words: str) -> tuple[NDArray[np.float32] | None, ...]:
        """Return each clause of `text` spoken, trimmed: mono at 44 100 Hz, full scale = 1.

        `text` is as the engine's markup has it, CLAUSE between its clauses; `words` are its plain words. None stands
        for a clause that runs into the next one, without a silence between them. Raises UnsaidError where it can't be
        spoken, or could not after every try.
        """
        reason = ""
        for _ in range(self._patience.tries):
            try:
                return self._attempt(text, words)
            except SpeechError as refusal:
                self._discard()
                raise UnsaidError(f"`{_short(words)}` was not spoken: {refusal.message}", refusal.hint) from None
            except (ProcessFaultError, BadRecordingError) as fault:
                reason = str(fault)
                self._discard()
        raise UnsaidError(
            f"`{_short(words)}` was not spoken by the engine {self._engine.name}, tried"
            f" {self._patience.tries} times: {reason}",
            "put it in other words, or choose another voice",
        )

    def open(self) -> SpeechProcess:
        """Return the process, started where none runs. Its engine opens while other things are prepared."""
        with self._lock:
            if self._abandoned:
                raise ProcessFaultError("speech was stopped")
            if self._process is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._process = SpeechProcess(self._engine.name, self._settings, self._folder)
            return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def abandon(self) -> None:
        """From any thread: whatever is being said ends in an error soon, and nothing is said any more."""
        with self._lock:
            self._abandoned = True
            if self._process is not None:
                self._process.kill()

    def _attempt(self, text: str, words: str) -> tuple[NDArray[np.float32] | None, ...]:
        process = self.open()
        path = self._folder / f"{next(self._numbers)}.wav"
        try:
            ends_s = process.speak(text, path, self._patience.start_s, self._patience.limit_s(words))
            samples, rate_hz = read_audio(path)
        finally:
            # On Windows a file that a dying process holds can't be removed; its folder goes later.
            with suppress(OSError):
                path.unlink()
        match isolation(self._engine, self._settings):
            case "fresh":
                self.close()
            case "shared" | "forked":
                pass
            case never:
                assert_never(never)
        check_recording(samples, rate_hz, words)
        sound, clauses = resample(samples, rate_hz), text.split(CLAUSE)
        exact = ends_s is not None and len(ends_s) == len(clauses) - 1
        ends = [round(end * SAMPLE_RATE) for end in ends_s or ()] if exact else _guessed_ends(clauses, len(sound))
        level = FAINTLY_AUDIBLE if isinstance(self._engine, WholeSentences) else AUDIBLE
        try:
            pieces = part(sound, ends, exact=exact) if ends else [sound]
            return tuple(None if piece is None else trim(piece, level) for piece in pieces)
        except ValueError as error:
            raise BadRecordingError(str(error)) from None

    def _discard(self) -> None:
        if self._process is not None:
            self._process.discard()
            self._process = None


def _guessed_ends(clauses: list[str], samples: int) -> list[int]:
    """Return where each clause but the last ends in so many samples, by the length of its text."""
    lengths = [*accumulate(map(len, clauses))]
    return [samples * length // max(lengths[-1], 1) for length in lengths[:-1]]


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1].rstrip()}…"
