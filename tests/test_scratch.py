"""Folders for what lives no longer than the block that needs it."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from calmcast.scratch import scratch
from calmcast.seen import watching

HELD = """
import sys
from calmcast.scratch import scratch
with scratch() as folder:
    (folder / "deep").mkdir()
    (folder / "deep" / "1.wav").write_bytes(b"sound")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def held(temporary: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Return a process that is in its folder until it is ended, and that folder."""
    env = {**os.environ, "TMPDIR": str(temporary)}
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", HELD], env=env, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def test_it_is_gone_with_all_that_is_in_it(temporary: Path) -> None:
    with scratch() as first, scratch() as second:
        assert first != second
        assert {first.parent, second.parent} == {temporary}
        (second / "deep").mkdir()
        (second / "deep" / "1.wav").write_bytes(b"sound")
        assert first.is_dir()
    assert not [*temporary.iterdir()]


def test_what_else_lies_there_is_nothing_that_a_run_goes_by(temporary: Path) -> None:
    with watching() as seen, scratch():
        pass
    assert not {*seen.listed, *seen.looked, *seen.read}


@pytest.mark.skipif(sys.platform == "win32", reason="there nobody is asked whether a process runs")
def test_those_of_killed_processes_go_and_those_of_others_stay(temporary: Path) -> None:
    for other in ("calmcast-notes", "calmcast-0123abcd-99999999-x"):  # another's, and another machine's
        (temporary / other).mkdir()
    (killed, left), (running, used) = held(temporary), held(temporary)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (left / "deep" / "1.wav").exists()
    with scratch() as mine:
        assert {*temporary.iterdir()} == {
            temporary / "calmcast-notes", temporary / "calmcast-0123abcd-99999999-x", used, mine
        }  # fmt: skip
    assert (used / "deep" / "1.wav").exists()
    running.communicate("")
    assert not used.exists()
