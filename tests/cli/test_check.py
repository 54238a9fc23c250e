"""`calmcast check` as a teacher uses it, with tones for voices."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import BELLS
from calmcast.cli.check import _bars
from calmcast.units import SAMPLE_RATE as S
from tests.conftest import Calmcast
from tests.soundfiles import noise, sine, write, write_pcm

SAFE = """\
title: Safe
segments:
  - title: Notice
    role: notice
    steps:
      - Hello, and welcome.
      - Some people meet a feeling here.
  - title: Check
    role: check
    steps:
      - How comfortable are you?
  - title: Quiet
    steps:
      - I'll be quiet for a while.
      - rest: 20s
  - title: Out
    role: exit
    steps:
      - Come back in your own time.
"""


HIDES = "voices/calm.yaml:1:1: note: this takes the place of the voice `calm` that ships with calmcast"


@pytest.fixture
def safe(workspace: Path) -> Path:
    path = workspace / "scripts" / "safe.yaml"
    path.write_text(SAFE, encoding="utf-8")
    return path


def test_a_careful_script(calmcast: Calmcast, safe: Path) -> None:
    run = calmcast("check", "safe", "--strict")
    assert (run.code, run.err) == (0, f"{HIDES}\n")
    assert run.out == "1 script: 0 errors, 0 warnings\n"


def test_what_takes_the_place_of_what_ships_is_named_once(calmcast: Calmcast, safe: Path) -> None:
    (safe.parent / "psoas-release.yaml").write_text("extends: psoas-release\ntitle: Mine\n", encoding="utf-8")
    (safe.parent / "segments" / "settle.yaml").write_text("title: S\nsteps: [Rest.]\n", encoding="utf-8")
    (safe.parent / "segments" / "own.yaml").write_text("title: S\nsteps: [Rest.]\n", encoding="utf-8")
    run = calmcast("check")
    notes = [line.partition(": note: ")[0] for line in run.err.splitlines() if ": note: " in line]
    places = ("scripts/psoas-release.yaml", "scripts/segments/settle.yaml", "voices/calm.yaml", "voices/plain.yaml")
    assert notes == [f"{place}:1:1" for place in places]
    assert calmcast("check", "safe").err.splitlines() == [HIDES]


def test_warnings_and_how_to_say_it(calmcast: Calmcast, safe: Path) -> None:
    safe.write_text(SAFE.replace("Hello, and welcome.", "Hello. You must relax."), encoding="utf-8")
    run = calmcast("check", "safe")
    assert run.code == 0
    assert "scripts/safe.yaml:6:16: warning: `you must` is a command\n" in run.err
    assert "      - Hello. You must relax.\n" + " " * 19 + "^^^^^^^^\n" in run.err
    assert "hint: for example: `Perhaps you let go a little.`" in run.err
    assert calmcast("check", "safe", "--strict").code == 2


def test_nothing_is_spoken_without_a_length(
    calmcast: Calmcast, safe: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "store"))
    run = calmcast("check", "safe", "--json")
    assert run.json["problems"] == []
    (note,) = run.json["notes"]
    assert (note["severity"], note["file"]) == ("note", "voices/calm.yaml")
    assert not [*(tmp_path / "store").rglob("recording-*")]


def test_lengths_in_a_table(calmcast: Calmcast, safe: Path) -> None:
    run = calmcast("check", "safe", "--length", "1,2", "-l", "10")
    assert run.code == 0
    table = [line.split() for line in run.out.splitlines() if line]
    assert table[:2] == [
        ["Safe"],
        ["length", "silence", "usual", "longest", "checks", "words", "words", "in", "each", "minute"],
    ]
    assert [row[:2] for row in table[2:5]] == [["1", "min"], ["2", "min"], ["10", "min"]]
    assert [row[-3:] for row in table[3:4]] == [["25", "19", "6"]]
    assert table[4][-10:] == ["19", *["0"] * 8, "6"]
    assert "this script can last from 0:" in run.out
    assert "as long as you like" in run.out
    assert table[4][2:6] == ["99%", "48%", "to", "62%"]
    assert "at 10 min, nobody asks after comfort from 0:" in run.err
    assert "at 2 min" not in run.err
    assert run.out.endswith("1 script: 0 errors, 1 warning\n")


def test_a_silence_that_grows_past_a_minute(calmcast: Calmcast, safe: Path) -> None:
    safe.write_text(SAFE.replace("I'll be quiet for a while.", "This is yours."), encoding="utf-8")
    assert calmcast("check", "safe", "--strict").code == 0
    run = calmcast("check", "safe", "-l", "2", "--strict")
    assert run.code == 2
    assert "scripts/safe.yaml:15:15: warning: at 2 min, a silence of 1:" in run.err
    safe.write_text(
        safe.read_text().replace(
            "- title: Quiet\n", "- title: Quiet\n    allow: {unannounced-silence: a bell does it}\n"
        )
    )
    assert calmcast("check", "safe", "-l", "2", "--strict").code == 0


def test_what_is_wrong_at_any_length_is_said_once(calmcast: Calmcast, safe: Path) -> None:
    grown = SAFE.replace("I'll be quiet for a while.", "This is yours.").replace("rest: 20s", "rest: 60s")
    safe.write_text(grown, encoding="utf-8")
    run = calmcast("check", "safe", "-l", "2,3", "--json")
    assert [problem["code"] for problem in run.json["problems"]] == ["unannounced-silence"]


def test_a_length_that_cannot_be(calmcast: Calmcast, safe: Path) -> None:
    run = calmcast("check", "safe", "-l", "5s,1")
    assert run.code == 0
    assert "5 s is too short for Safe" in run.err
    table = [line.split() for line in run.out.splitlines() if line]
    assert table[2] == ["5", "s", *["-"] * 6]
    assert table[3][:2] == ["1", "min"]
    assert calmcast("check", "safe", "-l", "5s", "--strict").code == 2


def test_lengths_as_json(calmcast: Calmcast, safe: Path) -> None:
    run = calmcast("check", "safe", "-l", "10,5s", "--json")
    assert [problem["code"] for problem in run.json["problems"]] == ["no-check", "no-such-length"]
    (script,) = run.json["scripts"]
    assert script.keys() == {"title", "options", "feasible_s", "lengths"}
    assert script["title"] == "Safe"
    assert script["feasible_s"][1] is None
    long, short = script["lengths"]
    assert short == {"length_s": 5, "possible": False}
    assert long.keys() == {
        "length_s", "possible", "silence_share", "usual_silence_share", "longest_silence", "checks", "late_checks",
        "without_check", "unannounced", "set_up", "words", "words_a_minute",
    }  # fmt: skip
    assert long["usual_silence_share"] == [0.48, 0.62]
    assert len(long["words_a_minute"]) == 10
    assert sum(long["words_a_minute"]) == long["words"] == 25
    assert len(long["checks"]) == len(long["without_check"]) == 1
    assert long["unannounced"] == []
    assert long["longest_silence"]["end_s"] > long["longest_silence"]["start_s"]


def test_choices_are_for_a_length(calmcast: Calmcast, safe: Path) -> None:
    assert calmcast("check", "-l", "10").code == 2
    assert calmcast("check", "safe", "--guidance", "less").code == 2
    assert calmcast("check", "safe", "--guidance", "less", "-l", "2").code == 0


def test_a_script_with_errors_is_not_spoken(calmcast: Calmcast, safe: Path) -> None:
    safe.write_text(SAFE.replace("rest: 20s", "rest: soon"), encoding="utf-8")
    run = calmcast("check", "safe", "-l", "10")
    assert run.code == 2
    assert "words in each minute" not in run.out


def test_bars_on_a_terminal_and_numbers_off_it(monkeypatch: pytest.MonkeyPatch) -> None:
    words = (0, 1, 24, 25, 50, 75, 130)
    assert _bars(words) == "0 1 24 25 50 75 130"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert _bars(words) == "▁▂▂▃▅▇▇"


def test_a_voice_of_another_language_is_noticed(calmcast: Calmcast, workspace: Path) -> None:
    steps = "[Ruh dich aus., rest: 20s]"
    text = "title: R\nlanguage: de-DE\n{}length: 1 min\nsegments: [{{title: A, role: exit, steps: " + steps + "}}]\n"
    script = workspace / "scripts" / "ruhe.yaml"
    script.write_text(text.format(""))
    run = calmcast("check", "ruhe")
    assert "the script is in de-DE, and its voice `calm` speaks en-US" in run.err
    assert "choose voice: ruhig" in run.err
    script.write_text(text.format("voice: ruhig\n"))
    assert "speaks en-US" not in calmcast("check", "ruhe").err
    script.write_text(text.format("allow: {other-language: on purpose}\n"))
    assert "speaks en-US" not in calmcast("check", "ruhe").err


def test_phonemes_in_a_line_are_looked_at(calmcast: Calmcast, workspace: Path) -> None:
    steps = '["Your {psoas|/ˈsoʊæs/} rests.", "Your {psoas|/q¤/} rests.", rest: 20s]'
    (workspace / "scripts" / "ipa.yaml").write_text(
        f"title: R\nlength: 1 min\nsegments: [{{title: A, role: exit, steps: {steps}}}]\n", encoding="utf-8"
    )
    run = calmcast("check", "ipa")
    assert run.err.count("have signs that IPA does not: ¤") == 1


def test_a_lexicon_of_ones_own_adds_to_the_one_that_ships(calmcast: Calmcast, workspace: Path) -> None:
    steps = "[Your SI joint and your QL rest., rest: 20s]"
    text = f"title: S\nlength: 1 min\nsegments: [{{title: A, role: exit, steps: {steps}}}]\n"
    (workspace / "scripts" / "si.yaml").write_text(text)
    assert "`QL` in capitals" in calmcast("check", "si").err
    folder = workspace / "voices" / "lexicon"
    folder.mkdir()
    (folder / "en.yaml").write_text("language: en\nwords:\n  - {word: QL, case: yes, say: Q L}\n")
    err = calmcast("check", "si").err
    assert "`QL`" not in err
    assert "`SI`" not in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "language: en\nwords:\n  - {word: QL, say: [Q\n",
            "voices/lexicon/en.yaml:3:5: error: this bracket is never closed",
        ),
        ("language: en\nwords:\n  - {word: QL, sya: Q L}\n", "voices/lexicon/en.yaml:3:16: error: "),
        ("language: en\nwords:\n  - {word: QL, phonemes: {ipa: q¤}}\n", "voices/lexicon/en.yaml:3:32: warning: "),
    ],
)
def test_a_broken_lexicon_is_what_is_wrong(calmcast: Calmcast, workspace: Path, text: str, told: str) -> None:
    """Its words are not said to be unknown, and whatever uses the voice is told of it with its place."""
    steps = "[Your SI joint and your QL rest., rest: 20s]"
    script = f"title: S\nlength: 1 min\nsegments: [{{title: A, role: exit, steps: {steps}}}]\n"
    (workspace / "scripts" / "si.yaml").write_text(script)
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "classes" / "week.yaml").write_text("title: W\ntracks: [si]\n")
    (workspace / "voices" / "lexicon").mkdir()
    (workspace / "voices" / "lexicon" / "en.yaml").write_text(text)
    for name in ("si", "week"):
        run = calmcast("check", name)
        assert run.err.count(told) == 1
        assert "`QL` in capitals" not in run.err
        assert "`SI` in capitals" not in run.err
        assert (run.code == 2) == ("error" in told)


def test_a_broken_voice_is_told_of_by_the_scripts_that_it_speaks(
    calmcast: Calmcast, safe: Path, workspace: Path
) -> None:
    (workspace / "voices" / "plain.yaml").write_text("perfer: [{engine: tone}]\n")
    assert calmcast("check", "safe", "--strict").code == 0
    safe.write_text(SAFE.replace("    role: check\n", "    role: check\n    voice: plain\n"), encoding="utf-8")
    run = calmcast("check", "safe")
    assert run.code == 2
    assert "voices/plain.yaml:1:1: error: " in run.err


SOUNDS = """\
bed: {file: music/rain.mp3}
bells:
  start: {sound: bowl, pitch: A9}
  end: {sound: zwirl}
  every: {time: 5 min, sound: wood, length: 3s}
  at: [{time: 50 %, file: bells/own.wav}, {time: -1:00, file: bells/lnk.wav}]
