"""`make fuzz`: try file after file, and keep those that fail."""

import os
import sys
import tempfile
from pathlib import Path
from time import monotonic, time

import click

from tests.fuzz.corpus import keep
from tests.fuzz.trial import Input, fault, furnished, made, reduced
from tests.fuzz.written import FILES

_RENDERED = 30
"""Of so many inputs one becomes a track."""


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="How long.")
@click.option("--seed", type=int, help="Where chance begins; left out, somewhere else each time.")
@click.option("--only", type=int, help="Try the input of this number alone, and print it.")
@click.option("--kind", type=click.Choice([*FILES]), help="Make files of this kind alone.")
@click.option("--keep/--print", "keeping", default=True, help="Keep what fails in tests/fuzz/corpus, or only print it.")
def run(minutes: float, seed: int | None, only: int | None, kind: str | None, *, keeping: bool) -> None:
    """Try files made from the grammar's table; whatever fails is printed, and kept in tests/fuzz/corpus."""
    seed = int(time()) if seed is None else seed
    end, number, failed = monotonic() + minutes * 60, only or 0, dict[str, str]()
    with tempfile.TemporaryDirectory(prefix="calmcast-fuzz-") as folder:
        home = Path(folder) / "workspace"
        os.environ |= {"CALMCAST_STORE": f"{folder}/store", "HOME": folder, "XDG_CONFIG_HOME": folder}
        furnished(home)
        while monotonic() < end:
            given = made(seed, number, kind)
            if told := fault(home, given, render=number % _RENDERED == 0):
                _tell(home, given, told, f"{seed}-{number}", failed, keeping)
            if only is not None:
                click.echo(repr(given))
                break
            number += 1
    click.echo(f"seed {seed}: {number} inputs, {len(failed)} ways to fail")
    sys.exit(bool(failed))


def _tell(home: Path, given: Input, told: str, name: str, failed: dict[str, str], keeping: bool) -> None:
    """Print what failed, and keep it where nothing failed in the same way before."""
    way = told.strip().rpartition("\n")[2][:60]
    if way in failed:
        return
    failed[way] = name
    fewer = reduced(home, given, told)
    click.echo(f"{name}: {told}\n{fewer!r}")
    if keeping:
        click.echo(f"kept in {keep(fewer, name)}")


if __name__ == "__main__":
    run()
