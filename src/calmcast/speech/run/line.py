"""A whole line, in a speech process: every phrase said, checked and trimmed, then laid out with its silences."""

import pickle
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import accumulate, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.errors import scarce
from calmcast.model.voice import Tone
from calmcast.speech.engine import CLAUSE, SpeechEngine, WholeSentences
from calmcast.speech.run.audiofile import BadRecordingError, read_audio
from calmcast.speech.run.checks import check_recording
from calmcast.speech.run.job import Breath, Patience
from calmcast.speech.run.phrases import Say, fault
from calmcast.speech.run.process import Message
from calmcast.speech.run.recording import AUDIBLE, FAINTLY_AUDIBLE, assemble, heard, part, resample, trim
from calmcast.speech.words.pace import LONGEST_PACED
from calmcast.units import SAMPLE_RATE

Finish = Callable[[NDArray[np.int16], Tone], tuple[NDArray[np.int16], tuple[float, ...], float]]
"""Samples as spoken -> as kept, with their loudness windows and true peak as `model.voice.Recording` has them."""

Clause = tuple[NDArray[np.float32], int]
"""Trimmed samples at 44 100 Hz, full scale = 1, and the silence after them in samples."""


class LineSpeaker:
    """An engine that speaks whole lines."""

    def __init__(self, engine: SpeechEngine, say: Say, folder: Path, patience: Patience, finish: bytes) -> None:
        """`folder` is made, and holds one file at a time; `finish` is a pickled `Finish`."""
        self._say = say
        self._folder = folder
        self._patience = patience
        self._finish = finish
        self._numbers = count(1)
        # Those that speak whole sentences have no noise of their own.
        self._audible_level = FAINTLY_AUDIBLE if isinstance(engine, WholeSentences) else AUDIBLE
        folder.mkdir(parents=True, exist_ok=True)

    def answer(self, reply: Callable[[int, Message, bytes], None], request: Message) -> None:
        """Speak a line, telling of each breath, and reply with its recording."""
        number, clauses = request["id"], list[Clause]()
        try:
            for text, words, times in request["breaths"]:
                clauses += self._clauses(Breath(text, words, times))
                reply(number, {}, b"")
        except Exception as error:  # noqa: BLE001 - whatever an engine raises, the parent hears of it
            reply(number, fault(error), b"")
            return
        try:
            finish: Finish = pickle.loads(self._finish)  # noqa: S301 - from the parent
            known, pcm = _finished(clauses, finish, Tone(*request["tone"]))
        except Exception as error:  # noqa: BLE001 - as above, but no engine is at fault
            reply(number, fault(error) if scarce(error) else {"bug": traceback.format_exc()}, b"")
            return
        reply(number, known, pcm)

    def _clauses(self, breath: Breath) -> list[Clause]:
        """Return what is said in one go. A clause that runs into the next one, with no silence between, is part of it.

        Raises what the engine raises, and BadRecordingError where what it wrote can't be the text.
        """
        return [
            (clause, max(silence, min(lasts - len(clause), LONGEST_PACED)))
            for clause, (silence, lasts) in zip(self._said(breath), breath.times, strict=True)
            if clause is not None
        ]

    def _said(self, breath: Breath) -> list[NDArray[np.float32] | None]:
        path = self._folder / f"{next(self._numbers)}.wav"
        try:
            ends_s = self._say(breath.text, path, self._patience.limit_s(breath.words))
            samples, rate_hz = read_audio(path)
        finally:
            # On Windows a file that a dying process holds can't be removed; its folder goes later.
            with suppress(OSError):
                path.unlink()
        check_recording(samples, rate_hz, breath.words)
        sound, clauses = resample(samples, rate_hz), breath.text.split(CLAUSE)
        exact = ends_s is not None and len(ends_s) == len(clauses) - 1
        ends = [round(end * SAMPLE_RATE) for end in ends_s or ()] if exact else _guessed_ends(clauses, len(sound))
        try:
            pieces = part(sound, ends, exact=exact) if ends else [sound]
            return [None if piece is None else trim(piece, self._audible_level) for piece in pieces]
        except ValueError as error:
            raise BadRecordingError(str(error)) from None


def _finished(clauses: Sequence[Clause], finish: Finish, tone: Tone) -> tuple[Message, bytes]:
    """Return what is known of a line, as `model.voice.Recording` has it, and its samples, 16-bit little-endian."""
    sound, silences = assemble(clauses)
    samples, loudness, peak = finish(sound, tone)
    known = {"silences": silences, "loudness": loudness, "peak": peak, "heard": heard(samples)}
    return known, samples.astype("<i2").tobytes()


def _guessed_ends(clauses: list[str], samples: int) -> list[int]:
    """Return where each clause but the last ends in so many samples, by the length of its text."""
    lengths = [*accumulate(map(len, clauses))]
    return [samples * length // max(lengths[-1], 1) for length in lengths[:-1]]
