"""Where lines are spoken: a speech process that is timed, checked, and replaced when it fails."""

import sys
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from threading import Lock

from calmcast.errors import SpeechError
from calmcast.model.voice import Recording
from calmcast.speech.engine import SpeechEngine, isolation
from calmcast.speech.run.job import FaultError, Patience
from calmcast.speech.run.orders import SpeechOrder, UnspokenError
from calmcast.speech.run.process import Message, SpeechProcess

_SHOWN = 60


class Booth:
    """One engine with its settings, in one process at a time. For one thread, except `abandon`."""

    def __init__(
        self, engine: SpeechEngine, settings: Mapping[str, str], folder: Path, patience: Patience, finish: bytes
    ) -> None:
        """`folder` is made, and holds one file at a time; `finish` is a pickled `line.Finish`."""
        self._engine = engine
        self._patience = patience
        self._first: Message = {
            "settings": dict(settings),
            "folder": str(folder),
            "patience": astuple(patience),
            "path": sys.path,
            "finish": b64encode(finish).decode("ascii"),
        }
        # Where phrases have processes of their own, these are timed there, from their start.
        self._beside_s = 0.0 if isolation(engine, settings) == "shared" else patience.start_s + patience.phrase_s
        self._words = ""
        """What is being said, or was when it failed."""
        self._process: SpeechProcess | None = None
        self._abandoned = False
        self._lock = Lock()

    def record(self, order: SpeechOrder) -> tuple[Recording, bytes]:
        """Return a line as it is kept, and its samples (16-bit little-endian).

        Raises UnspokenError where a phrase of it can't be spoken, or could not after every try.
        """
        reason = ""
        for _ in range(self._patience.tries):
            try:
                return self._attempt(order)
            except SpeechError as refusal:
                self._discard()
                message = f"`{_short(self._words)}` was not spoken: {refusal.message}"
                raise UnspokenError(message, refusal.hint, order.index) from None
            except FaultError as fault:
                reason = str(fault)
                self._discard()
        raise UnspokenError(
            f"`{_short(self._words)}` was not spoken by the engine {self._engine.name}, tried"
            f" {self._patience.tries} times: {reason}",
            "put it in other words, or choose another voice",
            order.index,
        )

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

    def _attempt(self, order: SpeechOrder) -> tuple[Recording, bytes]:
        self._words = order.breaths[0].words
        process, patience = self._open(), self._patience
        breaths = [[breath.text, breath.words, breath.times] for breath in order.breaths]
        process.ask({"breaths": breaths, "tone": astuple(order.tone)}, patience.start_s)
        for breath in order.breaths:
            self._words = breath.words
            process.reply(patience.limit_s(breath.words) + self._beside_s)
        known, pcm = process.reply(sum(patience.limit_s(breath.words) for breath in order.breaths))
        return _recording(order.key, known, pcm), pcm

    def _open(self) -> SpeechProcess:
        with self._lock:
            if self._abandoned:
                raise FaultError("speech was stopped")
            if self._process is None:
                self._process = SpeechProcess(self._engine.name, self._first)
            return self._process

    def _discard(self) -> None:
        if self._process is not None:
            self._process.discard()
            self._process = None


def _recording(key: str, known: Message, pcm: bytes) -> Recording:
    try:
        return Recording(
            key=key,
            samples=len(pcm) // 2,
            silences=tuple((int(start), int(length)) for start, length in known["silences"]),
            loudness=tuple(map(float, known["loudness"])),
            peak=float(known["peak"]),
            heard=(int(known["heard"][0]), int(known["heard"][1])),
        )
    except (KeyError, TypeError, ValueError, IndexError):
        raise FaultError("the engine answered nonsense") from None


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1].rstrip()}…"
