"""Single phrases in speech processes: spoken there, by a child that finds the engine as it was opened, or elsewhere."""

import ctypes
import gc
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from calmcast.errors import ScarceError, SpeechError, scarce
from calmcast.speech.engine import Speaker
from calmcast.speech.run.job import FaultError
from calmcast.speech.run.process import Message, SpeechProcess, how_it_ended

_GRACE_S = 5
"""How long after its limit a forked child ends itself, if nobody has ended it before."""
_PR_SET_PDEATHSIG = 1


Say = Callable[[str, Path, float], Sequence[float] | None]
"""Has a text written to a file as `engine.Speaker.speak` does, within so many seconds."""


def attempt(speaker: Speaker, request: Message) -> Message:
    """Have a phrase spoken; return its `ends`, or what went wrong."""
    try:
        ends = speaker.speak(request["text"], Path(request["path"]))
    except Exception as error:  # noqa: BLE001 - whatever an engine raises, the parent hears of it
        return fault(error)
    return {"ends": None if ends is None else [*map(float, ends)]}


def fault(error: Exception) -> Message:
    """Return what is told of an error: that this can never be spoken, or what went wrong."""
    if scarce(error):
        error = ScarceError()
    if isinstance(error, SpeechError | ScarceError):
        return {"refused": error.message, "hint": error.hint}
    # Some are told in a sentence of their own; of others, their kind says the most.
    told = type(error) is RuntimeError or isinstance(error, FaultError)
    return {"error": str(error) if told else f"{type(error).__name__}: {error}"}


class Forks:
    """Speaks each phrase in a child of its own. No thread may run in this process."""

    def __init__(self, speaker: Speaker, requests: int, replies: int) -> None:
        """`requests` and `replies` are where this process hears its parent and answers it."""
        self._speaker = speaker
        self._requests = requests
        self._replies = replies
        self._die_with_parent = _death_signal()
        gc.freeze()

    def attempt(self, request: Message) -> Message:
        """Have a phrase spoken; return its `ends`, or what went wrong. Ends this process where its parent is gone."""
        here, there = os.pipe()
        parent, child = os.getpid(), os.fork()
        if child == 0:
            os.close(self._replies)
            self._die_with_parent()
            if os.getppid() != parent:
                os._exit(1)
            signal.alarm(int(request["limit_s"]) + _GRACE_S)
            self._speak_as_child(there, request)
        os.close(there)
        answer = self._listen(here)
        os.close(here)
        if answer is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if answer is None:
            sys.exit(0)
        code = os.waitstatus_to_exitcode(status)
        return json.loads(answer) if answer else {"error": f"the engine {how_it_ended(code)}"}

    def _speak_as_child(self, channel: int, request: Message) -> NoReturn:
        try:
            os.write(channel, json.dumps(attempt(self._speaker, request)).encode("ascii"))
        finally:
            os._exit(0)

    def _listen(self, child: int) -> bytes | None:
        """Return all that the child writes until it ends, or None where the parent is gone first."""
        answer = b""
        while True:
            ready, _, _ = select.select([child, self._requests], [], [])
            if self._requests in ready:
                # The parent sends nothing while it waits, so this is the end of its pipe.
                return None
            chunk = os.read(child, 65_536)
            if not chunk:
                return answer
            answer += chunk


class Here:
    """Has phrases spoken in this process; a `Say`."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def __call__(self, text: str, path: Path, limit_s: float) -> Sequence[float] | None:
        return self._speaker.speak(text, path)


class Elsewhere:
    """Has phrases spoken by another process, in which nothing but the engine is loaded; a `Say`."""

    def __init__(
        self, engine: str, settings: Mapping[str, str], folder: Path, start_limit_s: float, *, lasts: bool
    ) -> None:
        """`lasts`: one process speaks all phrases, and is started now; else each has a fresh one."""
        self._start = partial(SpeechProcess, engine, {"settings": dict(settings), "folder": str(folder / "phrases")})
        self._start_limit_s = start_limit_s
        self._lasts = lasts
        self._process = self._start() if lasts else None

    def __call__(self, text: str, path: Path, limit_s: float) -> Sequence[float] | None:
        process, self._process = self._process or self._start(), None
        try:
            process.ask({"text": text, "path": str(path), "limit_s": limit_s}, self._start_limit_s)
            reply, _ = process.reply(limit_s)
        except BaseException:
            process.discard()
            raise
        if self._lasts:
            self._process = process
        else:
            process.stop()
        ends: Sequence[float] | None = reply.get("ends")
        return ends


def _death_signal() -> Callable[[], object]:
    """Return what has the system kill the process that calls it when its parent is killed (Linux, prctl(2))."""
    if sys.platform != "linux":
        return lambda: None
    return partial(ctypes.CDLL(None).prctl, _PR_SET_PDEATHSIG, signal.SIGKILL)
