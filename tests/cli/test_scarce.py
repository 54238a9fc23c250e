"""Where a system gives little: memory, processes, shared memory, an input, a home, a reader."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

SCRIPT = """\
title: Rest
segments:
- title: Rest
  steps:
  - Let your shoulders soften.
  - bell: soft
  - rest: 30s
"""
NOBODY = 65_534
RENDER = "render rest -l 45s"
KB = 1 << 10

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are set as Linux has them")

Shell = Callable[..., Run]


@pytest.fixture
def shell(workspace: Path, tmp_path: Path) -> Shell:
    """Return what runs a command line in a shell, `calmcast` in it as a user's, in a workspace with the script `rest`.

    Its store and its home are its own. Whatever happens, nobody sees a traceback, hears of a bug, or finds a half.
    """
    (workspace / "scripts" / "rest.yaml").write_text(SCRIPT, encoding="utf-8")
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "CALMCAST_STORE": str(tmp_path / "own"),
        "HOME": str(tmp_path),
    }
    called = f'calmcast() {{ {shlex.quote(sys.executable)} -m calmcast "$@"; }}\n'

    def run(line: str, *before: str) -> Run:
        command = [*before, "bash", "-o", "pipefail", "-c", called + line]
        done = subprocess.run(command, cwd=workspace, env=env, capture_output=True, check=False, text=True)
        assert "Traceback" not in done.stderr
        assert "bug" not in done.stderr
        made = [path.name for path in (workspace / "output").glob("**/*")]
        assert not made or {Path(name).suffix for name in made} >= {".json", ".lrc", ".mp3", ".vtt"}
        return Run(done.returncode, done.stdout, done.stderr)

    return run


@pytest.mark.long
def test_what_memory_a_plan_and_a_plain_track_need(shell: Shell) -> None:
    assert shell(f"ulimit -v {300 * KB}; calmcast plan rest").code == 0
    assert shell(f"ulimit -v {500 * KB}; calmcast {RENDER}").code == 0


TOLD = re.compile(
    "error: there is too little memory here, or too few processes are allowed|was not spoken by the engine tone|"
    "OpenBLAS error: Memory allocation"  # numpy's own words
)


@pytest.mark.parametrize("mb", [40, 120, *(pytest.param(mb, marks=pytest.mark.long) for mb in (60, 80, 100, 150))])
def test_less_memory_is_told_in_a_sentence(shell: Shell, workspace: Path, mb: int) -> None:
    run = shell(f"ulimit -v {mb * KB}; calmcast {RENDER}")
    assert run.code in {1, 4}
    assert TOLD.search(run.err)
    assert not (workspace / "output").exists()


def as_nobody(*limits: str) -> tuple[str, ...]:
    """Return what runs a command as a user whose processes nobody else's add to, and who may still read ours."""
    if os.geteuid() or not shutil.which("setpriv") or not shutil.which("prlimit"):
        pytest.skip("only root can be somebody else, by util-linux's setpriv")
    reading = "-all,+dac_override,+dac_read_search"
    user = ("setpriv", f"--reuid={NOBODY}", "--clear-groups", f"--inh-caps={reading}", f"--ambient-caps={reading}")
    return (*user, "prlimit", *limits)


@pytest.mark.long
@pytest.mark.parametrize("processes", [2, 4, 6])
def test_few_processes_are_told_in_a_sentence(shell: Shell, workspace: Path, processes: int) -> None:
    run = shell(f"calmcast {RENDER}", *as_nobody(f"--nproc={processes}"))
    assert run.code in ({0, 1, 4} if processes > 4 else {1, 4})  # on a busy machine, six may be as many as run at once
    assert (workspace / "output").exists() == (run.code == 0)
    assert run.code == 0 or TOLD.search(run.err)


@pytest.mark.long
def test_some_processes_are_enough(shell: Shell) -> None:
    assert shell(f"calmcast {RENDER}", *as_nobody(f"--nproc={10 + (os.cpu_count() or 1)}")).code == 0


@pytest.mark.long
def test_no_shared_memory_is_needed(shell: Shell) -> None:
    alone = ("unshare", "--mount", "--map-root-user")
    without = "mount -t tmpfs -o ro none /dev/shm && ! touch /dev/shm/x 2>&-"
    if subprocess.run([*alone, "bash", "-c", without], capture_output=True, check=False).returncode:
        pytest.skip("/dev/shm cannot be taken away here")
    assert shell(f"{without} && calmcast {RENDER}", *alone).code == 0


def test_nothing_to_read_from(shell: Shell) -> None:
    assert shell(f"calmcast {RENDER} <&-").code == 0
    assert shell("calmcast new evening <&-").code == 0
    run = shell("calmcast new pasted --text - <&-")
    assert (run.code, "hint" in run.err) == (2, True)


def test_homes(shell: Shell, workspace: Path, tmp_path: Path) -> None:
    assert shell(f"calmcast {RENDER} --output='~/made/'").code == 0
    assert (tmp_path / "made" / "rest_45s.mp3").is_file()
    assert shell("CALMCAST_STORE='~nosuchuser/x' calmcast plan rest --estimate").code == 0
    assert shell("calmcast check '~nosuchuser/x.yaml'").code == 2
    assert shell("calmcast -w '~nosuchuser/y' check").code == 2
    assert shell(f"calmcast {RENDER} --output='~nosuchuser/x.mp3'").code == 0
    assert (workspace / "~nosuchuser" / "x.mp3").is_file()


@pytest.mark.long
def test_a_home_in_which_nothing_can_be(shell: Shell) -> None:
    run = shell(f"HOME=/proc/nowhere calmcast {RENDER} --output='~/x.mp3'")
    assert run.code == 6
    assert "hint" in run.err


@pytest.mark.parametrize(
    "line",
    [
        "plan rest",
        "scripts",
        *(
            pytest.param(line, marks=pytest.mark.long)
            for line in (RENDER, "check", "voices", "store info", "plan --help")
        ),
    ],
)
def test_a_reader_that_goes_away(shell: Shell, line: str) -> None:
    assert shell(f"calmcast {line} | head -1").code == 0


def test_a_log_is_read_by_its_owner_alone(workspace: Path, tmp_path: Path) -> None:
    """It may hold words of a script. One that an earlier calmcast left open is closed."""
    folder = tmp_path / ".local" / "state" / "calmcast" / "log"
    folder.mkdir(parents=True)
    (folder / "calmcast-bug.log").touch(0o644)
    program = (
        "import calmcast.cli.main as main, calmcast.cli.lists as lists\n"
        "lists.scripts.callback = lambda *_, **__: 1 / 0\n"
        "main.main(['scripts'])"
    )
    for left in (True, False):
        if not left:
            shutil.rmtree(tmp_path / ".local")
        done = subprocess.run(["bash", "-c", 'umask 0; exec "$@"', "-", sys.executable, "-c", program], check=False)
        assert done.returncode == 70
        log = folder / "calmcast-bug.log"
        assert "ZeroDivisionError" in log.read_text()
        assert [stat.S_IMODE(path.stat().st_mode) for path in (log, folder)] == [0o600, 0o700]
