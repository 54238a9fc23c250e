"""A person's own voice, from the reading sheet to the track; tones read the lines."""

import json
import wave
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.takes.ledger import load_ledger
from calmcast.takes.names import meant
from calmcast.takes.prompts import Prompt
from calmcast.takes.sheet import read_sheet
from calmcast.track.cast import casting_of
from calmcast.track.references import references
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.workspace import Workspace
from tests.conftest import Calmcast

LINES = (
    "Hello, and welcome to this quiet hour.",
    "Let your shoulders soften.",
    "There is no hurry at all, and nothing that has to be done.",
    "Breathe in [1s] and out.",
    "Maybe your jaw would like that, too.",
    "Rest.",
    "Whenever you are ready, come back with small movements of your fingers.",
    "Thank you for being here today.",
)
OWN = Path("recordings") / "my-recordings"


@pytest.fixture
def script(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a script in one's own voice, its sheet written."""
    monkeypatch.setenv("CALMCAST_PLAYER", "none")
    steps = "".join(f"  - {json.dumps(line)}\n  - pause: 2s\n" for line in LINES)
    path = workspace / "scripts" / "mine.yaml"
    path.write_text(f"title: Mine\nvoice: my-recordings\nsegments:\n- title: All\n  role: exit\n  steps:\n{steps}")
    return path


def spoken(text: str, folder: Path) -> NDArray[np.int16]:
    """Return a line as the voice `calm` says it here, at 44 100 Hz."""
    here = Workspace.at(folder)
    (recording,) = references(here, casting_of(here, "calm").narrator, (Prompt(1, "x", text, "", ""),), lambda *_: None)
    return np.frombuffer(here.recordings.pcm(recording), "<i2").astype(np.int16)


def write(path: Path, *parts: NDArray[np.int16] | float) -> Path:
    """Write sounds, and silences in seconds with the faintest hiss, as a WAV file."""
    hiss = np.random.default_rng(3)
    sound = [p if not isinstance(p, float) else hiss.normal(0, 3, round(p * SAMPLE_RATE)) for p in parts]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.concatenate(sound).astype("<i2").tobytes())
    return path


def take(folder: Path, lines: tuple[str, ...], name: str = "New Recording 7.wav") -> Path:
    """Return one long recording in which these lines are read, two seconds apart."""
    parts: list[NDArray[np.int16] | float] = [1.5]
    for line in lines:
        parts += [spoken(line, folder), 2.0]
    return write(folder / name, *parts)


def texts(folder: Path) -> Mapping[str, str]:
    """Return the text of the newest take of each line by its id."""
    return {take.id: take.text for take in load_ledger(folder / OWN).newest().values()}


