"""Every example that calmcast shows does what it says; what `calm` would say is said by the voice `plain`, at once."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pytest
import soundfile

from calmcast.cli.main import _COMMANDS, cli
from tests.conftest import Calmcast

pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[1]
NEED_MORE = {
    *(("voices", "add"), ("voices", "remove")),  # the internet, or a voice that is installed
    *(("record", "import"), ("record", "accept"), ("record", "mend"), ("record", "review")),  # a recording
    ("record", "live"),  # a terminal and a microphone
    ("serve", "after-class"),  # a class, and Ctrl-C
    *(("lexicon", "import"), ("lexicon", "export")),  # a file of one's own
}
"""Examples that other tests try, with what they need."""


def subcommands() -> Iterator[tuple[str, str]]:
    """Yield every command of a group, after the group's name."""
    context = click.Context(cli)
    for name in _COMMANDS:
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((name, each) for each in command.commands)


def examples(calmcast: Calmcast) -> list[list[str]]:
    """Return the commands of the README and of every --help, in order, without `calmcast`."""
    helps = [calmcast("--help").out.partition("Example")[2]]
    helps += [calmcast(command, "--help").out.partition("Example")[2] for command in _COMMANDS]
    helps += [calmcast(*both, "--help").out.partition("Example")[2] for both in subcommands() if both not in NEED_MORE]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^ +calmcast (.*)$", "\n".join([readme, *helps]), re.MULTILINE)
    return [shlex.split(command, comments=True) for command in dict.fromkeys(map(str.strip, found))]


def test_every_example(calmcast: Calmcast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "store"))
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "my-class.yaml").write_text("title: M\nlength: 5 min\nsegments: [resting]\n")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "calm.yaml").write_bytes((ROOT / "voices" / "plain.yaml").read_bytes())
    (tmp_path / "welcome.txt").write_text("Good evening, and welcome.")
    (tmp_path / "music").mkdir()
    tone = 0.1 * np.sin(np.arange(20 * 44_100) / 30)
    soundfile.write(tmp_path / "music" / "drone.m4a", tone, 44_100, format="WAV")  # any sound does, whatever its name
    found = examples(calmcast)
    assert len(found) > 25
    for example in found:
        if tuple(example[:2]) in NEED_MORE:
            continue
        arguments = ["init", "elsewhere"] if example[0] == "init" else example
        command = [sys.executable, "-m", "calmcast", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        again = arguments[0] == "new" and "there already" in done.stderr
        assert done.returncode == 0 or again, f"{arguments}: {done.stderr}"
