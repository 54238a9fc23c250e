"""Bells, beds and breath tones as they are written: what is built of them, and what is refused with which words."""

import pytest

from calmcast.diagnostics import Problem
from calmcast.model.script import Bells, Script, Segment, SegmentRef, TimedBell
from calmcast.model.sound import Bed, BedSound, BreathTone, Strike
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf
from calmcast.script.language.builder import build_script
from calmcast.script.language.reader import read
from calmcast.script.language.reference import schema
from calmcast.script.language.sound_grammar import BED, BREATH_TONE
from calmcast.units import SAMPLE_RATE as S
from tests.script.lint.test_care import under
from tests.script.test_problems import problems_of_script, problems_of_segment

HEAD = "title: A\n"
TAIL = "\nsegments: [a]\n"


def script(text: str) -> Script:
    """Return a script without a fault."""
    node, problems = read(text.encode(), "x.yaml")
    built, more = build_script(node, "x", "x.yaml")
    assert (problems, more) == ((), ())
    assert isinstance(built, Script)
    return built


def segment(steps: str, more: str = "") -> Segment:
    built = script(f"{HEAD}segments:\n  - title: T\n{more}    steps:\n      - {steps}\n").segments[0]
    assert isinstance(built, Segment)
    return built


def bed(written: str) -> Bed:
    found = script(f"{HEAD}bed: {written}{TAIL}").bed
    assert found
    return found


def bells(written: str) -> Bells:
    return script(f"{HEAD}bells: {written}{TAIL}").bells


@pytest.mark.parametrize(
    ("written", "strike", "level", "wait"),
    [
        ("soft", Strike("soft"), 0.0, True),
        ("{sound: bowl, pitch: A3, length: 20s}", Strike("bowl", "A3", 20 * S), 0.0, True),
        ("{sound: bowl, pitch: f#3}", Strike("bowl", "f#3"), 0.0, True),
        ("{sound: bowl, pitch: 220 Hz, level: -6 dB, wait: no}", Strike("bowl", "220 Hz"), -6.0, False),
        ("{sound: soft, level: -6 LU}", Strike("soft"), -6.0, True),
        ("{file: bells/mine.wav, level: 3 dB}", Strike("", file="bells/mine.wav"), 3.0, True),
        ("{file: ./bells//mine.wav}", Strike("", file="bells/mine.wav"), 0.0, True),
    ],
)
def test_a_bell(written: str, strike: Strike, level: float, wait: bool) -> None:
    (step,) = segment(f"bell: {written}").steps
    assert isinstance(step, Bell)
    assert (step.strike, step.level, step.wait) == (strike, level, wait)


def test_the_bells_of_a_track() -> None:
    found = bells(
        "\n  start: bowl\n  end: {sound: bowl, level: -3 dB, wait: no}\n  between: {file: a.wav}\n"
        "  every: {time: 5 min, sound: tingsha}\n"
        "  at:\n    - {time: 3:00, sound: soft}\n    - {time: -1:00, sound: soft, pitch: A4}\n"
        "    - {time: 37.5 %, file: a.wav, level: -6 dB}"
    )
    rung = [(b.strike, b.level, b.wait) for b in (found.start, found.end, found.between) if b]
    assert rung == [(Strike("bowl"), 0, True), (Strike("bowl"), -3, False), (Strike("", file="a.wav"), 0, True)]
    assert [(t.every, t.at, t.share) for t in found.timed] == [
        (300 * S, None, None), (None, 180 * S, None), (None, -60 * S, None), (None, None, 0.375),
    ]  # fmt: skip
    struck = [t.bell.strike for t in found.timed]
    assert struck == [Strike("tingsha"), Strike("soft"), Strike("soft", "A4"), Strike("", file="a.wav")]
    assert not any(t.bell.wait for t in found.timed)
    assert (found.timed[3].bell.level, str(found.timed[3].bell.source)) == (-6.0, "x.yaml:10:28")


