"""The parent's side of a speech process: started, asked, timed, and ended."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from calmcast.errors import SpeechError
from calmcast.speech.run.worker import how_it_ended

_STOP_S = 1.0
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0


class ProcessFaultError(Exception):
    """A speech process failed: `str(error)` says how. A fresh one may do better."""


class SpeechProcess:
    """One running `calmcast.speech.run.worker`, its engine open.

    Not for use by two threads at once, except `kill`. After an error it is of no more use.
    """

    def __init__(self, engine: str, settings: Mapping[str, str], folder: Path) -> None:
        """Start the process; `folder` is where it will be told to write. Returns before the engine is open."""
        self._replies: SimpleQueue[bytes | None] = SimpleQueue()
        self._number = 0
        self._opened = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "calmcast.speech.run.worker", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_NO_WINDOW,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._send({"settings": dict(settings), "folder": str(folder)})

    def speak(self, text: str, path: Path, start_limit_s: float, limit_s: float) -> tuple[float, ...] | None:
        """Have `text` written to `path` within `limit_s` seconds, after at most `start_limit_s` for the engine to open.

        Returns when each clause but the last is over, in seconds, or None where the engine does not say.
        Raises SpeechError where the engine says that this can never be spoken, ProcessFaultError where it took too
        long, crashed, or answered nonsense.
        """
        if not self._opened:
            self._take_reply(0, start_limit_s, "did not start")
            self._opened = True
        self._number += 1
        self._send({"id": self._number, "text": text, "path": str(path), "limit_s": limit_s})
        ends = self._take_reply(self._number, limit_s, "did not finish").get("ends")
        return tuple(map(float, ends)) if isinstance(ends, list) else None

    def stop(self) -> None:
        """End the process: at once where it is idle, killed where it does not end by itself within a second."""
        with suppress(OSError):
            self._input.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def kill(self) -> None:
        """End the process now, from any thread; `stop` or `discard` still has to follow."""
        self._process.kill()

    def discard(self) -> None:
        """End the process now."""
        self._process.kill()
        with suppress(OSError):
            self._input.close()
        self._reap()

    @property
    def _input(self) -> Any:
        return self._process.stdin

    def _reap(self) -> None:
        self._process.wait()
        self._reader.join()

    def _send(self, message: dict[str, Any]) -> None:
        # A process that has died is noticed, and its end told, where its reply is missing.
        with suppress(OSError):
            self._input.write(json.dumps(message).encode("ascii") + b"\n")
            self._input.flush()

    def _take_reply(self, number: int, limit_s: float, what: str) -> dict[str, Any]:
        try:
            line = self._replies.get(timeout=limit_s)
        except Empty:
            raise ProcessFaultError(f"the engine {what} within {limit_s:g} seconds") from None
        if line is None:
            raise ProcessFaultError(f"the engine {how_it_ended(self._process.wait())}")
        reply = _parsed(line)
        if reply.get("id") != number:
            raise ProcessFaultError("the engine answered nonsense")
        if "refused" in reply:
            raise SpeechError(str(reply["refused"]), reply.get("hint"))
        if reply.get("done") is not True:
            raise ProcessFaultError(str(reply.get("error", "the engine answered nonsense")))
        return reply

    def _read(self) -> None:
        output = self._process.stdout
        if output is not None:
            with output, suppress(OSError, ValueError):
                for line in output:
                    self._replies.put(line)
        self._replies.put(None)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        reply = json.loads(line)
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}
