"""Nothing that was read is lost: not to a kill, a damaged file, or two processes at once."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from calmcast.errors import SoundError
from calmcast.takes.ledger import (
    Ledger,
    Take,
    accept_takes,
    add_takes,
    keep_original,
    load_ledger,
    save_ledger,
)

TAKE = Take("rest-7k2m", "Let your head be held.", "originals/ab12.m4a", 10, 2_000, None, False, 0)


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    takes = add_takes(
        tmp_path / "mara", (TAKE, replace(TAKE, text="Süß, “ja”.", doubt="at 0:03 this may be another line"))
    )
    assert [take.number for take in takes] == [1, 2]
    assert load_ledger(tmp_path / "mara") == Ledger(takes)
    assert "Süß" in (tmp_path / "mara" / "takes.json").read_text(encoding="utf-8")


def test_no_folder_is_an_empty_ledger(tmp_path: Path) -> None:
    assert load_ledger(tmp_path / "nowhere") == Ledger()
    assert not (tmp_path / "nowhere").exists()


def test_the_newest_take_of_the_same_words_is_used_and_the_others_stay(tmp_path: Path) -> None:
    add_takes(tmp_path, (TAKE,))
    add_takes(tmp_path, (replace(TAKE, start=50, text="Let your head be held!"),))
    ledger = load_ledger(tmp_path)
    assert len(ledger.takes) == 2
    assert ledger.newest() == {"let your head be held": ledger.takes[1]}


def test_a_changed_line_finds_its_take(tmp_path: Path) -> None:
    del tmp_path
    other = replace(TAKE, text="Nobody is going to ask you for the results.", number=2)
    ledger = Ledger((TAKE, other))
    assert ledger.stale(("Let your head be heavy.", "Breathe in.")) == ((TAKE, "Let your head be heavy."),)
    assert ledger.stale(("Let your head be held!", "Let your head be heavy.")) == ()
    assert ledger.stale(()) == ()


def test_of_two_near_lines_each_take_gets_its_own() -> None:
    one, two = replace(TAKE, text="Soften your left hand."), replace(TAKE, text="Soften your right hand.", number=2)
    found = Ledger((one, two)).stale(("Soften the right hand.", "Soften the left hand."))
    assert {take.text: text for take, text in found} == {
        "Soften your left hand.": "Soften the left hand.",
        "Soften your right hand.": "Soften the right hand.",
    }


def test_what_was_listened_to_is_noted(tmp_path: Path) -> None:
    add_takes(tmp_path, (TAKE, replace(TAKE, doubt="at 0:01 the line is very quiet")))
    (accepted,) = accept_takes(tmp_path, ["rest-7k2m"])
    assert accepted.number == 2
    assert [take.accepted for take in load_ledger(tmp_path).takes] == [False, True]
    with pytest.raises(SoundError, match="no reading of a line called rest-zzzz"):
        accept_takes(tmp_path, ["rest-7k2m", "rest-zzzz"])


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '{"takes": [{}]}', '{"calmcast": 1, "takes": [{"id": 3}]}', "[" * 100_000, "\udcff"]
)
def test_a_damaged_ledger_is_said_and_never_written_over(tmp_path: Path, damaged: str) -> None:
    add_takes(tmp_path, (TAKE,))
    add_takes(tmp_path, (TAKE,))
    path = tmp_path / "takes.json"
    path.write_bytes(damaged.encode(errors="surrogateescape"))
    before = path.read_bytes()
    for act in (
        lambda: load_ledger(tmp_path),
        lambda: add_takes(tmp_path, (TAKE,)),
        lambda: save_ledger(tmp_path, Ledger()),
    ):
        with pytest.raises(SoundError, match="is damaged") as caught:
            act()
        assert "takes.json.bak" in str(caught.value.hint)
    assert path.read_bytes() == before
    (tmp_path / "takes.json.bak").replace(path)
    assert len(load_ledger(tmp_path).takes) == 1


@pytest.mark.parametrize("file", ["../secret.wav", "/etc/passwd", "C:/a.wav", "originals\\a.wav"])
def test_a_ledger_names_no_file_outside_its_folder(tmp_path: Path, file: str) -> None:
    add_takes(tmp_path, (TAKE,))
    path = tmp_path / "takes.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["takes"][0]["file"] = file
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(SoundError, match="is damaged"):
        load_ledger(tmp_path)


def test_a_newer_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / "takes.json").write_text('{"calmcast": 99, "takes": []}', encoding="utf-8")
    with pytest.raises(SoundError, match="newer calmcast"):
        load_ledger(tmp_path)


def test_originals_are_kept_once_and_as_they_were(tmp_path: Path) -> None:
    given = tmp_path / "New Recording 12.M4A"
    given.write_bytes(b"sound" * 1000)
    file = keep_original(tmp_path / "mara", given)
    assert file == keep_original(tmp_path / "mara", given)
    assert file.startswith("originals/")
    assert file.endswith(".m4a")
    assert (tmp_path / "mara" / file).read_bytes() == given.read_bytes()
    assert [p.name for p in (tmp_path / "mara" / "originals").iterdir()] == [file.removeprefix("originals/")]
    with pytest.raises(SoundError, match="cannot be read"):
        keep_original(tmp_path / "mara", tmp_path / "gone.m4a")


def test_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from calmcast.takes.ledger import Take, add_takes\n"
        "takes = [Take('a-b', f'{sys.argv[2]} {i}', 'f', 0, 1, None, False, 0) for i in range(15)]\n"
        "for take in takes: add_takes(Path(sys.argv[1]), (take,))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name]) for name in "abc"]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    takes = load_ledger(tmp_path).takes
    assert sorted(take.number for take in takes) == [*range(1, 46)]
    assert {take.text for take in takes} == {f"{name} {i}" for name in "abc" for i in range(15)}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in another way")
def test_a_killed_process_leaves_a_whole_ledger(tmp_path: Path) -> None:
    add_takes(tmp_path, (TAKE,))
    program = (
        "import sys; from pathlib import Path; from calmcast.takes.ledger import *\n"
        "print(flush=True)\n"
        "while True: save_ledger(Path(sys.argv[1]), Ledger((Take('a-b', 'x' * 9999, 'f', 0, 1, None, False, 1),)))"
    )
    for wait_ms in (1, 7, 13):
        with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(wait_ms / 1000)
            process.kill()
        assert len(load_ledger(tmp_path).takes) == 1


def test_a_reading_in_doubt_takes_no_good_ones_place_until_it_is_accepted(tmp_path: Path) -> None:
    good, doubtful = add_takes(tmp_path, (TAKE, replace(TAKE, start=50, doubt="at 0:00 is it this line?")))
    ledger = load_ledger(tmp_path)
    assert list(ledger.newest().values()) == [good]
    assert list(ledger.latest().values()) == [doubtful]
    accept_takes(tmp_path, [TAKE.id])
    assert list(load_ledger(tmp_path).newest().values()) == [replace(doubtful, accepted=True)]


def test_a_reading_in_doubt_is_used_where_there_is_no_other(tmp_path: Path) -> None:
    (doubtful,) = add_takes(tmp_path, (replace(TAKE, doubt="at 0:00 is it this line?"),))
    assert list(load_ledger(tmp_path).newest().values()) == [doubtful]