def test_several_bells_that_come_round_and_one_at_a_time() -> None:
    found = bells("{every: [{time: 5 min, sound: soft}, {time: 7 min, sound: bowl}], at: {time: −1:00, sound: soft}}")
    assert [(t.every, t.at) for t in found.timed] == [(300 * S, None), (420 * S, None), (None, -60 * S)]
    assert all(isinstance(timed, TimedBell) for timed in found.timed)


def test_no_bells() -> None:
    assert bells("none") == bells("no") == script(HEAD + TAIL).bells == Bells()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("rain", Bed(BedSound("rain"), -22.0, 6.0)),
        ("{sound: rain, level: -26 dB, dip: 8 dB, seed: 3}", Bed(BedSound("rain", seed=3), -26.0, 8.0)),
        ("{sound: rain, level: -26 LU, dip: 0 dB, seed: 0}", Bed(BedSound("rain", seed=0), -26.0, 0.0)),
        ("{sound: rain, level: 0 dB, dip: 20 dB}", Bed(BedSound("rain"), 0.0, 20.0)),
        ("{sound: rain, level: −40dB}", Bed(BedSound("rain"), -40.0)),
        ("{sound: drone, key: F#}", Bed(BedSound("drone", key="F#"))),
        ("{sound: drone, key: b♭}", Bed(BedSound("drone", key="Bb"))),
        ("{file: music/drone.m4a, level: -20 dB}", Bed(BedSound("", file="music/drone.m4a"), -20.0)),
        ("none", Bed(None)),
        ("no", Bed(None)),
    ],
)
def test_a_bed(written: str, expected: Bed) -> None:
    assert bed(written) == expected


def test_the_place_of_a_bed_is_that_of_its_sound() -> None:
    assert [str(bed(w).source) for w in ("rain", "{level: -20 dB, sound: rain}", "{file: a.mp3}", "none")] == [
        "x.yaml:2:6", "x.yaml:2:29", "x.yaml:2:13", "x.yaml:2:6",
    ]  # fmt: skip


def test_beds_of_segments() -> None:
    built = script(
        f"{HEAD}segments:\n  - a\n  - {{use: b, bed: sea, level: -3 dB}}\n"
        "  - {title: T, bed: none, level: 2 dB, steps: [Hello.]}\n"
    )
    beds = [part.bed for part in built.segments]
    assert beds == [None, Bed(BedSound("sea")), Bed(None)]
    assert [part.traits.level for part in built.segments] == [0.0, -3.0, 2.0]
    assert isinstance(built.segments[1], SegmentRef)
    assert built.bed is None


def test_two_channels() -> None:
    assert script(f"{HEAD}stereo: yes{TAIL}").stereo
    assert not script(f"{HEAD}stereo: no{TAIL}").stereo
    assert not script(HEAD + TAIL).stereo


@pytest.mark.parametrize(
    ("written", "tone"),
    [
        ("swell", BreathTone("swell", -14.0, "D")),
        ("tones", BreathTone("tones")),
        ("{sound: tones, level: -16 dB, key: a}", BreathTone("tones", -16.0, "A")),
        ("none", None),
    ],
)
def test_a_breath_tone(written: str, tone: BreathTone | None) -> None:
    (step,) = segment(f"breathe: {{in: 4s, out: 6s, rounds: 4, tone: {written}}}").steps
    assert isinstance(step, Breathe)
    assert step.tone == tone


def test_the_table_says_what_the_model_has_where_nothing_is_written() -> None:
    assert (BED.field("level").default, BED.field("dip").default) == ("-22 dB", "6 dB")
    assert bed("{sound: rain}") == Bed(BedSound("rain"))
    assert BREATH_TONE.field("key").default == BreathTone("swell").key
    assert BREATH_TONE.field("level").default == f"{BreathTone('swell').level:g} dB"


