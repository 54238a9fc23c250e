"""Engines that go wrong: each fault is noticed, its phrase spoken by a fresh process, the failure told in time."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.model.voice import Recording
from calmcast.speech.run.job import Patience
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.speaking import IMPATIENT, finish, install_faulty, jobs

ISOLATIONS = ["faulty", *(["faulty-forked"] if hasattr(os, "fork") else []), "faulty-fresh"]
FAULTS = {
    "hang": "within 1.5 seconds",
    "late": "within 1.5 seconds",
    "crash": "crashed|ended by itself",
    "exit": r"ended by itself \(exit code 3\)",
    "leave": r"ended by itself \(exit code 0\)",
    "error": "the flute is broken",
    "forget": "no file",
    "empty": "empty file",
    "silence": "silence",
    "no_samples": "recorded nothing",
    "truncated": "cut short",
    "half": "too short",
    "random_bytes": "not audio",
    "noise": "noise",
    "full_noise": "noise",
    "endless": "too long",
}
LINES = ("The first line is quite all right.", "Then oops in the second line.", "The third line is all right again.")


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the faulty engine, installed, counts."""
    install_faulty(monkeypatch, tmp_path / "package")
    (tmp_path / "counted").mkdir()
    return tmp_path / "counted"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[Recording]:
    """Return the lines as an engine without faults speaks them."""
    spoken, _ = speak(jobs("tone", *LINES), Recordings.at(tmp_path_factory.mktemp("sound")), finish, processes=1)
    return [*spoken]


def alive(counted: Path) -> list[int]:
    """Return the processes of the engine that still run."""
    found = []
    for file in counted.glob("*.process"):
        number = int(file.stem)
        stat = Path(f"/proc/{number}/stat")
        if number != os.getpid() and stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z":
            found.append(number)
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed_and_the_phrase_spoken_by_a_fresh_process(
    fault: str, counted: Path, tmp_path: Path, sound: list[Recording]
) -> None:
    settings = {"fault": fault, "times": "1", "folder": str(counted)}
    faulty = jobs("faulty", *LINES, settings=settings)

    recordings, new = speak(faulty, Recordings.at(tmp_path / "a"), finish, processes=1, patience=IMPATIENT)

    assert new == 3
    assert [r.samples for r in recordings] == [r.samples for r in sound]
    assert [r.loudness for r in recordings] == [r.loudness for r in sound]
    assert len([*counted.glob("*.time")]) == 1


@pytest.mark.parametrize("engine", ISOLATIONS)
@pytest.mark.parametrize("fault", ["hang", "crash", "error"])
def test_a_fault_that_stays_is_told_with_its_line(engine: str, fault: str, counted: Path, tmp_path: Path) -> None:
    store = Recordings.at(tmp_path / "store")
    faulty = jobs(engine, *LINES, settings={"fault": fault, "folder": str(counted)})

    with pytest.raises(UnspokenError, match=FAULTS[fault]) as caught:
        speak(faulty, store, finish, processes=1, patience=IMPATIENT)

    assert caught.value.index == 1
    assert "Then oops in the second line." in caught.value.message
    assert "2 times" in caught.value.message
    assert len([*counted.glob("*.time")]) == 2
    assert store.store.info().number("recording") == 1, "the line before it is kept"
    if sys.platform == "linux":
        # a forked child is killed by the system when its parent is gone, which takes it a moment
        until(lambda: not alive(counted))


def test_the_fault_of_the_first_of_several_lines_is_told(counted: Path, tmp_path: Path) -> None:
    lines = [f"Oops number {i}, and oops again." for i in range(6)]
    faulty = jobs("faulty", "A good line.", *lines, settings={"fault": "error", "folder": str(counted)})
    with pytest.raises(UnspokenError) as caught:
        speak(faulty, Recordings.at(tmp_path / "store"), finish, processes=3, patience=IMPATIENT)
    assert caught.value.index == 1


@pytest.mark.parametrize("engine", ISOLATIONS)
def test_what_an_engine_prints_reaches_nobody(
    engine: str, counted: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    faulty = jobs(engine, *LINES, settings={"fault": "chatter", "folder": str(counted)})
    recordings, _ = speak(faulty, Recordings.at(tmp_path / "store"), finish, processes=1, patience=IMPATIENT)
    assert len(recordings) == 3
    assert len([*counted.glob("*.time")]) == 1, "spoken at the first try"
    assert capfd.readouterr() == ("", "")


def test_an_engine_that_writes_among_the_replies_is_replaced(counted: Path, tmp_path: Path) -> None:
    settings = {"fault": "nonsense", "times": "1", "folder": str(counted)}
    faulty = jobs("faulty", *LINES, settings=settings)
    recordings, _ = speak(faulty, Recordings.at(tmp_path / "store"), finish, processes=1, patience=IMPATIENT)
    assert len(recordings) == 3


def test_an_engine_that_does_not_start_is_told_in_time(counted: Path, tmp_path: Path) -> None:
    faulty = jobs("faulty", *LINES, settings={"fault": "no_start", "folder": str(counted)})
    patience = Patience(start_s=1.0, phrase_s=1.0, word_s=0.0, tries=2)
    with pytest.raises(UnspokenError, match="did not start within 1 seconds"):
        speak(faulty, Recordings.at(tmp_path / "store"), finish, processes=2, patience=patience)


def test_a_setting_that_the_engine_refuses_is_not_tried_again(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="there is no speech engine `nobody`"):
        jobs("nobody", "A line.")
    assert not (tmp_path / "store").exists()


def test_nothing_is_left_in_the_folder_for_temporary_files(
    counted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    faulty = jobs("faulty", *LINES, settings={"fault": "crash", "times": "1", "folder": str(counted)})
    speak(faulty, Recordings.at(tmp_path / "store"), finish, processes=2, patience=IMPATIENT)
    assert not [*temporary.iterdir()]


PARENT = """
    import sys
    from pathlib import Path
    from tests.speech.speaking import jobs, finish
    from calmcast.speech.run.speak import speak
    from calmcast.store.recordings import Recordings

    settings = {"fault": sys.argv[2], "folder": sys.argv[3]}
    lines = ["A good line.", "Oops, oops.", "And oops."] * 2
    speak(jobs(sys.argv[1], *lines, settings=settings), Recordings.at(Path(sys.argv[4])), finish, processes=2)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("engine", ISOLATIONS)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_a_parent_that_is_killed(
    engine: str, how: signal.Signals, counted: Path, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-c", textwrap.dedent(PARENT), engine, "hang", str(counted), str(tmp_path / "store")]
    parent = subprocess.Popen(
        command, env={**os.environ, "TMPDIR": str(temporary)}, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until(lambda: len([*counted.glob("*.time")]) == 2)
    running = alive(counted)

    parent.send_signal(how)
    parent.wait()

    assert running
    until(lambda: not set(alive(counted)) - {os.getpid()})
    until(lambda: not [*temporary.iterdir()])


def until(condition: object, limit_s: float = 30.0) -> None:
    """Return when the condition holds; fail where it never does."""
    assert callable(condition)
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)
