"""A hundred thousand recordings: what is asked of the index is answered at once."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from time import process_time

import pytest

from calmcast.store.folder import FolderStore
from calmcast.store.sealed import sealed
from calmcast.store.store import content_key

MANY = 100_000
LEAST_S = 0.3


def cpu_s(*arguments: str) -> float:
    """Return the processor time of a command that takes least of three times."""

    def used() -> float:
        times = os.times()
        return times.children_user + times.children_system

    taken = []
    for _ in range(3):
        before = used()
        subprocess.run([sys.executable, "-m", "calmcast", *arguments], check=True, stdout=subprocess.PIPE)
        taken.append(used() - before)
    return min(taken)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells processor time in another way")
def test_a_hundred_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [content_key("recording", number) for number in range(MANY)]
    head, data = bytes(400), bytes(100)
    digest = sha256(data).digest()
    for key in keys:
        path = tmp_path / "kept-1" / "recording" / key[10:12] / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data + sealed(key, len(data), digest, head).seal)
    store = FolderStore(tmp_path)
    began = process_time()
    assert store.info().number("recording") == MANY
    assert process_time() - began < 10, "an index is made of what lies there, and not one file opened"
    some = keys[:: MANY // 200]
    assert store.heads(some) == dict.fromkeys(some, head), "read from the files"
    began = process_time()
    assert store.heads(some) == dict.fromkeys(some, head)
    assert process_time() - began < 0.02
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path))
    large = cpu_s("store", "info")
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "empty"))
    assert large < max(LEAST_S, cpu_s("store", "info") + 0.15)