@pytest.mark.parametrize(
    "step",
    [
        "{say: Hello., level: -4 dB}",
        "{steps: [Hello.], level: -4 dB}",
        "{one of: [Hello., Hi.], level: -4 dB}",
        "{use: b, level: -4 dB}",
        "{breathe: {in: 4s, out: 6s, rounds: 4}, level: -4 dB}",
        "{rest: {about: 1 min, every: 2 min, check: b}, level: -4 dB}",
    ],
)
def test_a_level_on_what_speaks_or_holds_others(step: str) -> None:
    assert segment(step).steps[0].traits.level == -4.0


def test_a_level_of_a_line_that_opens_with_a_silence() -> None:
    (group,) = segment('{say: "[2s] Hello.", level: -4 LU}').steps
    assert isinstance(group, Group)
    assert group.traits.level == -4.0
    (one_of,) = segment('one of: [{steps: [{say: "[2s] Hello.", level: -4 dB}, Hi.]}]').steps
    assert isinstance(one_of, OneOf)
    levels = [part.traits.level for part in one_of.variants[0].steps if isinstance(part, Line)]
    assert levels == [-4.0, 0.0]


LONG_NAME, LONG_PATH = f"{'ä' * 130}.mp3", f"{'a/' * 300}a.mp3"
FILE_HINT = "put the file into the workspace's folder, and write its path there: music/rain.mp3"
OF_SCRIPTS = [
    # a line of a script; the code, the words under the caret, and parts of the message and of the hint
    ("bed: ''", "empty", "''", "`bed` is empty", "write bed: rain"),
    ("bed: [rain]", "wrong-form", "[", "not a list", "write bed: rain"),
    ("bed: {}", "missing-key", "{", "`bed` needs `sound`, or `file`", "add sound: rain"),
    ("bed: {level: -20 dB}", "missing-key", "{", "`bed` needs `sound`, or `file`", "add sound: rain"),
    ("bed: {sound: rain, file: a.mp3}", "two-sounds", "a.mp3", "two sounds in one place", "keep one"),
    ("bed: music/drone.m4a", "bad-sound", "music/drone.m4a", "looks like a file", "write {file: music/drone.m4a}"),
    ("bed: drone.m4a", "bad-sound", "drone.m4a", "looks like a file", "write {file: drone.m4a}"),
    ("bells: {end: mine.wav}", "bad-sound", "mine.wav", "looks like a file", "write {file: mine.wav}"),
    ("bed: {sound: ../rain}", "bad-sound", "../rain", "looks like a file", "write {file: ../rain}"),
    ("bed: {sound: rain, level: -41 dB}", "bad-level", "-41 dB", "outside -40 dB to 0 dB", "such as -22 dB"),
    ("bed: {sound: rain, level: 1 dB}", "bad-level", "1 dB", "outside -40 dB to 0 dB", "such as -22 dB"),
    ("bed: {sound: rain, level: soft}", "bad-level", "soft", "`soft` is not a level", "such as -22 dB"),
    ("bed: {sound: rain, dip: 21 dB}", "bad-level", "21 dB", "outside 0 dB to 20 dB", "such as 6 dB"),
    ("bed: {sound: rain, dip: -6 dB}", "bad-level", "-6 dB", "outside 0 dB to 20 dB", "such as 6 dB"),
    ("bed: {sound: drone, key: H}", "bad-key", "H", "`H` is not a key", "D, F#, Bb"),
    ("bed: {sound: drone, key: A3}", "bad-key", "A3", "`A3` is not a key", "D, F#, Bb"),
    ("bed: {sound: rain, seed: -1}", "bad-seed", "-1", "not a whole number", "such as 3"),
    ("bed: {sound: rain, seed: no}", "bad-seed", "no", "not a whole number", "such as 3"),
    ("bed: {file: a.mp3, key: D}", "misplaced-key", "D", "a sound file has no `key`", "leave key out"),
    ("bed: {file: a.mp3, seed: 2}", "misplaced-key", "2", "a sound file has no `seed`", "leave seed out"),
    ("bed: {sound: rain, volume: -6 dB}", "unknown-key", "volume", "`bed` has no `volume`", "did you mean `level`?"),
    ("bed: {file: music\\rain.mp3}", "bad-file", "music\\rain.mp3", "has backslashes", "write music/rain.mp3"),
    ("bed: {file: /music/rain.mp3}", "bad-file", "/music/rain.mp3", "a place on one computer alone", FILE_HINT),
    ("bed: {file: 'C:\\rain.mp3'}", "bad-file", "'C:\\rain.mp3'", "a place on one computer alone", FILE_HINT),
    ("bed: {file: ../rain.mp3}", "bad-file", "../rain.mp3", "leads out of the workspace", FILE_HINT),
    ("bed: {file: a/../../rain.mp3}", "bad-file", "a/../../rain.mp3", "leads out of the workspace", FILE_HINT),
    ("bed: {file: a/../rain.mp3}", "bad-file", "a/../rain.mp3", "goes into a folder and out again", "write rain.mp3"),
    ("bed: {file: ~/rain.mp3}", "bad-file", "~/rain.mp3", "in a home folder", FILE_HINT),
    ("bed: {file: ~ann/rain.mp3}", "bad-file", "~ann/rain.mp3", "in a home folder", FILE_HINT),
    ("bed: {file: 'https://x.org/rain.mp3'}", "bad-file", "'https://x.org/rain.mp3'", "is an address", FILE_HINT),
    ("bed: {file: 'file:///rain.mp3'}", "bad-file", "'file:///rain.mp3'", "is an address", FILE_HINT),
    ("bed: {file: music/}", "bad-file", "music/", "is a folder", "music/rain.mp3"),
    ("bed: {file: .}", "bad-file", ".", "is a folder", "music/rain.mp3"),
    ('bed: {file: "rain\\0.mp3"}', "control-character", "\\0", "is written here as", "leave it out"),
    (f"bed: {{file: {LONG_NAME}}}", "bad-file", LONG_NAME, "is not a file's path", FILE_HINT),
    (f"bed: {{file: {LONG_PATH}}}", "bad-file", LONG_PATH, "is not a file's path", FILE_HINT),
    ("bells: soft", "wrong-form", "soft", "which bell rings when", "write bells: {start: bowl, end: bowl}"),
    ("bells: {}", "wrong-form", "{", "which bell rings when", "bells: none"),
    ("bells: {middle: soft}", "unknown-key", "middle", "`bells` has no `middle`", "start, end, between, every, at"),
    ("bells: {start: {pitch: A3}}", "missing-key", "{", "`bell` needs `sound`, or `file`", "add sound: soft"),
    ("bells: {start: {file: a.wav, pitch: A3}}", "misplaced-key", "A3", "a sound file has no `pitch`", "leave pitch"),
    (
        "bells: {start: {file: a.wav, length: 3s}}",
        "misplaced-key",
        "3s",
        "a sound file has no `length`",
        "leave length",
    ),
    ("bells: {start: {sound: bowl, pitch: A}}", "bad-pitch", "A", "`A` is not a pitch", "A3, F#3 or Bb2"),
    ("bells: {start: {sound: bowl, length: 20}}", "bad-duration", "20", "has no unit", "20s"),
    ("bells: {start: [bowl]}", "wrong-form", "[", "`bell` is one sound, not a list", "write bell: soft"),
    ("bells: {every: soft}", "wrong-form", "soft", "has a time and a sound", "write every: ["),
    ("bells: {at: [3:00]}", "wrong-form", "3:00", "has a time and a sound", "write at: [{time: 3:00, sound: soft}]"),
    ("bells: {every: {sound: soft}}", "missing-key", "{", "`every` needs `time`", "add time: 5 min"),
    ("bells: {every: {time: 5 min}}", "missing-key", "{", "`every` needs `sound`, or `file`", "add sound: soft"),
    ("bells: {every: {time: 0.5s, sound: wood}}", "bad-duration", "0.5s", "within a second", "time: 5 min"),
    ("bells: {every: {time: 50 %, sound: wood}}", "bad-duration", "50 %", "not a time", "10 min"),
    ("bells: {every: {time: 5 min, sound: a, wait: no}}", "misplaced-key", "wait", "never waits", "leave wait out"),
    ("bells: {at: [{time: 3:00, sound: a, wait: yes}]}", "misplaced-key", "wait", "never waits", "leave wait out"),
    (
        "bells: {at: [{time: soon, sound: soft}]}",
        "bad-moment",
        "soon",
        "`soon` is not a time",
        "-1:00 (before the end)",
    ),
    ("bells: {at: [{time: 0:00, sound: soft}]}", "bad-moment", "0:00", "no time at all", "start:"),
    (
        "bells: {at: [{time: 0 %, sound: soft}]}",
        "bad-moment",
        "0 %",
        "between the beginning and the end",
        "start: and end:",
    ),
    ("bells: {at: [{time: 100 %, sound: soft}]}", "bad-moment", "100 %", "between the beginning and the end", "start:"),
    ("stereo: left", "bad-yes_no", "left", "neither yes nor no", "write yes or no"),
    ("music: rain", "unknown-key", "music", "a script has no `music`", "did you mean `bed`?"),
    ("background: rain", "unknown-key", "background", "a script has no `background`", "did you mean `bed`?"),
    ("ambience: rain", "unknown-key", "ambience", "a script has no `ambience`", "did you mean `bed`?"),
    ("soundscape: rain", "unknown-key", "soundscape", "a script has no `soundscape`", "did you mean `bed`?"),
    ("chimes: soft", "unknown-key", "chimes", "a script has no `chimes`", "did you mean `bells`?"),
    ("gong: soft", "unknown-key", "gong", "a script has no `gong`", "did you mean `bells`?"),
]

