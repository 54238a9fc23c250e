"""Where --output lets tracks land."""

from pathlib import Path

import click
import pytest

from calmcast.cli.options import check_output
from tests.conftest import Calmcast


def test_one_track_may_be_a_file_or_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.mp3").mkdir()
    for output in (None, tmp_path, tmp_path / "new", tmp_path / "class.MP3", tmp_path / "folder.mp3"):
        check_output(output, several=False)


def test_several_tracks_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.mp3").mkdir()
    for output in (None, tmp_path, tmp_path / "new", tmp_path / "folder.mp3"):
        check_output(output, several=True)
    with pytest.raises(click.UsageError, match="there are several tracks: name a folder"):
        check_output(tmp_path / "class.mp3", several=True)


@pytest.mark.parametrize("several", [False, True])
def test_nothing_but_an_mp3_is_written(tmp_path: Path, several: bool) -> None:
    with pytest.raises(click.UsageError, match=r"a track is an \.mp3 file"):
        check_output(tmp_path / "class.wav", several=several)


@pytest.mark.parametrize("command", [("render", "a", "b"), ("exit", "a", "b"), ("compose", "resting", "-l", "1,2")])
def test_every_command_asks_before_it_begins(calmcast: Calmcast, workspace: Path, command: tuple[str, ...]) -> None:
    run = calmcast(*command, "--output", workspace / "class.mp3")
    assert run.code == 2
    assert "--output names one file, but there are several tracks: name a folder" in run.err
