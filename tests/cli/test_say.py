"""`calmcast say`: from where its words come, and into which files they go; tones for voices."""

import io
import sys
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from calmcast.publish.formats import FORMATS
from calmcast.script.edit.plaintext import MOST_BYTES
from calmcast.track import render
from tests.conftest import Calmcast


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes, *, terminal: bool = False) -> None:
    """Have this on standard input."""
    stream = io.TextIOWrapper(io.BytesIO(data))
    monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stdin", stream)


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 44_100)
        return float(file.getnframes() / 44_100)


def test_a_text_becomes_an_mp3(calmcast: Calmcast, workspace: Path) -> None:
    assert calmcast("say", "Let: go [1s] now").code == 0
    assert (workspace / "output" / "say.mp3").stat().st_size > 5000
    run = calmcast("say", "Let go [1x] now")
    assert run.code == 2
    assert "[1x]" in run.err


def test_into_a_folder(calmcast: Calmcast, workspace: Path) -> None:
    assert calmcast("say", "Hello", "-o", "here").code == 0
    assert (workspace / "here" / "say.mp3").exists()


def test_a_wav_is_one_and_as_long_as_it_says(calmcast: Calmcast, workspace: Path) -> None:
    run = calmcast("say", "Let go [2s] now", "-o", "kept/Now.WAV")
    assert run.code == 0, run.err
    lasts = seconds(workspace / "kept" / "Now.WAV")
    assert f"{lasts:.1f} s" in run.out
    assert 2 < lasts < 6
    assert [path.name for path in (workspace / "kept").iterdir()] == ["Now.WAV"]


def test_a_wav_that_would_be_too_large_is_refused_before_it_is_made(
    calmcast: Calmcast, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "FORMATS", {"wav": replace(FORMATS["wav"], most_bytes=50_000)})
    run = calmcast("say", "Let go now", "-o", "x.wav")
    assert run.code == 6
    assert "too long for a .wav file" in run.err
    assert not (workspace / "x.wav").exists()
    assert calmcast("say", "Let go now", "-o", "x.mp3").code == 0


def test_another_ending_is_refused_with_those_that_there_are(calmcast: Calmcast, workspace: Path) -> None:
    run = calmcast("say", "Hello", "-o", "x.flac")
    assert run.code == 2
    assert "an .mp3 or .wav file" in run.err
    assert not (workspace / "x.flac").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_spoken_a_paragraph_a_line(calmcast: Calmcast, workspace: Path, encoding: str) -> None:
    Path("words.txt").write_bytes("Laß alles\r\n los.\r\n \r\n\r\nUnd ruhe.".encode(encoding))
    assert calmcast("say", "--file", "words.txt", "-o", "both.wav").code == 0
    assert calmcast("say", "Laß alles los.", "-o", "one.wav").code == 0
    assert calmcast("say", "Und ruhe.", "-o", "two.wav").code == 0
    gap = seconds(Path("both.wav")) - seconds(Path("one.wav")) - seconds(Path("two.wav"))
    assert gap > 0.6  # one and two each begin and end with 0.2 s of silence


@pytest.mark.parametrize("arguments", [[], ["-"], ["--file", "-"]])
def test_what_another_program_hands_over(
    calmcast: Calmcast, workspace: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    piped(monkeypatch, "\ufeffRest now, and let go.".encode())
    run = calmcast("say", *arguments, "-o", "piped.wav")
    assert run.code == 0, run.err
    assert calmcast("say", "Rest now, and let go.", "-o", "given.wav").code == 0
    assert Path("piped.wav").read_bytes() == Path("given.wav").read_bytes()


def test_at_a_terminal_nobody_waits(calmcast: Calmcast, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, b"Rest.", terminal=True)
    run = calmcast("say")
    assert run.code == 2
    assert "--file FILE" in run.err
    monkeypatch.setattr(sys, "stdin", None)
    assert calmcast("say").code == 2
    assert "there are no words" in calmcast("say", "-").err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "there are no words"),
        (b"\xef\xbb\xbf \n\n", "there are no words"),
        (b"a" * (MOST_BYTES + 1), "too long for one track: more than 500 kB"),
        (b"PK\x03\x04 a word processor's", "is no plain text"),
        (b"ELF\0", "is no plain text"),
    ],
)
def test_what_cannot_be_spoken_is_told(
    calmcast: Calmcast, workspace: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, said: str
) -> None:
    piped(monkeypatch, data)
    Path("words.txt").write_bytes(data)
    for arguments in (["-"], ["--file", "words.txt"]):
        run = calmcast("say", *arguments)
        assert run.code == 2
        assert said in run.err
        assert "hint" in run.err
    assert not (workspace / "output").exists()


def test_a_text_that_comes_twice_or_a_file_that_is_none(calmcast: Calmcast, workspace: Path) -> None:
    Path("words.txt").write_text("Rest.")
    assert "given twice" in calmcast("say", "Rest.", "--file", "words.txt").err
    assert "cannot be read" in calmcast("say", "--file", "no-words.txt").err


def test_help_has_examples(calmcast: Calmcast) -> None:
    told = calmcast("say", "--help").out
    assert "calmcast say --file welcome.txt -o welcome.wav" in told
    assert "| calmcast say -" in told
