"""What tests share: a workspace whose voices are tones, and calmcast as a user runs it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from tests import modes

TONE = "about: A tone a word, for tests.\nprefer:\n  - {engine: tone}\nlexicon: en\n"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of calmcast left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Calmcast = Callable[..., Run]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]


settings.register_profile("usual", max_examples=30, deadline=None)
settings.register_profile("thorough", max_examples=300, deadline=None)
settings.load_profile("usual")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def store(run_folder: Path) -> Path:
    """A store that all tests of a run share, whichever worker runs them: a line is spoken once."""
    return run_folder / "store"


@pytest.fixture(scope="session")
def made_once(run_folder: Path) -> MadeOnce:
    """Return a function that fills a folder of this name, or finds it filled by whichever worker came first."""

    def made_once(name: str, make: Callable[[Path], object]) -> Path:
        folder, whole = run_folder / name, run_folder / f"{name}.whole"
        with FileLock(run_folder / f"{name}.lock"):
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                whole.touch()
        return folder

    return made_once


@pytest.fixture
def modes_hold() -> Iterator[None]:
    """Let file modes hold in a test, whoever runs it."""
    if os.name != "posix" or (os.geteuid() == 0 and sys.platform != "linux"):
        pytest.skip("nothing is forbidden to this user")
    with modes.modes_hold() if os.geteuid() == 0 else nullcontext():
        yield


@pytest.fixture
def workspace(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace in which `calm` and `plain` are tones; the current folder."""
    folder = tmp_path / "classes"
    (folder / "voices").mkdir(parents=True)
    (folder / "scripts" / "segments").mkdir(parents=True)
    for name in ("calm", "plain"):
        (folder / "voices" / f"{name}.yaml").write_text(TONE, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder


@pytest.fixture
def calmcast(capsys: pytest.CaptureFixture[str]) -> Calmcast:
    """Run calmcast in this process."""
    from calmcast.cli.main import main

    def run(*arguments: str | Path) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Run(int(exit_.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def calmcast_process() -> Calmcast:
    """Run calmcast as a process of its own."""

    def run(*arguments: str | Path, **more: str) -> Run:
        command = [sys.executable, "-m", "calmcast", *map(str, arguments)]
        env = os.environ | more
        done = subprocess.run(command, capture_output=True, check=False, env=env, stdin=subprocess.DEVNULL)
        assert b"Traceback" not in done.stderr
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def needs(program: str) -> pytest.MarkDecorator:
    """Return the mark that skips a test where an outside program is missing; in CI it must be there."""
    missing = shutil.which(program) is None and not os.environ.get("CI")
    return pytest.mark.skipif(missing, reason=f"{program} is not installed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regold", action="store_true", help="write the golden files anew")