OF_STEPS = [
    # a step; the code, the words under the caret, and parts of the message and of the hint
    ("- bell: {sound: soft, file: a.wav}", "two-sounds", "a.wav", "two sounds in one place", "keep one"),
    (
        "- bell: {sound: soft, volume: -6 dB}",
        "unknown-key",
        "volume",
        "`bell` has no `volume`",
        "did you mean `level`?",
    ),
    ("- bell: {file: '//server/a.wav'}", "bad-file", "'//server/a.wav'", "on one computer alone", FILE_HINT),
    ("- bell: soft\n    level: -6 dB", "misplaced-key", "level", "`level` belongs inside `bell`", "bell: {sound: soft"),
    ("- bell: soft\n    pitch: A3", "misplaced-key", "pitch", "`pitch` belongs inside `bell`", "bell: {sound: soft"),
    ("- gong: soft", "unknown-key", "gong", "there is no step `gong`", "did you mean - bell: soft"),
    ("- chime: 3", "unknown-key", "chime", "there is no step `chime`", "did you mean - bell: soft"),
    ("- chime: soft", "unknown-key", "chime", "there is no step `chime`", "did you mean - bell: soft"),
    ("- bed: rain", "misplaced-key", "bed", "a whole segment, or a whole script", "write bed: rain"),
    ("- music: rain", "misplaced-key", "music", "a whole segment, or a whole script", "write bed: rain"),
    ("- use: a\n    bed: rain", "misplaced-key", "bed", "a whole segment, or a whole script", "write bed: rain"),
    (
        "- say: A\n    volume: -4 dB",
        "unknown-key",
        "volume",
        "a step with `say` has no `volume`",
        "did you mean `level`?",
    ),
    ("- say: A\n    loudness: -4 dB", "unknown-key", "loudness", "has no `loudness`", "did you mean `level`?"),
    ("- say: A\n    level: -21 dB", "bad-level", "-21 dB", "outside -20 dB to +6 dB", "such as -4 dB"),
    ("- say: A\n    level: 7 dB", "bad-level", "7 dB", "outside -20 dB to +6 dB", "such as -4 dB"),
    ("- say: A\n    level: -4", "bad-level", "-4", "`-4` is not a level", "such as -4 dB"),
    ("- pause: 3s\n    level: -4 dB", "silent-level", "level", "a silence has no level", "on a line"),
    ("- hold: 3s\n    level: -4 dB", "silent-level", "level", "a silence has no level", "on a line"),
    ("- rest: 3s\n    level: -4 dB", "silent-level", "level", "a silence has no level", "on a line"),
    (
        "- breathe: {in: 4s, out: 6s, rounds: 4, tone: hum}",
        "unknown-tone",
        "hum",
        "no breath tone `hum`",
        "swell, tones",
    ),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, tone: swel}", "unknown-tone", "swel", "no breath tone", "mean `swell`?"),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, tone: [swell]}", "wrong-form", "[", "not a list", "write tone: tones"),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, tone: {key: D}}", "missing-key", "{", "`tone` needs `sound`", "tones"),
    (
        "- breathe: {in: 4s, out: 6s, rounds: 4, tone: {sound: swell, level: 1 dB}}",
        "bad-level",
        "1 dB",
        "outside -40 dB to 0 dB",
        "such as -16 dB",
    ),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, tone: {sound: swell, key: A4}}", "bad-key", "A4", "not a key", "D, F#"),
]


