"""What once failed, and a few new inputs, the same each time. `make fuzz` tries others for as long as one likes."""

import itertools
import signal
from pathlib import Path
from random import Random

import pytest

from calmcast.script.language.grammar import KEYS
from tests.fuzz.corpus import hidden, keep, kept, load, seen
from tests.fuzz.tree import Map, branches
from tests.fuzz.trial import FoundError, fault, furnished, hang_guard, made
from tests.fuzz.written import FILES, written

SEED, SHORT = 1, 8


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Path:
    """A workspace in which inputs are tried: each worker has its own."""
    folder = tmp_path_factory.mktemp("fuzz") / "workspace"
    furnished(folder)
    return folder


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, home: Path, store: Path) -> None:
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    monkeypatch.setenv("HOME", str(home.parent))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home.parent))


@pytest.mark.parametrize("path", kept(), ids=lambda path: path.stem)
def test_what_once_failed(home: Path, path: Path) -> None:
    assert fault(home, load(path)) is None


@pytest.mark.parametrize("kind", FILES)
def test_new_inputs(home: Path, kind: str) -> None:
    for number in range(SHORT):
        given = made(SEED, number, kind)
        assert fault(home, given) is None, f"python -m tests.fuzz --seed {SEED} --kind {kind} --only {number}: {given}"


def test_every_key_of_the_language_is_written() -> None:
    wrote = set[str]()
    for number in range(60):
        for kind in FILES:
            for branch in branches(written(kind, Random(number))):
                wrote |= {key for key, _ in branch.entries} if isinstance(branch, Map) else set()
    assert KEYS - wrote == set()


def test_an_input_follows_from_its_seed_and_number() -> None:
    assert made(5, 7) == made(5, 7)
    assert len({made(5, number).data for number in range(20)}) > 15


def test_what_is_wrong_is_noticed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = made(SEED, 0, "script")

    def broken(*anything: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("tests.fuzz.trial.calmcast.check", broken)
    told = fault(home, given)
    assert told is not None
    assert told.endswith("RecursionError: too deep\n")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system does not count a process's time")
def test_what_hangs_is_stopped() -> None:
    with pytest.raises(FoundError, match="processor time"), hang_guard(0.05):
        all(isinstance(each, int) for each in itertools.count())


def test_the_corpus_holds_every_byte(tmp_path: Path) -> None:
    for data in (bytes(range(256)), Random(1).randbytes(999), "a\\x41\\\\ é\u202e\ufeff\r\n🙂".encode(), b"\\", b""):
        assert hidden(seen(data)) == data
    given = made(SEED, 1)
    assert load(keep(given, "some-thing", tmp_path)) == given
