"""Words that a voice may say wrongly, and ordinary ones that it says well."""

from collections.abc import Collection
from pathlib import Path

import pytest

from calmcast.diagnostics import Problem
from calmcast.model.script import every_line
from calmcast.script.lint.spoken import check_words
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library

LEXICON = ("psoas", "SI", "SI joint", "savasana", "namaste", "wind down", "café latte")


def problems_of(
    folder: Path, *lines: str, known: Collection[str] = LEXICON, head: str = "", fields: str = ""
) -> tuple[Problem, ...]:
    steps = "".join(f'      - "{line}"\n' for line in lines)
    (folder / "scripts").mkdir(exist_ok=True)
    text = f"title: X\n{head}segments:\n  - title: T\n{fields}    steps:\n{steps}"
    (folder / "scripts" / "x.yaml").write_text(text, encoding="utf-8")
    loaded = Library(Folder(folder)).script("x")
    assert loaded.script is not None
    assert not loaded.problems
    return check_words(loaded.script, known)


def found(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    places = [(problem.code, problem.source) for problem in problems]
    return [(code, at.excerpt[at.column - 1 : at.column - 1 + at.width]) for code, at in places]


@pytest.mark.parametrize(
    ("line", "code", "words", "hint"),
    [
        ("Stay for 10 minutes.", "digits", "10", "write ten"),
        ("Count to 1,250 slowly.", "digits", "1,250", "write one thousand two hundred fifty"),
        ("Roll onto your 2nd side.", "digits", "2nd", "write second"),
        ("Rest for 90s more.", "digits", "90s", "write ninety seconds"),
        ("At 5:30 the bell rings.", "digits", "5:30", "as it is said"),
        ("Shake & wiggle.", "sign", "&", "write and"),
        ("Let go by half, or 50 %.", "digits", "50", "write fifty"),
        ("Arms and/or legs.", "sign", "/", "write or"),
        ("Rest *here* a moment.", "sign", "*", "in words"),
        ("Smile 🙂 a little.", "sign", "🙂", "in words"),
        ("It is ~ easy.", "sign", "~", "in words"),
        ("Visit https://my.studio/x_1 today.", "address", "https://my.studio/x_1", "leave it out"),
        ("Write to me@studio.org today.", "address", "me@studio.org", "leave it out"),
        ("See studio.com for more.", "address", "studio.com", "leave it out"),
        ("RELAX a little.", "capitals", "RELAX", "write relax"),
        ("Your TMJ is at rest.", "capitals", "TMJ", "say: T M J"),
        ("An ujjayi breath.", "unknown-word", "ujjayi", "- {word: ujjayi, say: ...}"),
        ("Ujjayi is a breath.", "unknown-word", "Ujjayi", "voices/lexicon/en.yaml"),
        ("Come to Sukhasana.", "unknown-word", "Sukhasana", "calmcast say Sukhasana"),
        ("The sign of prāṇa.", "unknown-word", "prāṇa", "as it sounds"),
        ("This is svadhyaya's way.", "unknown-word", "svadhyaya", "as it sounds"),
    ],
)
def test_doubtful_words(tmp_path: Path, line: str, code: str, words: str, hint: str) -> None:
    problems = problems_of(tmp_path, line)
    assert found(problems)[0] == (code, words)
    assert hint in (problems[0].hint or "")


@pytest.mark.parametrize(
    "line",
    [
        "Your psoas's work, and both psoas.",
        "Notice your SI joint, both SI joints, and the SI-joint area.",
        "Savasana, and then namaste.",
        "Wind-down is near.",
        "It's OK, isn't it?",
        "I am here; A small thing… “Nothing,” she said – softly.",
        "Breathe in, [2s] and out [1.5s] again.",
        "I'm Maria, from Helsinki.",
        "Your {head} holds you.",
        "A café, a cliché, a naïve idea.",
        "Diaphragm, abdomen, sacrum, coccyx, rhythm, vertebrae, hamstrings, knuckles, ankles, pelvis, sternum.",
        "Yoga, mantra, Pilates, bolster, cushion, psychology, wriggle, gnome, knee, wrist, yawn, sigh, hush, ahh.",
        "Withhold, adhere, childhood, abhor, uphold, rehearse, exhale, inhale, cohesion, subheading.",
        "Backhand, workhorse, bulkhead, roundhouse, lighthouse, neighbourhood, disrupt, object, headjoint.",
        "Zebra, umbrella, banana, gravity, quiet, square, equal, acquire, savvy, bookkeeper, vacuum, skiing.",
    ],
)
def test_ordinary_words(tmp_path: Path, line: str) -> None:
    head = "options: {head: {ask: Head, choices: [one, two]}}\n"
    assert found(problems_of(tmp_path, line, head=head)) == []


def test_each_word_once_at_its_first_place(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "An ujjayi breath.", "Ujjayi again, and 10 more, and 10.")
    assert [(p.code, p.source.line) for p in problems] == [("unknown-word", 5), ("digits", 6)]


def test_the_lexicon_of_the_voice_decides(tmp_path: Path) -> None:
    assert [code for code, _ in found(problems_of(tmp_path, "An ujjayi breath, psoas.", known=()))] == [
        "unknown-word",
        "unknown-word",
    ]
    assert found(problems_of(tmp_path, "An Ujjayi breath.", known=("ujjayi",))) == []


def test_where_nothing_is_said(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "Ujjayi & 10", head="language: de\n") == ()
    assert problems_of(tmp_path, "Ujjayi & 10", fields="    untranslated: yes\n") == ()
    allowed = "    allow: {unknown-word: said well, sign: so, digits: so}\n"
    assert problems_of(tmp_path, "Ujjayi & 10", fields=allowed) == ()


def test_the_shipped_scripts_give_no_false_alarm() -> None:
    library, words = Library(Folder(Path(__file__).parents[3])), 0
    for name in library.folder.scripts():
        script = library.script(name).script
        assert script is not None
        lexicons = library.lexicons(library.voice(script.voice))
        assert [str(p) for p in check_words(script, [e.word for each in lexicons for e in each.entries])] == []
        words += sum(len(line.text.split()) for line in every_line(script))
    assert words > 500
