"""A program run once: given its arguments, standard input and output as files, ended when it takes too long.

Files instead of pipes: nothing waits for what a program's own children keep open, and no output fills the memory.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from calmcast.errors import SpeechError
from calmcast.speech.engine import clean

_SHOWN = 200
_TAIL_BYTES = 4_096
_PR_SET_PDEATHSIG = 1
_OWN_GROUP: int | None
if sys.platform == "win32":
    _NO_WINDOW, _OWN_GROUP = subprocess.CREATE_NO_WINDOW, None
else:
    _NO_WINDOW, _OWN_GROUP = 0, 0


def run(arguments: Sequence[str], given: IO[bytes], taken: IO[bytes], limit_s: float) -> str:
    """Run a program from `given` to `taken` and return the last line of its standard error, or nothing.

    Raises RuntimeError where it fails or is not over after `limit_s` seconds, SpeechError where it is no program.
    When this process is killed, the system ends the program too (Linux); elsewhere it runs on.
    """
    name = Path(arguments[0]).name
    with TemporaryFile() as complaints:
        with _started(arguments, given, taken, complaints) as process:
            try:
                code = process.wait(limit_s)
            except subprocess.TimeoutExpired:
                raise RuntimeError(f"{name} did not finish within {limit_s:g} seconds") from None
            finally:
                if process.poll() is None:
                    _end(process)
        complaint = _last_line(complaints)
    if code:
        how = "crashed" if code < 0 else f"ended with exit code {code}"
        raise RuntimeError(f"{name} {how}{complaint and ': '}{complaint}")
    return complaint


def _started(
    arguments: Sequence[str], given: IO[bytes], taken: IO[bytes], complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            arguments,
            stdin=given,
            stdout=taken,
            stderr=complaints,
            creationflags=_NO_WINDOW,
            process_group=_OWN_GROUP,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - takes no lock: all it needs is there before the fork
        )
    except OSError as error:
        raise SpeechError(
            f"{arguments[0]} cannot be run ({error.strerror})", "look whether it is a program that you may run"
        ) from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, and on POSIX what it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)


def _last_line(complaints: IO[bytes]) -> str:
    complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - _TAIL_BYTES))
    lines = [clean(line).strip() for line in complaints.read().decode("utf-8", "replace").splitlines()]
    return next(filter(None, reversed(lines)), "")[:_SHOWN]


def _end_with_parent() -> Callable[[], None] | None:
    """Return what has the system kill the program when the thread that started it is gone (Linux, prctl(2))."""
    if sys.platform != "linux":
        return None
    prctl, here = _prctl(), os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != here:
            os._exit(1)

    return ask


@cache
def _prctl() -> Any:
    import ctypes  # each command looks which programs there are, and few run one

    return ctypes.CDLL(None).prctl
