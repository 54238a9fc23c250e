import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from calmcast.cli.ribbon import print_ribbons
from tests.publish.pictures.test_terminal import NAMES
from tests.publish.plans import plan


def test_off_a_terminal_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_ribbons([("10 min", plan(NAMES, 600))])
    assert capsys.readouterr().out == ""


PRINT = """
from calmcast.cli.ribbon import print_ribbons
from tests.publish.plans import plan
print_ribbons([("5 min", plan(["Welcome", "Settle"], 300)), ("10 min", plan(["Welcome", "Settle", "Rest"], 600))])
"""


def on_a_terminal(**env: str) -> str:
    """Return what a terminal is sent."""
    ours, theirs = os.openpty()
    usual = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLORTERM"}}
    root = Path(__file__).parents[2]
    command = [sys.executable, "-X", "utf8", "-c", PRINT]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, cwd=root, env=usual | env) as process:
        os.close(theirs)
        sent = b""
        while True:
            try:
                read = os.read(ours, 4096)
            except OSError:  # how Linux says that the other end is closed
                break
            if not read:
                break
            sent += read
        os.close(ours)
        assert process.wait(60) == 0, sent.decode()
    return sent.decode().replace("\r\n", "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_on_a_terminal_ribbons_are_coloured_unless_no_color_is_wanted() -> None:
    coloured = on_a_terminal(COLUMNS="80", TERM="xterm-256color")
    plain = on_a_terminal(COLUMNS="40", TERM="xterm-256color", NO_COLOR="1")
    assert re.search(r"\x1b\[3\dm", coloured)
    assert not re.search(r"\x1b\[[0-9;]*3\dm", plain)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", plain).splitlines()
    assert {"5 min", "10 min"} <= set(lines)
    assert all(len(line) <= 40 for line in lines)
    assert "words" in "".join(lines)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_a_terminal_that_writes_no_unicode_gets_ascii() -> None:
    sent = on_a_terminal(COLUMNS="60", TERM="dumb", PYTHONIOENCODING="ascii")
    assert sent.isascii()
    assert "# words  . silence" in sent
