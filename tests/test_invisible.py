"""What cannot be seen is refused in files, wherever it stands and however it is written, and printed as its number."""

import json
import sys
from pathlib import Path

import pytest

from calmcast.invisible import printed, visible
from calmcast.script.language.reader import read
from tests.conftest import Calmcast

ODD = [*map(chr, (0, 7, 8, 13, 27, 127, 0x9B, 0x61C, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069, 0xFFFE))]


@pytest.mark.parametrize("character", [each for each in ODD if each != "\r"], ids=ascii)
def test_one_that_stands_in_a_file_is_refused_with_its_place(character: str) -> None:
    for text, line, column in ((f"title: a{character}b", 1, 9), (f"a: b\n# c {character}\nd: e", 2, 5)):
        _, (problem,) = read(text.encode(), "f.yaml")
        assert (problem.code, problem.source.line, problem.source.column) == ("control-character", line, column)
        assert f"(U+{ord(character):04X}) stands here" in problem.message


@pytest.mark.parametrize("character", ODD, ids=ascii)
def test_one_that_is_written_as_an_escape_is_refused_with_its_place(character: str) -> None:
    escape = f"\\u{ord(character):04x}"
    for text, line, column in (
        (f'title: "a{escape}b"', 1, 10),
        (f'"a{escape}": b', 1, 3),
        (f'- "a\n\n  b\\\\x1b {escape}c"', 3, 10),
        (f'a: ["b", "{escape}"]', 1, 11),
    ):
        _, (problem,) = read(text.encode(), "f.yaml")
        assert (problem.code, problem.source.line, problem.source.column) == ("control-character", line, column)
        assert f"(U+{ord(character):04X}) is written here as `{escape}`" in problem.message
        assert problem.source.width == 6


@pytest.mark.parametrize("escape", ["\\e", "\\a", "\\0", "\\b", "\\v", "\\f", "\\r", "\\N", "\\x1b", "\\U0000202e"])
def test_every_way_to_write_an_escape_is_known(escape: str) -> None:
    _, (problem,) = read(f'title: "{escape}"'.encode(), "f.yaml")
    assert (problem.code, problem.source.column, problem.source.width) == ("control-character", 9, len(escape))


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\U0000d800"])
def test_half_a_character_is_refused(escape: str) -> None:
    _, (problem,) = read(f'title: "a{escape}b"'.encode(), "f.yaml")
    assert (problem.source.line, problem.source.column) == (1, 10)


@pytest.mark.parametrize("text", ['"a\\tb\\nc \\" \\\\e \\u00e9"', "'\\e'", "\\e", "🧘‍♀️ שלום", "|\n  a\tb\n"])
def test_what_can_be_seen_is_taken(text: str) -> None:
    assert not read(f"title: {text}".encode(), "f.yaml")[1]


def test_what_is_printed_has_colours_and_nothing_else_that_a_terminal_obeys() -> None:
    assert printed("a\tb\n\x1b[31;1merror\x1b[0m") == "a\tb\n\x1b[31;1merror\x1b[0m"
    assert printed("\x1b[2J\x1b]0;x\x07\r\u202e\x9b") == "\\u001b[2J\\u001b]0;x\\u0007\\u000d\\u202e\\u009b"
    assert json.loads(printed(json.dumps("a\x7f\u202e\ud800", ensure_ascii=False))) == "a\x7f\u202e\ud800"
    assert visible("a b\u200b\U000e0041") == "a b\\u200b\\U000e0041"


def test_a_text_is_spoken_without_them(calmcast: Calmcast, workspace: Path) -> None:
    text = workspace / "text.txt"
    text.write_text("Rest \x1bnow\u202e,\x07 and\r\nlet \ud83dgo.\x0c", encoding="utf-8", errors="ignore")
    for arguments in (("--file", text), (text.read_text(encoding="utf-8"),)):
        done = calmcast("say", *arguments)
        assert (done.code, done.err) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no file has such a name")
def test_a_files_name_is_printed_as_what_it_is(calmcast: Calmcast, workspace: Path) -> None:
    odd = "\x1b[2Jcalm\u202e"
    (workspace / "voices" / f"{odd}.yaml").write_bytes((workspace / "voices" / "calm.yaml").read_bytes())
    (workspace / "scripts" / f"{odd}.yaml").write_text("title: A\nsegments: [nowhere]\n", encoding="utf-8")
    for command in (
        ("voices",),
        ("voices", "try", odd),
        ("scripts",),
        ("check",),
        ("render", odd),
        ("say", "-v", odd, "A"),
    ):
        done = calmcast(*command)
        assert "\\u001b[2Jcalm\\u202e" in done.out + done.err
        assert not {"\x1b", "\u202e"} & set(done.out + done.err)