def is_told(problems: tuple[Problem, ...], code: str, words: str, message: str, hint: str) -> None:
    (problem,) = problems
    assert (problem.code, under(problem)) == (code, words)
    assert message in problem.message
    assert hint in (problem.hint or "")


@pytest.mark.parametrize(("line", "code", "words", "message", "hint"), OF_SCRIPTS, ids=[c[0][:60] for c in OF_SCRIPTS])
def test_what_a_script_cannot_have(line: str, code: str, words: str, message: str, hint: str) -> None:
    is_told(problems_of_script(f"{HEAD}{line}{TAIL}"), code, words, message, hint)


@pytest.mark.parametrize(("step", "code", "words", "message", "hint"), OF_STEPS, ids=[c[0][:60] for c in OF_STEPS])
def test_what_a_step_cannot_have(step: str, code: str, words: str, message: str, hint: str) -> None:
    is_told(problems_of_segment(f"title: A\nsteps:\n  {step}\n"), code, words, message, hint)


def test_every_fault_of_a_bed_is_told_at_once() -> None:
    problems = problems_of_script(f"{HEAD}bed: {{sound: rain, level: 9 dB, dip: 99 dB, key: X, seed: x}}{TAIL}")
    assert [p.code for p in problems] == ["bad-level", "bad-level", "bad-key", "bad-seed"]