def test_one_long_take_is_cut_and_used(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    run = calmcast("record", "sheet", "mine")
    assert f"{len(LINES)} lines to read of {len(LINES)}" in run.out
    assert "Breathe in" in (workspace / OWN / "sheet.txt").read_text(encoding="utf-8")
    assert calmcast("check", "mine").err.count("not recorded, and calm speaks it") == len(LINES)
    whole = take(workspace, LINES)
    before = whole.read_bytes()
    run = calmcast("record", "import", whole, "--json")
    assert run.code == 0, run.err
    assert [each["text"] for each in run.json["takes"]] == [p.text for p in read_sheet(workspace / OWN, "x").prompts]
    assert run.json["missing"] == []
    assert whole.read_bytes() == before
    assert "not recorded" not in calmcast("check", "mine").err
    run = calmcast("render", "mine", "--strict-voice", "--json")
    assert run.code == 0, run.err
    assert "in place of" not in run.err
    beside = Path(run.json["tracks"][0]["path"]).with_suffix(".json")
    manifest = json.loads(beside.read_text(encoding="utf-8"))
    assert manifest["voices"]["my-recordings"]["stood_in_lines"] == 0
    assert calmcast("verify", run.json["tracks"][0]["path"]).code == 0
    assert "All 8 lines are recorded" in calmcast("record", "sheet", "mine").out


def test_what_is_missing_is_said_listed_and_refused(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    run = calmcast("record", "import", take(workspace, LINES[:5] + LINES[6:]))
    assert "1 line not found in the recording" in run.out
    assert "Rest." in run.out
    run = calmcast("render", "mine")
    assert run.code == 0
    assert "calm speaks 1 line in place of my-recordings (8 lines in all)" in run.err
    assert calmcast("verify", "output").code == 0
    refused = calmcast("render", "mine", "--strict-voice")
    assert refused.code == 4
    assert "calm would speak this in place of my-recordings" in refused.err
    assert '"Rest."' in refused.err
    assert "1 line to read of 8" in calmcast("record", "sheet", "mine").out
    sheet = (workspace / OWN / "sheet.txt").read_text(encoding="utf-8")
    assert "Rest." in sheet
    assert "Hello" not in sheet


def test_a_file_a_line_by_number_and_by_id(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    folder = workspace / "phone"
    folder.mkdir()
    name = read_sheet(workspace / OWN, "x").prompts[4].id
    write(folder / "Line 2.wav", 0.4, spoken(LINES[1], workspace), 0.4)
    write(folder / f"{name}.wav", 0.4, spoken(LINES[4], workspace), 0.4)
    write(folder / "holiday.wav", 1.0)
    run = calmcast("record", "import", folder)
    assert run.code == 0
    assert "2 lines imported" in run.out
    assert "holiday.wav was left out" in run.err
    assert set(texts(workspace).values()) == {LINES[1], LINES[4]}


def test_a_sheet_asks_for_what_a_length_says(calmcast: Calmcast, workspace: Path) -> None:
    everything = read_lines(calmcast, workspace, "psoas-release")
    short = read_lines(calmcast, workspace, "psoas-release", "-l", "5")
    longer = read_lines(calmcast, workspace, "psoas-release", "-l", "5", "-l", "12")
    assert len(short) < len(longer) < len(everything)
    assert set(short) < set(longer) < set(everything)
    plan = calmcast("plan", "psoas-release", "-l", "5", "--estimate", "--json").json
    assert {event["text"] for event in plan["events"] if event.get("text")} == set(short)


def test_a_sheet_of_a_class_asks_for_each_line_of_its_tracks_once(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "scripts" / "classes").mkdir(exist_ok=True)
    text = (
        "title: Two\ntracks:\n  - {script: seated-pause, lengths: 5 min}\n  - {script: psoas-release, lengths: 5 min}\n"
    )
    (workspace / "scripts" / "classes" / "two.yaml").write_text(text, encoding="utf-8")
    lines = read_lines(calmcast, workspace, "two")
    assert set(read_lines(calmcast, workspace, "psoas-release", "-l", "5")) < set(lines)
    assert set(read_lines(calmcast, workspace, "seated-pause", "-l", "5")) < set(lines)
    assert len(lines) == len(set(lines))
    refused = calmcast("record", "sheet", "two", "-l", "5")
    assert refused.code == 2
    assert "two is a class" in refused.err


def read_lines(calmcast: Calmcast, workspace: Path, *wanted: str) -> list[str]:
    """Write a sheet and return what it asks for."""
    run = calmcast("record", "sheet", *wanted)
    assert run.code == 0, run.err
    sheet = read_sheet(workspace / OWN, "x")
    assert [prompt.number for prompt in sheet.reading] == list(range(1, len(sheet.reading) + 1))
    return [prompt.text for prompt in sheet.reading]


def test_a_short_take_named_by_its_day_is_a_take(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    run = calmcast("record", "import", take(workspace, LINES).rename(workspace / "2026-11-29.wav"))
    assert "8 lines imported" in run.out
    assert run.code == 0


def test_a_file_that_means_no_line_is_told_even_where_it_is_all_there_is(
    calmcast: Calmcast, workspace: Path, script: Path
) -> None:
    calmcast("record", "sheet", "mine")
    run = calmcast("record", "import", write(workspace / "99.wav", 0.4, spoken(LINES[1], workspace), 0.4))
    assert run.code == 5
    assert "99.wav was left out: there is no line 99" in run.err
    assert "record import --as take" in run.err


def test_the_later_reading_replaces_and_the_originals_stay(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    first = write(workspace / "2.wav", 0.4, spoken(LINES[1], workspace), 0.4)
    calmcast("record", "import", first)
    before = load_ledger(workspace / OWN).newest()
    first.unlink()
    calmcast("record", "import", write(workspace / "2.wav", 0.2, spoken(LINES[1], workspace), 0.6))
    after = load_ledger(workspace / OWN)
    assert len(after.takes) == 2
    assert [t.file for t in after.newest().values()] != [t.file for t in before.values()]
    assert len(list((workspace / OWN / "originals").iterdir())) == 2


def test_a_changed_line_is_stale(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    calmcast("record", "import", take(workspace, LINES))
    script.write_text(script.read_text().replace("Let your shoulders soften.", "Let your shoulders be soft."))
    run = calmcast("check", "mine")
    assert run.err.count("this line was changed; its recording says `Let your shoulders soften.`") == 1
    assert "calm speaks 1 line in place" in calmcast("render", "mine").err
    assert "1 line to read of 8" in calmcast("record", "sheet", "mine").out
    calmcast("record", "review")
    assert "words have changed" in (workspace / OWN / "review.html").read_text(encoding="utf-8")


def test_review_accept_and_mend(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    calmcast("record", "import", write(workspace / "2.wav", 0.4, spoken(LINES[2], workspace), 0.4))
    (doubtful,) = load_ledger(workspace / OWN).newest().values()
    assert doubtful.doubt
    run = calmcast("record", "review")
    assert "1 line recorded, 1 in doubt, 7 missing" in run.out
    page = (workspace / OWN / "review.html").read_text(encoding="utf-8")
    assert f"calmcast record accept --voice my-recordings {doubtful.id}" in page
    assert calmcast("record", "accept", doubtful.id).code == 0
    assert "none in doubt" in calmcast("record", "review").out
    run = calmcast("record", "mend", doubtful.id, "--from", "0.4s", "--to", "0.9s")
    assert run.code == 0, run.err
    (mended,) = load_ledger(workspace / OWN).newest().values()
    assert (mended.start, mended.end) == (round(0.4 * SAMPLE_RATE), round(0.9 * SAMPLE_RATE))
    for wrong in (("nobody", "0s", "1s"), (doubtful.id, "1:00", "1:05")):
        assert calmcast("record", "mend", wrong[0], "--from", wrong[1], "--to", wrong[2]).code in (2, 5)
    assert calmcast("record", "mend", doubtful.id, "--from", "2s", "--to", "1s").code == 2
    assert load_ledger(workspace / OWN).newest() == dict.fromkeys(load_ledger(workspace / OWN).newest(), mended)


def test_what_is_no_recording_is_refused_plainly(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    assert "there is no reading sheet" in calmcast("record", "import", script).err
    calmcast("record", "sheet", "mine")
    (workspace / "3.m4a").write_bytes(b"this is no sound at all")
    (workspace / "4.wav").write_bytes(b"")
    silent = write(workspace / "5.wav", 2.0)
    for path in (workspace / "3.m4a", workspace / "4.wav", silent, workspace / "gone.wav"):
        run = calmcast("record", "import", path)
        assert run.code == 5, (path, run.err)
        assert "hint" in run.err
    assert load_ledger(workspace / OWN).takes == ()
    assert calmcast("record", "sheet", "mine", "--voice", "calm").code == 2
    assert "needs a terminal" in calmcast("record", "live", "mine").err


def test_a_name_that_means_no_line_is_explained(workspace: Path, calmcast: Calmcast, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    assert isinstance(meant("holiday.m4a", read_sheet(workspace / OWN, "x").prompts), str)


def test_long_recordings_are_takes_whatever_a_phone_calls_them(
    calmcast: Calmcast, workspace: Path, script: Path
) -> None:
    calmcast("record", "sheet", "mine")
    folder = workspace / "phone"
    folder.mkdir()
    parts: list[NDArray[np.int16] | float] = [1.5]
    for line in LINES[:4]:
        parts += [spoken(line, workspace), 12.0]
    write(folder / "New Recording 1.wav", *parts)
    write(folder / "New Recording 2.wav", *[1.5, *(x for line in LINES[4:] for x in (spoken(line, workspace), 12.0))])
    run = calmcast("record", "import", folder)
    assert run.code == 0, run.err
    assert "8 lines imported" in run.out
    assert "not found" not in run.out
    assert set(texts(workspace).values()) == {p.text for p in read_sheet(workspace / OWN, "x").prompts}


def test_readings_in_doubt_are_spoken_of(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    calmcast("record", "sheet", "mine")
    calmcast("record", "import", write(workspace / "2.wav", 0.4, spoken(LINES[2], workspace), 0.4))
    assert "1 reading is in doubt: calmcast record review --voice my-recordings" in calmcast("render", "mine").err
    assert "the recording of this line is in doubt" in calmcast("check", "mine").err
    (doubtful,) = load_ledger(workspace / OWN).newest().values()
    calmcast("record", "accept", doubtful.id)
    assert "in doubt" not in calmcast("render", "mine").err
