"""A Piper model as onnxruntime has rewritten it: kept, found again, and speaking the very same samples."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calmcast.files import hidden_name
from calmcast.speech.engines import piper_session
from calmcast.speech.engines.piper import ENGINE
from calmcast.speech.engines.piper_session import open_session
from calmcast.speech.models.bundled import bundled

pytestmark = pytest.mark.real
WORDS = np.array([[1, 0, 20, 0, 33, 0, 14, 0, 59, 0, 3, 0, 24, 0, 18, 0, 26, 0, 10, 0, 2]])
Opened = Callable[..., Any]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens joe for a user who has kept nothing yet."""
    joe = bundled()
    if joe is None:
        pytest.skip("; ".join(ENGINE.missing({"voice": "joe"}) or ()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return partial(open_session, joe.weights, 1, draws=False)


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").rglob("models/*"))


def said(session: Any, chance: float = 0.0) -> list[bytes]:
    """Return the samples of a few sounds, and the length of each."""
    scales = np.array([chance, 1.3, chance], dtype=np.float32)
    return [out.tobytes() for out in session.run(None, {
        "input": WORDS, "input_lengths": np.array([WORDS.size]), "scales": scales,
    })]  # fmt: skip


def test_what_is_kept_opens_again_and_says_the_same(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = said(opened())
    (file,) = kept(tmp_path)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read again"))
    assert said(opened()) == first
    assert kept(tmp_path) == [file]
    assert len(first) == 2, "the length of each sound is told too"


@pytest.mark.parametrize("fault", ["a flipped bit", "half of it", "nothing"])
def test_what_is_damaged_is_made_again(opened: Opened, tmp_path: Path, fault: str) -> None:
    first = said(opened())
    (file,) = kept(tmp_path)
    whole = bytearray(file.read_bytes())
    if fault == "a flipped bit":
        whole[len(whole) // 2] ^= 4
    file.write_bytes(whole if fault == "a flipped bit" else whole[: len(whole) // 2] if fault == "half of it" else b"")
    assert said(opened()) == first
    assert kept(tmp_path) == [file]
    assert said(opened()) == first


def test_a_file_with_a_right_name_that_is_no_model_is_passed_over(opened: Opened, tmp_path: Path) -> None:
    first = said(opened())
    (file,) = kept(tmp_path)
    key, file_check = file.stem.split("-")[0], piper_session._check
    file.write_bytes(b"no model")
    file.rename(file.with_name(f"{key}-{file_check(file):08x}.onnx"))
    assert said(opened()) == first


def test_where_nothing_can_be_kept_the_voice_speaks_all_the_same(opened: Opened, tmp_path: Path) -> None:
    first = said(opened())
    for file in kept(tmp_path):
        file.unlink()
    (tmp_path / "cache" / "calmcast" / "models").rmdir()
    (tmp_path / "cache" / "calmcast" / "models").write_text("in the way", encoding="utf-8")
    assert said(opened()) == first


def test_few_are_kept_and_the_one_used_last_is_one_of_them(opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "calmcast" / "models"
    folder.mkdir(parents=True)
    for number in range(7):
        (folder / f"{number}.onnx").write_bytes(b"of another model")
    opened()
    assert len(kept(tmp_path)) == piper_session._MOST
    assert any(len(path.stem) > 1 for path in kept(tmp_path))


def test_what_a_killed_process_left_half_written_goes_with_the_next(opened: Opened, tmp_path: Path) -> None:
    opened()
    (file,) = kept(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    draft = file.with_name(hidden_name().replace(f"-{os.getpid()}-", f"-{ended.pid}-"))
    draft.write_bytes(b"60 MB of it")
    opened()
    assert kept(tmp_path) == [file]


def test_chance_is_the_same_whatever_is_kept(opened: Opened, tmp_path: Path) -> None:
    """It depends on the place of each node, which another model has elsewhere."""
    lively = partial(opened, draws=True)
    first = said(lively(), 0.5)
    assert kept(tmp_path) == []
    opened()
    assert said(lively(), 0.5) == first
    assert said(opened()) != first


def test_what_can_only_be_read_is_used_as_it_is(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is mounted so refuses to note when its file was used."""
    first = said(opened())

    def refuse(path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read again"))
    assert said(opened()) == first


@pytest.mark.parametrize("fault", ["a folder of its name", "folders beside it"])
def test_a_model_is_opened_once_where_it_cannot_be_kept(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Two at a time would take half as much memory again."""
    first = said(opened())
    (file,) = kept(tmp_path)
    file.unlink()
    for name in [file.name] if fault == "a folder of its name" else map(str, range(piper_session._MOST + 1)):
        (file.parent / name / "inside").mkdir(parents=True)
    times, once = list[object](), piper_session._opened

    def counted(*model: Any) -> Any:
        times.append(model)
        return once(*model)

    monkeypatch.setattr(piper_session, "_opened", counted)
    assert said(opened()) == first
    assert len(times) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no folder is closed to everybody")
def test_where_nothing_can_be_written_onnxruntime_does_not_try_a_second_time(
    opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = said(opened())
    (file,) = kept(tmp_path)
    file.unlink()
    file.parent.rmdir()
    file.parent.symlink_to("/proc/self/fdinfo")
    assert said(opened()) == first
    assert capsys.readouterr().out == "", "it tells when it does, and holds the first one meanwhile"
