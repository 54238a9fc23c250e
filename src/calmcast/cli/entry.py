"""The command line's way in: what was done before, with all as it was, is answered before anything else is loaded."""

import atexit
import gc
import os
import sys
from contextlib import contextmanager, suppress
from time import time_ns
from typing import TYPE_CHECKING, Any

from calmcast.invisible import printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from calmcast.track.stamp import Said

_REPEATABLE = frozenset({"check", "exit", "plan", "playlist", "render"})
"""The commands that may have nothing left to do. Each tells when that is so (`output.nothing_left`)."""

_RARELY = 50_000
"""Objects made before Python looks for those that only refer to each other: its own 700 are for small programs."""


def main() -> None:
    """Run calmcast and exit."""
    _leave(run())


def run() -> int:
    """Run calmcast with the words of `sys.argv`, and return its exit code.

    It does what a stamp says, else as `cli.main.main`, leaving a stamp.
    """
    search_path()
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123  # one that is closed is empty
    # What a command imports and reads stays until it ends: looking through it for rubbish takes a tenth of its time.
    gc.set_threshold(_RARELY)
    arguments = sys.argv[1:]
    try:
        return _run(arguments) if _REPEATABLE.isdisjoint(arguments) else _stamped(arguments)
    except KeyboardInterrupt:  # before a command begins, or while what it has done is noted
        return stopped()


def stopped() -> int:
    """Tell that somebody has stopped the command, and return the exit code."""
    sys.stderr.write("\nStopped. Nothing is half-written; run it again to go on.\n")
    return 130


def _leave(code: int) -> None:
    """End this process at once: taking apart what it has loaded would take Python a twentieth of a second.

    Where something is still at work, or what was printed cannot be written, Python ends it as it always does.
    """
    threading = sys.modules.get("threading")
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError):
        sys.exit(code)
    if threading and threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    os._exit(code)


def _stamped(arguments: list[str]) -> int:
    from calmcast.seen import watching
    from calmcast.track.stamp import again, keep, key_of

    ready_streams()
    began, key = time_ns(), key_of(arguments)
    if told := again(key):
        return _told(*told)
    with watching() as seen:
        code = _run(arguments)

    from calmcast.cli import output

    if output.repeated and output.repeated.code == code:
        keep(key, seen, code, output.repeated.said, began)
    return code


def _run(arguments: list[str]) -> int:
    """Return the exit code of a command."""
    from calmcast.cli.main import main as whole

    try:
        whole(arguments)
    except SystemExit as exit_:
        return int(exit_.code or 0)
    return 0


class Edge:
    """A stream on which nothing is printed that a terminal would obey, but for colours, or that turns letters around.

    Where whoever read it has gone, as `head` does, the command ends well. `whole` is the stream itself, for what draws.
    """

    def __init__(self, whole: "TextIO") -> None:
        self.whole = whole

    def write(self, text: str) -> int:
        with _while_read():
            self.whole.write(printed(text))
        return len(text)

    def flush(self) -> None:
        with _while_read():
            self.whole.flush()

    def writelines(self, lines: "Iterable[str]") -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


@contextmanager
def _while_read() -> "Iterator[None]":
    try:
        yield
    except BrokenPipeError:
        drop_output(1)
        sys.exit(0)


def ready_streams() -> None:
    """Have standard output and error take every letter that can be seen, and be there even where they were closed."""
    # A stream that was closed is None; what is written to it goes nowhere.
    nowhere = open(os.devnull, "w", encoding="utf-8") if None in (sys.stdout, sys.stderr) else None  # noqa: SIM115, PTH123
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    streams: tuple[Any, Any] = sys.stdout, sys.stderr
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
        if sys.platform != "win32":
            with suppress(OSError, ValueError):  # else whoever reads slowly would end the command
                os.set_blocking(stream.fileno(), True)
    sys.stdout, sys.stderr = _edge(sys.stdout), _edge(sys.stderr)


def _edge(stream: Any) -> Any:
    return stream if isinstance(stream, Edge) else Edge(stream)


def search_path() -> None:
    """Have programs be looked for in whole folders alone, never in the current one: that may be a stranger's."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    whole = os.pathsep.join(filter(os.path.isabs, folders))  # pathlib is not loaded yet
    if whole and len(whole) < len(os.pathsep.join(folders)):
        os.environ["PATH"] = whole
    if sys.platform == "win32":
        os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")


def drop_output(number: int) -> None:
    """Send what is still to be printed on a stream (1, 2) nowhere: Python would complain of it while shutting down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _told(code: int, said: "Said") -> int:
    """Print what a command says, and return its exit code."""
    try:
        for on_error, text in said:
            (sys.stderr if on_error else sys.stdout).write(text)
            (sys.stderr if on_error else sys.stdout).flush()
    except OSError as error:
        from calmcast.cli.failure import halted

        return halted(error)
    return code