"""


def test_sounds_that_cannot_be(calmcast: Calmcast, safe: Path, workspace: Path) -> None:
    beds = ("bed: {sound: rain, key: D}", "bed: zwirl", "bed: {sound: drone, key: D}")
    text = SAFE.replace("segments:\n", f"{SOUNDS}segments:\n")
    for title, bed in zip(("Notice", "Check", "Quiet"), beds, strict=True):
        text = text.replace(f"  - title: {title}\n", f"  - title: {title}\n    {bed}\n")
    safe.write_text(text, encoding="utf-8")
    for name in ("music/rain.m4a", "bells/one.wav", "bells/other.txt"):
        (workspace / name).parent.mkdir(exist_ok=True)
        (workspace / name).write_bytes(b"")
    (workspace / "bells" / "lnk.wav").symlink_to("/etc/hostname")
    run = calmcast("check", "safe", "--json")
    assert run.code == 2
    told = [(p["code"], p["line"], p["column"], p["message"], p["hint"]) for p in run.json["problems"]]
    assert told == [
        ("no-such-bed", 2, 13, "there is no sound file `music/rain.mp3`", "did you mean `music/rain.m4a`?"),
        ("no-such-bell", 4, 18, "the bell `bowl` cannot ring at A9", "choose a pitch from A2 (110 Hz) to A4 (440 Hz)"),
        ("no-such-bell", 5, 16, "there is no bell called `zwirl`", f"the bells are: {', '.join(BELLS)}"),
        ("no-such-bell", 6, 31, "the bell `wood` cannot ring for 3 s", "choose a length from 0.25 s to 1 s"),
        ("no-such-bell", 7, 27, "there is no sound file `bells/own.wav`", "did you mean `bells/one.wav`?"),
        ("no-such-bell", 7, 63, "`bells/lnk.wav` leads out of the workspace",
         f"copy the file into the workspace: {workspace}"),
        ("no-such-bed", 10, 18, "the bed `rain` has no key", "leave key out; `drone` and `pad` have one"),
        ("no-such-bed", 16, 10, "there is no bed called `zwirl`",
         f"the beds are: {', '.join(BEDS)}"),
    ]  # fmt: skip


def test_a_sound_file_that_is_nowhere(calmcast: Calmcast, safe: Path, workspace: Path) -> None:
    safe.write_text(SAFE.replace("segments:\n", "bed: {file: sea.mp3}\nsegments:\n"), encoding="utf-8")
    run = calmcast("check", "safe")
    assert "scripts/safe.yaml:2:13: error: there is no sound file `sea.mp3`\n    bed: {file: sea.mp3}\n" in run.err
    assert f"hint: put it there: {workspace / 'sea.mp3'}" in run.err
    write(workspace / "sea.mp3", noise(3.0))
    assert calmcast("check", "safe").code == 0


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200_000])


def film(path: Path) -> None:
    """Write a film without sound."""
    import av

    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("place", ["bed", "bell"])
@pytest.mark.parametrize(
    ("make", "bed", "bell"),
    [
        (lambda path: path.write_bytes(b""), "own.wav is empty", "own.wav is empty"),
        (lambda path: path.write_text("la la la"), "own.wav is not a sound file that can be read", None),
        (lambda path: write_pcm(path, np.zeros(3 * S, np.int16)), "there is nothing to hear in own.wav", None),
        (lambda path: write(path, sine(440.0, 0.4)), "own.wav lasts only 0.4 s", ""),
        (lambda path: write(path, sine(440.0, 70.0)), "", "own.wav is longer than a minute, and a bell is not"),
        (lambda path: cut_off(write(path, noise(9.0))), "own.wav was cut off: its end is missing", None),
        (film, "own.wav has no sound in it", None),
    ],
)  # fmt: skip
def test_a_sound_file_that_cannot_be_used(
    calmcast: Calmcast,
    safe: Path,
    workspace: Path,
    make: Callable[[Path], object],
    bed: str,
    bell: str | None,
    place: str,
) -> None:
    head = "bed: {file: own.wav}\n" if place == "bed" else "bells: {start: {file: own.wav}}\n"
    safe.write_text(SAFE.replace("segments:\n", f"{head}segments:\n"), encoding="utf-8")
    make(workspace / "own.wav")
    said = bed if place == "bed" or bell is None else bell
    run = calmcast("check", "safe", "--json")
    told = [(p["code"], p["line"], p["column"], p["message"]) for p in run.json["problems"]]
    assert told == ([(f"no-such-{place}", 2, head.index("own.wav") + 1, said)] if said else [])
    assert all(problem["hint"] for problem in run.json["problems"])
    assert run.code == (2 if said else 0)


def test_a_damaged_sound_file_is_found_wherever_the_damage_is(calmcast: Calmcast, safe: Path, workspace: Path) -> None:
    safe.write_text(SAFE.replace("segments:\n", "bed: {file: own.mp3}\nsegments:\n"), encoding="utf-8")
    path = write(workspace / "own.mp3", noise(9.0))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4_000] = bytes(4_000)
    path.write_bytes(data)
    run = calmcast("check", "safe")
    assert run.code == 2
    assert "scripts/safe.yaml:2:13: error: own.mp3 is damaged at 0:0" in run.err
    assert "copy it again from where it came" in run.err


def test_bells_that_do_not_ring_at_their_time_are_told_of(calmcast: Calmcast, safe: Path) -> None:
    bells = (
        "bells:\n  every: {time: 1 min, sound: small}\n  at: [{time: 2:00, sound: soft}, {time: 9:00, sound: soft}]\n"
    )
    safe.write_text(SAFE.replace("segments:\n", f"{bells}segments:\n"), encoding="utf-8")
    assert calmcast("check", "safe", "--strict").code == 0
    run = calmcast("check", "safe", "-l", "3", "--json")
    told = [(p["code"], p["line"], p["message"]) for p in run.json["problems"]]
    assert told == [
        ("moved-bell", 3, "at 3 min, the bell small of 2:00 is left out: another bell rings then"),
        ("moved-bell", 4, "at 3 min, the bell soft of 9:00 is left out: the track does not last that long"),
    ]
    for command in ("plan", "render"):
        run = calmcast(command, "safe", "-l", "3")
        assert "the bell soft of 9:00 is left out: the track does not last that long" in run.out + run.err
    safe.write_text(safe.read_text().replace("segments:\n", "allow: {moved-bell: a long track has it}\nsegments:\n"))
    assert calmcast("check", "safe", "-l", "3", "--strict").code == 0


def script_with_slips(size: int) -> str:
    """Return a script of about so many bytes with 100 slips."""
    lines = [f"  - Let your shoulders soften a little more, number {i}.\n" for i in range(size // 60)]
    for slip in range(100):
        lines[slip * (len(lines) // 100)] = "  - puase: 3s\n"
    return f"title: Long\nsegments:\n- title: One\n  steps:\n{''.join(lines)}"


AGAIN = "{steps: [Rest, {steps: [{pause: 1s}], repeat: 100}], repeat: 140}"


@pytest.mark.parametrize(
    ("script", "errors", "told", "most_s"),
    [
        (script_with_slips(100_000), 100, "did you mean `pause`?", 1.0),
        pytest.param(script_with_slips(1_000_000), 100, "did you mean `pause`?", 4.0, marks=pytest.mark.long),
        (SAFE.replace("rest: 20s", AGAIN.replace("140", "900")), 0, "comes to 90905 steps at least", 1.0),
        (SAFE.replace("rest: 20s", AGAIN), 0, "is not announced", 3.0),
    ],
    ids=["100 kB", "1 MB", "90 000 steps", "14 000 steps"],
)
def test_what_is_large_is_looked_at_in_a_time_that_grows_with_it(
    calmcast: Calmcast, workspace: Path, script: str, errors: int, told: str, most_s: float
) -> None:
    (workspace / "scripts" / "large.yaml").write_text(script, encoding="utf-8")
    begun = time.process_time()
    run = calmcast("check", "large")
    taken = time.process_time() - begun
    assert f"1 script: {errors} errors" in run.out
    assert told in run.err
    assert taken < most_s
