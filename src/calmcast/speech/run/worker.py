"""A process that speaks: `python -P -m calmcast.speech.run.worker ENGINE`. Requests and replies are lines of JSON.

The first request is `{"settings": {...}, "folder": "..."}`, each further one `{"id": 1, "text": "...", "path": "...",
"limit_s": 12.5}`. A reply is `{"id": 1, "done": true}`, or has `refused` and `hint` (this can never be spoken) or
`error` (something went wrong) in place of `done`; with `done`, `ends` may say when each clause but the last is over, in
seconds. The first reply has the id 0. When its input ends, the process
removes what is left in its folder and ends, whatever it is doing.
"""

import ctypes
import gc
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, NoReturn, TextIO, assert_never

from calmcast.errors import SpeechError
from calmcast.speech.engine import Speaker, isolation
from calmcast.speech.engines.registry import find

_GRACE_S = 5
"""How long after its limit a forked child ends itself, if nobody has ended it before."""
_PR_SET_PDEATHSIG = 1

Message = dict[str, Any]


def main() -> int:
    requests, replies = _private_channels()
    # Ctrl-C reaches every process of a terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = next(_messages(requests), None)
    if first is None:
        return 0
    try:
        engine = find(sys.argv[1])
        speaker = engine.open(first["settings"])
    except Exception as error:  # noqa: BLE001 - whatever an engine raises, the parent hears of it
        _reply(replies, 0, _fault(error))
        return 0
    _reply(replies, 0, {"done": True})
    folder = Path(first["folder"])
    match isolation(engine, first["settings"]):
        case "forked":
            _fork_for_each(requests, replies, speaker)
            _empty(folder)
        case "shared" | "fresh":
            _speak_each(requests, replies, speaker, folder)
        case never:
            assert_never(never)
    return 0


def _private_channels() -> tuple[BinaryIO, TextIO]:
    """Return what were stdin and stdout, with nothing in their place: engines print, and replies must stay clean."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "w", encoding="ascii")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, replies


def _messages(requests: BinaryIO) -> Iterator[Message]:
    for line in requests:
        yield json.loads(line)


def _reply(replies: TextIO, number: int, message: Message) -> None:
    replies.write(json.dumps({"id": number, **message}) + "\n")
    replies.flush()


def _fault(error: Exception) -> Message:
    if isinstance(error, SpeechError):
        return {"refused": error.message, "hint": error.hint}
    # A RuntimeError is told in a sentence of its own; of others, their kind says the most.
    return {"error": str(error) if type(error) is RuntimeError else f"{type(error).__name__}: {error}"}


def _attempt(speaker: Speaker, request: Message) -> Message:
    try:
        ends = speaker.speak(request["text"], Path(request["path"]))
    except Exception as error:  # noqa: BLE001 - whatever an engine raises, the parent hears of it
        return _fault(error)
    return {"done": True, "ends": [*map(float, ends)]} if ends is not None else {"done": True}


def _speak_each(requests: BinaryIO, replies: TextIO, speaker: Speaker, folder: Path) -> None:
    """Speak in this process. Requests are read in a thread, so that the process also ends in the middle of a phrase."""
    waiting: SimpleQueue[Message] = SimpleQueue()

    def read() -> None:
        for message in _messages(requests):
            waiting.put(message)
        _empty(folder)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        request = waiting.get()
        _reply(replies, request["id"], _attempt(speaker, request))


def _fork_for_each(requests: BinaryIO, replies: TextIO, speaker: Speaker) -> None:
    """Speak each phrase in a child, which finds the engine as it was opened. No thread may run in this process."""
    die_with_parent = _death_signal()
    here_id = os.getpid()
    gc.freeze()
    for request in _messages(requests):
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(replies.fileno())
            die_with_parent()
            if os.getppid() != here_id:
                os._exit(1)
            signal.alarm(int(request["limit_s"]) + _GRACE_S)
            _speak_as_child(there, speaker, request)
        os.close(there)
        answer = _listen(here, requests)
        os.close(here)
        if answer is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if answer is None:
            return
        code = os.waitstatus_to_exitcode(status)
        _reply(replies, request["id"], json.loads(answer) if answer else {"error": f"the engine {how_it_ended(code)}"})


def _listen(child: int, requests: BinaryIO) -> bytes | None:
    """Return all that the child writes until it ends, or None where the parent is gone first."""
    answer = b""
    while True:
        ready, _, _ = select.select([child, requests.fileno()], [], [])
        if requests.fileno() in ready:
            # The parent sends nothing while it waits, so this is the end of its pipe.
            return None
        chunk = os.read(child, 65_536)
        if not chunk:
            return answer
        answer += chunk


def _death_signal() -> Callable[[], object]:
    """Return what has the system kill the process that calls it when its parent is killed (Linux, prctl(2))."""
    if sys.platform != "linux":
        return lambda: None
    return partial(ctypes.CDLL(None).prctl, _PR_SET_PDEATHSIG, signal.SIGKILL)


def _speak_as_child(channel: int, speaker: Speaker, request: Message) -> NoReturn:
    try:
        os.write(channel, json.dumps(_attempt(speaker, request)).encode("ascii"))
    finally:
        os._exit(0)


def _empty(folder: Path) -> None:
    with suppress(OSError):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        folder.parent.rmdir()


def how_it_ended(code: int) -> str:
    """Return an exit code in words: `crashed (SIGSEGV)`, `ended by itself (exit code 3)`."""
    if code < 0:
        with suppress(ValueError):
            return f"crashed ({signal.Signals(-code).name})"
    return f"ended by itself (exit code {code})"


if __name__ == "__main__":
    sys.exit(main())
