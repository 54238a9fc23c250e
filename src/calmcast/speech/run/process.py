"""The parent's side of a speech process: started, asked, timed, and ended."""

import json
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any
from zlib import crc32

from calmcast.errors import SpeechError
from calmcast.speech.run.job import FaultError

Message = dict[str, Any]

_STOP_S = 1.0
_LARGEST_BYTES = 1 << 31
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0


class SpeechProcess:
    """One running `calmcast.speech.run.worker`.

    Not for use by two threads at once, except `kill`. After an error it is of no more use.
    """

    def __init__(self, engine: str, first: Message) -> None:
        """Start the process and say the first thing to it. Returns before its engine is open."""
        self._replies: SimpleQueue[tuple[Message, bytes] | None] = SimpleQueue()
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
        self._send(first)

    def ask(self, request: Message, start_limit_s: float) -> None:
        """Ask for something, after at most `start_limit_s` seconds for the engine to open. Raises as `reply`."""
        if not self._opened:
            self.reply(start_limit_s, "did not start")
            self._opened = True
        self._number += 1
        self._send({"id": self._number, **request})

    def reply(self, limit_s: float, what: str = "did not finish") -> tuple[Message, bytes]:
        """Return the next reply to what was asked last, and the bytes that came with it, within `limit_s` seconds.

        Raises SpeechError where the engine says that this can never be spoken, FaultError where it took too
        long, crashed, or answered nonsense, RuntimeError where what is done with its sound has a fault.
        """
        try:
            answer = self._replies.get(timeout=limit_s)
        except Empty:
            raise FaultError(f"the engine {what} within {limit_s:g} seconds") from None
        if answer is None:
            raise FaultError(f"the engine {how_it_ended(self._process.wait())}")
        reply, data = answer
        if (
            reply.get("id") != self._number
            or len(data) != reply.get("bytes", 0)
            or crc32(data) != reply.get("crc32", 0)
        ):
            raise FaultError("the engine answered nonsense")
        if "refused" in reply:
            raise SpeechError(str(reply["refused"]), reply.get("hint"))
        if "bug" in reply:
            raise RuntimeError(str(reply["bug"]))
        if "error" in reply:
            raise FaultError(str(reply["error"]))
        return reply, data

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

    def _send(self, message: Message) -> None:
        # A process that has died is noticed, and its end told, where its reply is missing.
        with suppress(OSError):
            self._input.write(json.dumps(message).encode("ascii") + b"\n")
            self._input.flush()

    def _read(self) -> None:
        output = self._process.stdout
        if output is not None:
            with output, suppress(OSError, ValueError):
                for line in output:
                    reply = _parsed(line)
                    self._replies.put((reply, output.read(_size(reply))))
        self._replies.put(None)


def _parsed(line: bytes) -> Message:
    try:
        reply = json.loads(line)
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}


def _size(reply: Message) -> int:
    """Return how many bytes follow a reply."""
    size = reply.get("bytes")
    return size if isinstance(size, int) and 0 <= size < _LARGEST_BYTES else 0


def how_it_ended(code: int) -> str:
    """Return an exit code in words: `crashed (SIGSEGV)`, `ended by itself (exit code 3)`."""
    if code < 0:
        with suppress(ValueError):
            return f"crashed ({signal.Signals(-code).name})"
    return f"ended by itself (exit code {code})"
