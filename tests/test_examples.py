"""Every example that calmcast shows does what it says; what `calm` would say is said by the voice `plain`, at once."""

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from functools import cache
from pathlib import Path

import click
import numpy as np
import pytest
import soundfile

from calmcast.cli.main import _COMMANDS, cli, main
from tests.conftest import Calmcast
from tests.script.edit.prose.documents import docx, paragraph

pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[1]
NEED_MORE = {
    *(("voices", "add"), ("voices", "remove")),  # the internet, or a voice that is installed
    *(("record", "import"), ("record", "accept"), ("record", "mend"), ("record", "review")),  # a recording
    ("record", "live"),  # a terminal and a microphone
    ("serve", "after-class"),  # a class, and Ctrl-C
    ("store", "clear"),  # somebody who can be asked
    *(("lexicon", "import"), ("lexicon", "export")),  # a file of one's own
}
"""Examples that other tests try, with what they need."""


def subcommands() -> Iterator[str]:
    """Yield every command of a group, after the group's name."""
    context = click.Context(cli)
    for name in _COMMANDS:
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            yield from (f"{name} {each}" for each in command.commands if (name, each) not in NEED_MORE)


HELPS = ("", *_COMMANDS, *subcommands())
README = "README"
LONG = {
    *(README, "", "compose", "doctor", "exit", "plan", "playlist", "render", "verify"),
    *("voices", "voices compare", "voices try"),
}
"""Where what is shown is whole tracks, a class, or every voice that is here."""
BEFORE = {
    "diff": ["new monday-class --from psoas-release"],
    "store": ["say Rest."],
    "verify": ["render psoas-release --length 10 --length 20"],
}
"""What was done before what is shown."""


def told(arguments: list[str]) -> str:
    """Return what calmcast prints."""
    out = io.StringIO()
    with redirect_stdout(out), suppress(SystemExit):
        main(arguments)
    return out.getvalue()


@cache
def examples() -> dict[str, list[str]]:
    """Return the examples of every --help and of the README without `calmcast`, each where it stands first."""
    texts = {place: told([*place.split(), "--help"]).partition("Example")[2] for place in HELPS}
    texts[README] = (ROOT / "README.md").read_text(encoding="utf-8")
    known = set[str]()

    def new(text: str) -> Iterator[str]:
        for line in re.findall(r"^ +calmcast (.*)$", text, re.MULTILINE):
            example = shlex.join(shlex.split(line, comments=True))
            if example not in known:
                known.add(example)
                yield example

    return {place: [*new(text)] for place, text in texts.items()}


@pytest.fixture
def folder(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with the files that examples name; the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "my-class.yaml").write_text("title: M\nlength: 5 min\nsegments: [resting]\n")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "calm.yaml").write_bytes((ROOT / "voices" / "plain.yaml").read_bytes())
    (tmp_path / "welcome.txt").write_text("Good evening, and welcome.")
    (tmp_path / "words.docx").write_bytes(docx(paragraph("Lie down as you like."), paragraph("Rest for a while.")))
    (tmp_path / "music").mkdir()
    tone = 0.1 * np.sin(np.arange(20 * 44_100) / 30)
    soundfile.write(tmp_path / "music" / "drone.m4a", tone, 44_100, format="WAV")  # any sound does, whatever its name
    return tmp_path


def test_there_are_examples_of_every_command() -> None:
    assert sum(map(len, examples().values())) > 75
    shown = {example.split()[0] for place in examples().values() for example in place}
    assert shown == {*_COMMANDS}


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(place, id=place or "calmcast", marks=[pytest.mark.long] * (place in LONG))
        for place in (*HELPS, README)
    ],
)
def test_every_example(calmcast: Calmcast, folder: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    if place.startswith("store"):
        monkeypatch.setenv("CALMCAST_STORE", str(folder / "store"))
    for example in (*BEFORE.get(place, ()), *examples()[place]):
        arguments = shlex.split(example)
        if tuple(arguments[:2]) in NEED_MORE:
            continue
        if arguments[0] == "init":
            arguments = ["init", "elsewhere"]
        if arguments[0] == "render" and "--length" not in arguments:
            arguments += ["--length", "4"]  # a short track shows as much
        done = calmcast(*arguments)
        assert done.code == 0, f"{example}: {done.err}"
