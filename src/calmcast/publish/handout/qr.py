"""QR codes (ISO/IEC 18004) for an address: on paper and pages as SVG, in a terminal as half blocks."""

from html import escape

import segno
from segno import QRCode

from calmcast.errors import PublishError
from calmcast.model.handout import Handout
from calmcast.publish.handout.strings import Strings
from calmcast.publish.handout.weblinks import link
from calmcast.text import one_line

_QUIET = 4
"""Light modules around the code that a reader needs."""
_WHITE_ON_BLACK, _AS_BEFORE = "\x1b[97;40m", "\x1b[0m"


def qr_svg(text: str, title: str) -> str:
    """Return a QR code of `text` as an SVG element to stand in a page; its size is the page's to choose.

    Black on white, with its quiet zone. `title`: what it is, for those who do not see it. Raises PublishError where
    the text is empty or longer than a code can hold.
    """
    rows = _modules(text)
    side = len(rows)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _dark_runs(row))
    return (
        f'<svg viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges">'
        f"<title>{escape(one_line(title))}</title>"
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>'
    )


def page_code(handout: Handout, t: Strings) -> str:
    """Return a handout's address as `qr_svg`; empty where it has none. Raises PublishError where it is too long."""
    address = link(handout.url) if handout.url else ""
    return qr_svg(address, t("qr-code", address=address)) if address else ""


def qr_terminal(text: str, *, is_coloured: bool = False) -> str:
    """Return a QR code of `text` as lines of half blocks, two modules high, for a terminal of light letters on dark.

    Where `is_coloured`, each line says by ANSI codes that it is white on black, which any terminal shows rightly.
    Raises PublishError where the text is empty or longer than a code can hold.
    """
    rows = _modules(text)
    if len(rows) % 2:
        rows.append([True] * len(rows))
    lines = [
        "".join(" ▄▀█"[2 * (not upper) + (not lower)] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    ]
    if is_coloured:
        lines = [f"{_WHITE_ON_BLACK}{each}{_AS_BEFORE}" for each in lines]
    return "\n".join(lines) + "\n"


def _modules(text: str) -> list[list[bool]]:
    """Return the code, quiet zone included, row by row: whether each module is dark."""
    return [[bool(module) for module in row] for row in _code(text).matrix_iter(border=_QUIET)]


def _code(text: str) -> QRCode:
    words = one_line(text)
    if not words:
        raise PublishError("There is nothing to put into a QR code.")
    try:
        return segno.make_qr(words, error="m")
    except segno.DataOverflowError:
        raise PublishError(
            "The address is too long for a QR code.", f"it has {len(words)} characters; about 2 300 is the most"
        ) from None


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules."""
    runs, start = list[tuple[int, int]](), 0
    for end, (module, following) in enumerate(zip(row, [*row[1:], not row[-1]], strict=True), 1):
        if module != following:
            if module:
                runs.append((start, end - start))
            start = end
    return runs
