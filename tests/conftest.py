"""What tests share: a workspace whose voices are tones, and calmcast as a user runs it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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


LONGEST = (
    "test_examples.py",
    "test_track.py",
    "test_sound.py",
    "test_own_voice.py",
    "test_verify.py",
    "test_install.py",
)
"""The files that take longest begin first, so that no worker waits for the other at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that all tests of a run share."""
    return tmp_path_factory.mktemp("store")


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
