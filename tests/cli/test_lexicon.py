"""`calmcast lexicon` as a teacher uses it, with tones for voices."""

import importlib.util
from pathlib import Path

import pytest

from calmcast.cli.main import _COMMANDS
from tests.conftest import Calmcast

PLS = """\
<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>gluteus</grapheme><phoneme>ˈɡluːtiəs</phoneme></lexeme>
</lexicon>
"""
SCRIPT = """\
title: Words
allow: {missing-exit: only for tests, missing-notice: only for tests}
options:
  part: {ask: Which part, choices: [the shoulder, the psoas]}
segments:
  - own
  - title: Two
    steps:
      - The psoases are here.
      - The {psoas|so-as} is said its own way.
      - Let {part} soften.
      - one of: [Psoas., Nothing.]
      - breathe: {in: 4s, out: 4s, rounds: 2, say: {in: Psoas in.}}
"""
SEGMENT = "title: Own\nsteps:\n  - Rest, psoas.\n  - Iliopsoas is another word.\n"
WORDS = "words:\n  - {word: psoas, say: so-as}\n  - {word: SI, case: yes, say: S I}\n"

needs_espeak = pytest.mark.skipif(
    importlib.util.find_spec("espeakng_loader") is None, reason="the library of espeak-ng is not installed"
)


@pytest.fixture(autouse=True)
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_COMMANDS, "lexicon", ("lexicon", "Say how words are pronounced."))


@pytest.fixture
def words(workspace: Path) -> Path:
    path = workspace / "voices" / "lexicon" / "en.yaml"
    path.parent.mkdir()
    path.write_text(WORDS, encoding="utf-8")
    return path


@pytest.fixture
def script(workspace: Path, words: Path) -> Path:
    (workspace / "scripts" / "segments" / "own.yaml").write_text(SEGMENT, encoding="utf-8")
    (workspace / "scripts" / "segments" / "spare.yaml").write_text(SEGMENT, encoding="utf-8")
    path = workspace / "scripts" / "words.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["list", "try", "affected"])
def test_every_help_has_an_example(calmcast: Calmcast, command: str) -> None:
    run = calmcast("lexicon", command, "--help")
    assert run.code == 0
    assert f"calmcast lexicon {command}" in run.out.partition("Example")[2]


def test_the_list_is_the_default(calmcast: Calmcast, words: Path) -> None:
    (words.parent / "broken.yaml").write_text("words: no list\n", encoding="utf-8")
    run = calmcast("lexicon")
    lines = run.out.splitlines()
    assert lines[0].split() == ["name", "language", "words", "from"]
    assert [" ".join(line.split()) for line in lines if line.endswith("you")] == [
        "broken (cannot be read: see `calmcast check`) 0 you",
        "en en 2 you",
    ]
    assert calmcast("lexicon", "list").out == run.out
    for arguments in (("--json",), ("list", "--json")):
        listed = calmcast("lexicon", *arguments).json["lexicons"]
        assert next(each for each in listed if each["name"] == "en") == {
            "name": "en",
            "language": "en",
            "words": 2,
            "from": "you",
        }


def test_try_shows_where_it_comes_from(calmcast: Calmcast, words: Path, workspace: Path) -> None:
    run = calmcast("lexicon", "try", "psoas", "--quiet")
    assert run.code == 0, run.err
    assert run.out.splitlines() == [
        str(Path("output") / "try-psoas.mp3"),
        "  said as if written `so-as`: voices/lexicon/en.yaml:2",
        "  voice calm, engine tone",
    ]
    assert (workspace / "output" / "try-psoas.mp3").stat().st_size > 5_000
    assert "no lexicon of the voice calm has it" in calmcast("lexicon", "try", "pelvis", "--quiet").out


def test_try_a_respelling(calmcast: Calmcast, words: Path, workspace: Path) -> None:
    run = calmcast("lexicon", "try", "psoas", "--say", "soh-us", "--quiet", "-o", "mine.mp3")
    assert run.out.startswith("mine.mp3\n  said as if written `soh-us`, as you asked\n")
    assert (workspace / "mine.mp3").is_file()


def test_try_phonemes_that_the_engine_does_not_take(calmcast: Calmcast, words: Path) -> None:
    run = calmcast("lexicon", "try", "psoas", "--ipa", "ˈsoʊ.əs", "--quiet")
    assert "the engine tone cannot be given /ˈsoʊ.əs/, and reads the word by itself; try --say" in run.out