def test_a_line_that_begins_with_music_is_prose() -> None:
    (problem,) = problems_of_segment("title: A\nsteps:\n  - Music: the rain outside\n")
    assert problem.code == "colon-in-line"


def test_editors_know_what_can_be_written() -> None:
    import jsonschema
    import yaml

    validator = jsonschema.Draft202012Validator(schema())
    written = [
        "bed: none",
        "bed: no",
        "bed: {sound: drone, key: A, seed: 3}",
        "bed: {file: a.mp3}",
        "bells: none",
        "bells: {start: soft, every: {time: 5 min, sound: soft}, at: [{time: 50 %, file: a.wav}]}",
        "stereo: yes",
        "level: -4 dB",
    ]
    refused = ["bed: {level: -20 dB}", "bed: {sound: a, file: b}", "bells: soft", "bells: {at: soft}", "stereo: 3"]
    for text in written:
        of = "title: A\nsegments: [a]\n" if not text.startswith("level") else "title: A\nsteps: [a]\n"
        assert validator.is_valid(yaml.safe_load(of + text)), text
    for text in refused:
        assert not validator.is_valid(yaml.safe_load(f"title: A\nsegments: [a]\n{text}")), text
    for tone, known in (("swell", True), ("none", True), ("{sound: tones, key: A}", True), ("hum", False)):
        step = f"title: A\nsteps: [{{breathe: {{in: 4s, out: 6s, rounds: 4, tone: {tone}}}}}]\n"
        assert validator.is_valid(yaml.safe_load(step)) == known
