"""`make bench`: measure, and print the table."""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from subprocess import CalledProcessError

import click

from tools.bench.measure import Taken
from tools.bench.report import Measured, markdown, shape, text
from tools.bench.rows import ROWS, Row
from tools.bench.scene import Lab


def measured(lab: Lab, row: Row, rounds: int) -> Measured:
    """Return what a row's rounds took, ours and the peer's in turn."""
    peer = row.peer if all(which(need) or find_spec(need) for need in row.needs) else None
    if row.peer and not peer:
        _say(f"{row.name}: nothing to compare with, without {' and '.join(row.needs)}")
    ours, peers = list[Taken](), list[Taken]()
    for _ in range(row.rounds or rounds):
        ours.append(row.ours(lab))
        peers += [peer(lab)] if peer else []
        _say(f"{row.name}: {' beside '.join(f'{taken.value:.2f}' for taken in (ours[-1], *peers[-1:]))}")
    return Measured(row, tuple(ours), tuple(peers))


def every(lab: Lab, rows: Iterable[Row], rounds: int) -> Iterator[Measured]:
    """Yield what was measured of each row; of one that fails, the reason is told."""
    for row in rows:
        try:
            yield measured(lab, row, rounds)
        except (CalledProcessError, OSError) as failed:
            _say(f"{row.name}: {failed}\n{(getattr(failed, 'stderr', None) or b'').decode(errors='replace')}")


def _say(text: str) -> None:
    click.echo(text, err=True)


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="How often each is measured.")
@click.option("--only", multiple=True, type=click.Choice([row.name for row in ROWS]), help="Some rows alone.")
@click.option("--json", "printed", flag_value="json", help="Print it for programs, with every round.")
@click.option("--markdown", "printed", flag_value="markdown", help="Print it as docs/performance.md has it.")
def main(rounds: int, only: tuple[str, ...], printed: str | None) -> None:
    """Measure how fast calmcast is, side by side with plain tools, and print the table.

    What is compared needs espeak-ng, lame and ffmpeg; where one is not there, its rows have no ratio.
    """
    with tempfile.TemporaryDirectory(prefix="calmcast-bench-") as name:
        rows = (row for row in ROWS if not only or row.name in only)
        found = [*every(Lab(Path(name)), rows, rounds)]
    show = {"json": shape, "markdown": markdown}.get(printed or "", text)
    sys.stdout.write(f"{show(found)}\n")


if __name__ == "__main__":
    main()