@needs_espeak
@pytest.mark.real
def test_try_phonemes(calmcast: Calmcast, words: Path, workspace: Path) -> None:
    voice = "prefer:\n  - {engine: espeak}\nlexicon: en\n"
    (workspace / "voices" / "plain.yaml").write_text(voice, encoding="utf-8")
    words.write_text("words:\n  - {word: psoas, phonemes: {ipa: ˈsoʊ.əs}}\n", encoding="utf-8")
    run = calmcast("lexicon", "try", "psoas", "-v", "plain", "--quiet")
    assert "  said s'oU|@s (espeak): voices/lexicon/en.yaml:2\n" in run.out
    run = calmcast("lexicon", "try", "psoas", "-v", "plain", "--ipa", "/ˈsoʊæs/", "--quiet")
    assert "  said s'oUas (espeak), as you asked\n" in run.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("psoas", "--say", "a", "--ipa", "a"), "choose one"),
        (("psoas", "--ipa", "s7"), "not of the phonetic alphabet: 7"),
        (("{psoas}",), "is no word"),
        (("...",), "is no word"),
        (("psoas", "--say", "a|b"), "--say"),
        (("psoas", "-o", "a.wav"), "a track is an .mp3 file"),
        (("psoas", "-v", "nobody"), "there is no voice `nobody`"),
    ],
)
def test_what_cannot_be_tried(calmcast: Calmcast, words: Path, arguments: tuple[str, ...], said: str) -> None:
    run = calmcast("lexicon", "try", *arguments, "--quiet")
    assert run.code == 2
    assert said in run.err


def test_affected_lines_have_the_word_as_the_lexicon_finds_it(
    calmcast: Calmcast, script: Path, workspace: Path
) -> None:
    run = calmcast("lexicon", "affected", "psoas", "--json")
    assert run.code == 0, run.err
    lines = [line for line in run.json["lines"] if (workspace / line["file"]).is_file()]  # not those that ship
    assert [(line["file"], line["line"], line["text"], line["scripts"]) for line in lines] == [
        ("scripts/segments/own.yaml", 3, "Rest, psoas.", ["words"]),
        ("scripts/segments/spare.yaml", 3, "Rest, psoas.", []),
        ("scripts/words.yaml", 11, "Let {part} soften.", ["words"]),
        ("scripts/words.yaml", 12, "Psoas.", ["words"]),
        ("scripts/words.yaml", 13, "Psoas in.", ["words"]),
    ]
    shown = calmcast("lexicon", "affected", "psoas").out
    assert "scripts/words.yaml:12" in shown
    assert f"{len(run.json['lines'])} lines with `psoas`" in shown


def test_affected_minds_capitals_where_the_lexicon_does(calmcast: Calmcast, script: Path, workspace: Path) -> None:
    text = "title: Si\nsteps:\n  - Si, the note.\n  - The SI joints.\n"
    (workspace / "scripts" / "segments" / "own.yaml").write_text(text, encoding="utf-8")
    lines = calmcast("lexicon", "affected", "SI", "--json").json["lines"]
    assert ("scripts/segments/own.yaml", 4) in [(line["file"], line["line"]) for line in lines]
    assert ("scripts/segments/own.yaml", 3) not in [(line["file"], line["line"]) for line in lines]


def test_affected_names_what_cannot_be_read(calmcast: Calmcast, script: Path) -> None:
    script.write_text("title: [\n", encoding="utf-8")
    run = calmcast("lexicon", "affected", "psoas")
    assert run.code == 0
    assert "note: words cannot be read, so its lines are not here: see `calmcast check words`" in run.err


def test_one_changed_word_speaks_its_lines_alone(calmcast: Calmcast, script: Path, words: Path) -> None:
    spoken = calmcast("render", "words", "--json").json["tracks"][0]
    words.write_text(WORDS.replace("so-as", "an unheard respelling"), encoding="utf-8")
    again = calmcast("render", "words", "--json").json["tracks"][0]
    # "Rest, psoas.", "Psoas." and "Psoas in.": the option's value is the shoulder, one line has its own way.
    assert (again["spoken"], again["spoken"] + again["from_store"]) == (3, spoken["spoken"] + spoken["from_store"])


def test_a_lexicon_of_w3c_is_answered_with_what_to_do(calmcast: Calmcast, workspace: Path, words: Path) -> None:
    for name in ("legs.pls", "arms.yaml"):
        (words.parent / name).write_text(PLS, encoding="utf-8")
    run = calmcast("lexicon", "import", "legs.pls", "--name", "legs")
    assert run.code == 2
    assert "does not read W3C lexicons, such as legs.pls; write its words into voices/lexicon/NAME.yaml" in run.err
    (workspace / "voices" / "calm.yaml").write_text("prefer: [{engine: tone}]\nlexicon: legs\n", encoding="utf-8")
    run = calmcast("lexicon", "try", "psoas", "--quiet")
    assert run.code == 2
    assert "there is no lexicon `legs`" in run.err
    assert "hint: write the words of legs.pls into legs.yaml beside it" in run.err
    (workspace / "voices" / "calm.yaml").write_text("prefer: [{engine: tone}]\nlexicon: arms\n", encoding="utf-8")
    run = calmcast("lexicon", "try", "psoas", "--quiet")
    assert run.code == 2
    assert "voices/lexicon/arms.yaml:1:1: error: a lexicon is a mapping with `words`" in run.err
