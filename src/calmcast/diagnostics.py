"""Where something stands in a file, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class SourceRef:
    """A place in a text file: the file as the user knows it, line and column counted from 1."""

    file: str
    line: int
    column: int
    width: int = field(default=1, compare=False)
    """How many characters the caret underlines."""
    excerpt: str = field(default="", compare=False, repr=False)
    """The whole line, without its line end."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Severity(StrEnum):
    """How much a problem matters: an error stops the run, a warning does not, and a note is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a script, as data: a stable code, a plain sentence, its place, and what to do."""

    code: str
    """A stable name for this kind of problem, in kebab case: `unknown-key`."""
    message: str
    """One plain sentence without a full stop, lower case first."""
    source: SourceRef
    hint: str | None = None
    """What to do about it, where that is known: `did you mean \\`pause\\`?`"""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return the problem as it is printed: place and sentence, the line, a caret, the hint."""
        text = f"{self.source}: {self.severity}: {self.message}"
        if self.source.excerpt:
            text += "\n" + caret_lines(self.source)
        if self.hint:
            text += f"\n  hint: {self.hint}"
        return text


def errors_in(problems: Iterable[Problem]) -> int:
    """Return how many problems are errors."""
    return sum(problem.severity is Severity.ERROR for problem in problems)


@dataclass(frozen=True, slots=True)
class ProblemShape:
    """What `--json` says of a problem: a public contract."""

    code: str
    severity: str
    message: str
    hint: str | None
    file: str
    line: int
    column: int


def problem_shape(problem: Problem) -> ProblemShape:
    """Return a problem as `--json` says it."""
    source = problem.source
    return ProblemShape(
        problem.code, str(problem.severity), problem.message, problem.hint, source.file, source.line, source.column
    )


_WIDEST = 100


def caret_lines(source: SourceRef) -> str:
    """Return the source line and a line with carets under the place, a long line cut to what fits around it."""
    line, start = source.excerpt, source.column - 1
    first = max(0, start - _WIDEST // 2) if len(line) > _WIDEST else 0
    shown = "".join(c if c.isprintable() else " " for c in line[first : first + _WIDEST])
    width = max(1, min(source.width, len(shown) - (start - first)))
    before, after = "…" * (first > 0), "…" * (first + _WIDEST < len(line))
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + start - first)}{'^' * width}"
