"""What commands print: lines, tables, JSON, progress. Colour and progress only on a terminal.

A command that may have nothing left to do when it is run again prints with `echo` what it would say then too, with
`click.echo` what it says this time alone, and with `echo_again` what it would say then; `nothing_left` tells that this
is all. See `entry`.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

import click

from calmcast.invisible import printed
from calmcast.track.stamp import Said

_LEAST_WIDTH = 24
"""Of a table's last column, which wraps."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """What a command ends with and says when it is run again, and all is as it was."""

    code: int
    said: Said


_said: Said = []
repeated: Repeated | None = None
"""None: this command, so far, has something to do each time."""


def echo(text: object = "", *, err: bool = False) -> None:
    """Print a line, this time and again."""
    click.echo(printed(str(text)), err=err)
    echo_again(text, err=err)


def echo_again(text: object, *, err: bool = False) -> None:
    """Print a line not now, but when the command is run again."""
    stream = sys.stderr if err else sys.stdout
    plain = not stream.isatty() or os.environ.get("NO_COLOR")
    _said.append((err, printed(click.unstyle(str(text)) if plain else str(text)) + "\n"))


def nothing_left(code: int = 0) -> None:
    """Tell that the command, run again with all as it is now, has nothing to do, and ends with this exit code."""
    global repeated  # noqa: PLW0603
    repeated = Repeated(code, [*_said])


def there_already(number: int) -> str:
    """Return that so many tracks need not be made."""
    which = {1: "the track is", 2: "both tracks are"}.get(number, f"all {number} tracks are")
    return f"{which} there already"


def print_json(value: Any, again: Any = None) -> None:
    """Print one JSON document, dataclasses as objects, on standard output; `again`: the one for the next time."""
    (echo if again is None else click.echo)(_json(value))
    if again is not None:
        echo_again(_json(again))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=asdict)


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print rows in columns on standard output; the last column wraps to the terminal's width, and never off one.

    `right` are the indexes of columns whose text is set to the right.
    """
    if sys.stdout.isatty():
        _print_fitted(headers, rows, right)
        return
    table = [headers, *rows] if headers else [*rows]
    echo("\n".join(line for row in _columns(table, right) for line in row))


def _columns(rows: Sequence[Sequence[str]], right: Sequence[int]) -> Iterator[list[str]]:
    """Yield each row as lines, its cells in columns as wide as the widest, two spaces apart."""
    from rich.cells import cell_len, set_cell_size

    cells = [[[line.rstrip() for line in cell.expandtabs().split("\n")] for cell in row] for row in rows]
    widths = [max(cell_len(line) for lines in column for line in lines) for column in zip(*cells, strict=True)]
    for row in cells:
        lines = []
        for each in zip_longest(*row, fillvalue=""):
            columns = (
                " " * (width - cell_len(text)) + text if index in right else set_cell_size(text, width)
                for index, (text, width) in enumerate(zip(each, widths, strict=True))
            )
            lines.append("  ".join(columns).rstrip())
        yield lines


def _print_fitted(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> None:
    """Print rows in columns, the last of which wraps to the terminal's width."""
    import shutil

    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    columns = zip(*rows, headers, strict=True)
    longest = sum(max(cell_len(line) for cell in column for line in cell.split("\n")) + 2 for column in columns)
    # On a narrow terminal its own wrapping is better than columns that are cut off.
    last = max(cell_len(line) for row in rows for line in row[-1].split("\n")) if rows else 0
    narrowest = longest - max(0, last - _LEAST_WIDTH)
    width = max(shutil.get_terminal_size().columns, narrowest)
    console = Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=bool(headers))
    for index, header in enumerate(headers):
        last = index == len(headers) - 1
        table.add_column(header, justify="right" if index in right else "left", overflow="fold", no_wrap=not last)
    for row in rows:
        table.add_row(*row)
    with console.capture() as capture:
        console.print(table)
    echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


_bars: Any = None
"""What shows progress now, where something does."""


@contextmanager
def paused() -> Iterator[None]:
    """Take the progress off the terminal while the block runs, so that somebody can be asked something there."""
    shown = _bars
    if shown:
        shown.stop()
    try:
        yield
    finally:
        if shown:
            shown.start()


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress]:
    """Show progress on standard error while the block runs; nothing off a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=getattr(sys.stderr, "whole", sys.stderr), no_color=bool(os.environ.get("NO_COLOR")))
    global _bars  # noqa: PLW0603
    with Bars(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}
        _bars = bars

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(printed(what), total=total)
            bars.update(tasks[what], completed=done, total=total)

        try:
            yield show
        finally:
            _bars = None
