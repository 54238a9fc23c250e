"""A process that speaks: `python -P -m calmcast.speech.run.worker ENGINE`. Requests and replies are lines of JSON.

The first request tells what others follow. With `finish`, a pickled `line.Finish`, whole lines:

    {"settings": {...}, "folder": "...", "patience": [...], "path": [...], "finish": "..."}
    {"id": 1, "breaths": [["Let go.", "Let go.", [[0, 0]]], ...], "tone": [...]}

`path` is where the parent finds modules. `{"id": 1}` answers each breath; after the last of them comes a reply with
what is known of the recording, and `bytes` and `crc32` of its samples (16-bit little-endian), which follow it. Without
`finish`, single phrases, each answered by when each clause but the last is over, in seconds, or null:

    {"settings": {...}, "folder": "..."}
    {"id": 1, "text": "Let go.", "path": "...", "limit_s": 11.0}
    {"id": 1, "ends": null}

Any reply may have `refused` and `hint` (this can never be spoken), `error` (something went wrong) or `bug` (it is not
the engine's) instead. The first, when the engine is open, has the id 0. When its input ends, the process removes what
is left in its folder and ends, whatever it is doing.

Engines whose phrases do not share a process have another one for these, in which nothing but the engine is loaded.
"""

import base64
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, assert_never
from zlib import crc32

from calmcast.speech.engine import isolation
from calmcast.speech.engines.registry import find
from calmcast.speech.run.job import Patience
from calmcast.speech.run.phrases import Elsewhere, Forks, Here, Say, attempt, fault
from calmcast.speech.run.process import Message

Answer = Callable[[Message], None]


class Channel:
    """Where requests come from and replies go: what were stdin and stdout."""

    def __init__(self) -> None:
        """Put nothing in their place: engines print, and replies must stay clean."""
        self.requests: BinaryIO = os.fdopen(os.dup(0), "rb")
        self.replies: BinaryIO = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)

    def messages(self) -> Iterator[Message]:
        return map(json.loads, self.requests)

    def reply(self, number: int, message: Message, data: bytes = b"") -> None:
        told = {"bytes": len(data), "crc32": crc32(data)} if data else {}
        self.replies.write(json.dumps({"id": number, **message, **told}).encode("ascii") + b"\n" + data)
        self.replies.flush()


def main() -> int:
    channel = Channel()
    # Ctrl-C reaches every process of a terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    messages = channel.messages()
    first = next(messages, None)
    if first is None:
        return 0
    folder = Path(first["folder"])
    try:
        opened = _lines if "finish" in first else _phrases
        answer, watched = opened(sys.argv[1], first, channel)
    except Exception as error:  # noqa: BLE001 - whatever an engine raises, the parent hears of it
        channel.reply(0, fault(error))
        return 0
    channel.reply(0, {})
    try:
        for message in _watched(messages, folder) if watched else messages:
            answer(message)
    finally:
        _empty(folder)
    return 0


def _phrases(name: str, first: Message, channel: Channel) -> tuple[Answer, bool]:
    """Return what answers requests for phrases, and whether a thread may run. Raises what the engine raises."""
    engine, settings = find(name), first["settings"]
    speaker = engine.open(settings)
    if isolation(engine, settings) == "forked":
        forks = Forks(speaker, channel.requests.fileno(), channel.replies.fileno())
        return lambda request: channel.reply(request["id"], forks.attempt(request)), False
    return lambda request: channel.reply(request["id"], attempt(speaker, request)), True


def _lines(name: str, first: Message, channel: Channel) -> tuple[Answer, bool]:
    """Return what answers requests for lines, and whether a thread may run. Raises what the engine raises."""
    sys.path += [place for place in first["path"] if place not in sys.path]
    engine, settings, patience = find(name), first["settings"], Patience(*first["patience"])
    folder = Path(first["folder"])
    say: Say
    match isolation(engine, settings):
        case "shared":
            say = Here(engine.open(settings))
        case "forked" | "fresh" as manner:
            say = Elsewhere(name, settings, folder, patience.start_s, lasts=manner == "forked")
        case never:
            assert_never(never)

    from calmcast.speech.run.line import LineSpeaker

    lines = LineSpeaker(engine, say, folder, patience, base64.b64decode(first["finish"]))
    return partial(lines.answer, channel.reply), True


def _watched(messages: Iterator[Message], folder: Path) -> Iterator[Message]:
    """Yield messages, read in a thread, so that the process also ends in the middle of a phrase."""
    waiting: SimpleQueue[Message] = SimpleQueue()

    def read() -> None:
        for message in messages:
            waiting.put(message)
        _empty(folder)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield waiting.get()


def _empty(folder: Path) -> None:
    with suppress(OSError):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        folder.parent.rmdir()


if __name__ == "__main__":
    sys.exit(main())
