"""Tracks as ribbons on a terminal."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from calmcast.cli.output import echo

if TYPE_CHECKING:
    from calmcast.model.timeline import Timeline

_WIDEST = 160


def print_ribbons(tracks: "Sequence[tuple[str, Timeline]]") -> None:
    """Print each (label, timeline) as a ribbon in the terminal's width, and what the signs mean; off one, nothing."""
    if not sys.stdout.isatty():
        return
    import shutil

    from rich.console import Console

    from calmcast.publish.pictures.terminal import ASCII, BLOCKS, ribbon_lines, signs_in_words

    width = max(20, min(shutil.get_terminal_size().columns - 1, _WIDEST))
    encoding = sys.stdout.encoding or "ascii"
    signs = BLOCKS if BLOCKS.writable(encoding) else ASCII
    no_color = bool(os.environ.get("NO_COLOR"))
    console = Console(file=sys.stdout, width=width + 1, highlight=False, markup=False, emoji=False, no_color=no_color)
    with console.capture() as capture:
        for label, timeline in tracks:
            for line in ribbon_lines(label, timeline, width, signs):
                line.plain = line.plain.encode(encoding, "replace").decode(encoding)
                console.print(line, no_wrap=True, crop=True)
            console.print()
        console.print(signs_in_words([timeline for _, timeline in tracks], signs))
    echo(capture.get().removesuffix("\n"))
