import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import segno
from PIL import Image

from calmcast.errors import PublishError
from calmcast.publish.handout.qr import qr_svg, qr_terminal

ADDRESSES = (
    "https://example.org/rests/tuesday/",
    "http://192.168.1.7:8000/",
    "https://example.org/f%C3%BCr-m%C3%BCde/?a=1&b=%22%3Cx%3E",
    "x",
    "https://example.org/" + "a" * 1500,
)


def modules(text: str) -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make_qr(text, error="m").matrix_iter(border=4)]


def of_svg(svg: str) -> list[list[bool]]:
    """Return what the picture shows, drawn by hand."""
    root = ET.fromstring(svg)
    _, _, side, _ = map(int, root.get("viewBox", "").split())
    rows = [[False] * side for _ in range(side)]
    for path in root.iter("path"):
        is_dark = path.get("fill") == "#000"
        for x, y, wide, high in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3z", path.get("d", "")):
            for row in range(int(y), int(y) + int(high)):
                for column in range(int(x), int(x) + int(wide)):
                    rows[row][column] = is_dark
    return rows


def of_terminal(lines: str) -> list[list[bool]]:
    """Return what light letters on a dark ground show: a full block is two light modules."""
    rows = list[list[bool]]()
    for row in lines.splitlines():
        rows += [[letter in " ▄" for letter in row], [letter in " ▀" for letter in row]]
    return rows[: len(rows[0])]


@pytest.mark.parametrize("address", ADDRESSES)
def test_both_show_the_code(address: str) -> None:
    assert of_svg(qr_svg(address, "A code")) == modules(address)
    assert of_terminal(qr_terminal(address)) == modules(address)


def test_colours_make_it_right_on_any_terminal() -> None:
    plain, coloured = qr_terminal("x").splitlines(), qr_terminal("x", is_coloured=True).splitlines()
    assert coloured == [f"\x1b[97;40m{row}\x1b[0m" for row in plain]


def test_the_svg_says_what_it_holds_and_escapes_it() -> None:
    root = ET.fromstring(qr_svg("https://example.org/", 'A code: ?a="<script>&b'))
    assert root.findtext("title") == 'A code: ?a="<script>&b'
    assert root.get("role") == "img"


@pytest.mark.parametrize("text", ["", " \n", "\ud800\x07"])
def test_nothing_makes_no_code(text: str) -> None:
    with pytest.raises(PublishError, match="nothing"):
        qr_svg(text, "A code")
    with pytest.raises(PublishError, match="nothing"):
        qr_terminal(text)


def test_what_is_too_long_is_said_plainly() -> None:
    with pytest.raises(PublishError, match="too long") as caught:
        qr_svg("https://example.org/" + "a" * 3000, "A code")
    assert "3020 characters" in (caught.value.hint or "")


@pytest.mark.real
@pytest.mark.parametrize("address", [*ADDRESSES[:3], "für müde 🧘", ADDRESSES[-1]])
def test_a_reader_reads_it(address: str, tmp_path: Path) -> None:
    zbarimg = shutil.which("zbarimg")
    if not zbarimg:
        if os.environ.get("CI") == "true":
            pytest.fail("zbarimg is needed here (Debian package zbar-tools)")
        pytest.skip("zbarimg is not installed (Debian package zbar-tools)")
    for name, rows in (("svg", of_svg(qr_svg(address, "A code"))), ("terminal", of_terminal(qr_terminal(address)))):
        picture = Image.new("1", (len(rows), len(rows)))
        picture.putdata([0 if module else 255 for row in rows for module in row])
        file = tmp_path / f"{name}.png"
        picture.resize((4 * len(rows), 4 * len(rows))).save(file)
        read = subprocess.run([zbarimg, "--quiet", "--raw", str(file)], check=True, capture_output=True).stdout
        assert read.decode().rstrip("\n") == address
