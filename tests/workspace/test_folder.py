"""Where a workspace's own sound files are."""

import os
from pathlib import Path

import pytest

from calmcast.errors import SoundError
from calmcast.workspace.folder import Folder


def place(folder: Path, *files: str) -> Folder:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"sound")
    return Folder(folder)


def test_a_sound_file_is_found_from_the_workspace_s_folder_on(tmp_path: Path) -> None:
    workspace = place(tmp_path, "music/rain.mp3")
    assert workspace.sound_file("music/rain.mp3") == tmp_path / "music" / "rain.mp3"
    assert workspace.sound_file("music/none.mp3") == tmp_path / "music" / "none.mp3"


@pytest.mark.parametrize("written", ["music/Bäche.mp3", "music/Ba\u0308che.mp3"])
@pytest.mark.parametrize("kept", ["music/Bäche.mp3", "music/Ba\u0308che.mp3"])
def test_a_name_is_found_in_whatever_form_its_letters_are_kept(tmp_path: Path, written: str, kept: str) -> None:
    assert place(tmp_path, kept).sound_file(written).is_file()


@pytest.mark.parametrize("name", ["../rain.mp3", "a/../../rain.mp3", "/etc/hostname"])
def test_a_path_that_leads_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(SoundError, match="leads out of the workspace") as error:
        place(tmp_path / "classes").sound_file(name)
    assert str(tmp_path / "classes") in (error.value.hint or "")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_stay_inside(tmp_path: Path) -> None:
    workspace = place(tmp_path / "classes", "music/rain.mp3")
    outside = place(tmp_path / "elsewhere", "sea.mp3").root
    links = workspace.root / "links"
    links.mkdir()
    (links / "file.mp3").symlink_to(outside / "sea.mp3")
    (links / "folder").symlink_to(outside)
    (links / "inside.mp3").symlink_to(workspace.root / "music" / "rain.mp3")
    (links / "circle.mp3").symlink_to(links / "circle.mp3")
    for name in ("links/file.mp3", "links/folder/sea.mp3", "links/folder/none.mp3"):
        with pytest.raises(SoundError, match="leads out of the workspace"):
            workspace.sound_file(name)
    assert workspace.sound_file("links/inside.mp3").is_file()
    assert not workspace.sound_file("links/circle.mp3").is_file()
    assert workspace.sound_files() == ("music/rain.mp3",)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_workspace_behind_a_link(tmp_path: Path) -> None:
    place(tmp_path / "classes", "music/rain.mp3")
    (tmp_path / "link").symlink_to(tmp_path / "classes")
    assert Folder(tmp_path / "link").sound_file("music/rain.mp3").is_file()


def test_sound_files_to_suggest(tmp_path: Path) -> None:
    workspace = place(
        tmp_path,
        "z.wav", "music/b.m4a", "music/A.MP3", "music/old/c.flac", "music/notes.txt", "output/track.mp3",
        ".hidden/d.mp3", "music/.e.mp3", "scripts/segments/a.yaml", "a/b/c/d/e/near.ogg", "a/b/c/d/e/f/far.ogg",
    )  # fmt: skip
    assert workspace.sound_files() == (
        "z.wav", "music/A.MP3", "music/b.m4a", "music/old/c.flac", "a/b/c/d/e/near.ogg",
    )  # fmt: skip


def test_only_so_many_are_suggested(tmp_path: Path) -> None:
    workspace = place(tmp_path, *(f"music/{number:04}.mp3" for number in range(600)))
    assert len(workspace.sound_files()) == 500


def test_no_workspace_has_no_sound_files(tmp_path: Path) -> None:
    assert Folder(tmp_path / "none").sound_files() == ()
