"""The exceptions that stop a run. One handler, in `cli`, prints them and sets the exit code.

Each can be made of its message alone, and so comes through a pickle, from other processes, with all that it has.
"""

import errno
from typing import ClassVar

from calmcast.diagnostics import Problem


class CalmcastError(Exception):
    """Something the user can do something about.

    `message` is one plain sentence, `hint` what to do, `problems` what is wrong in which line, where it is in a script.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str | None = None, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = problems


class ScriptError(CalmcastError):
    """A script is missing or wrong."""

    exit_code = 2


class LengthError(CalmcastError):
    """The chosen length cannot be had from this script.

    `feasible` holds the shortest and the longest length in samples (None: no longest).
    """

    exit_code = 3

    def __init__(self, message: str, hint: str | None = None, feasible: tuple[int, int | None] = (0, None)) -> None:
        super().__init__(message, hint)
        self.feasible = feasible


class SpeechError(CalmcastError):
    """A line could not be spoken, or a voice is not available here."""

    exit_code = 4


class SoundError(CalmcastError):
    """A bell, a bed or a sound file cannot be made or read."""

    exit_code = 5


class PublishError(CalmcastError):
    """A finished file cannot be written."""

    exit_code = 6


_SCARCE = ("can't start new thread", "failed to map segment", "cannot allocate memory")
"""What Python and the system's loader say where there is no room for a thread, or for a library."""


def scarce(error: BaseException) -> bool:
    """Return whether an error, or one that it came of, tells of too little memory, or of too few processes."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOMEM, errno.EAGAIN)
    if isinstance(error, MemoryError) or any(words in str(error).lower() for words in _SCARCE):
        return True
    before = error.__cause__ or error.__context__
    return before is not None and scarce(before)


class ScarceError(CalmcastError):
    """There is too little memory here, or too few processes are allowed."""

    def __init__(
        self,
        message: str = "there is too little memory here, or too few processes are allowed",
        hint: str | None = "close other programs and run it again; in a terminal, `ulimit -a` shows what is allowed",
    ) -> None:
        super().__init__(message, hint)
