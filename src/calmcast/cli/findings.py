"""What `calmcast new --text` tells of the text: what is not spoken, what is doubtful, what is to be filled in."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from calmcast.text import shorten

if TYPE_CHECKING:
    from calmcast.script.edit.prose.manuscript import Blank, Findings, Remark

_MOST_SHOWN = 25
_LONGEST_TEXT = 60


def show_findings(findings: "Findings", source: str, path: str) -> None:
    """Print what was found in the text of the file `source`, of which the script `path` was made."""
    by = findings.counted_by
    for note in findings.notes:
        click.echo(f"note: {note}")
    _show(f"not spoken, from {source}:", _remarks(findings.left_out, by))
    _show("not sure; see the comments (#) in the script, and the lengths of its pauses:", _remarks(findings.unsure, by))
    _show(f"to fill in: write the words in {path}, where the comment says so:", _blanks(findings.blanks, by))


def _show(heading: str, lines: Iterator[str]) -> None:
    shown = list(lines)
    if not shown:
        return
    click.echo(heading)
    for line in shown[:_MOST_SHOWN]:
        click.echo(f"  {line}")
    if len(shown) > _MOST_SHOWN:
        click.echo(f"  and {len(shown) - _MOST_SHOWN} more; all of them with: --force --json")


def _remarks(remarks: "Sequence[Remark]", by: str) -> Iterator[str]:
    for remark in remarks:
        place = f"{by} {remark.first}" if remark.first == remark.last else f"{by}s {remark.first}-{remark.last}"
        yield f"{place}: {shorten(remark.text, _LONGEST_TEXT)} ({remark.why})"


def _blanks(blanks: "Sequence[Blank]", by: str) -> Iterator[str]:
    for name in dict.fromkeys(blank.name for blank in blanks):
        rows = dict.fromkeys(blank.row for blank in blanks if blank.name == name)
        yield f"{by}{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows))}: {{{name}}}"
