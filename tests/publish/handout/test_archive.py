import os
import shutil
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from calmcast.errors import PublishError
from calmcast.publish.handout.archive import write_archive
from tests.conftest import needs

FILES = ("index.html", "01-rest-10min.mp3", "cover.jpg", "clients/anna/index.html")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tuesday"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(f"{name}\n".encode() * 1_000)
    return folder


def test_the_files_are_in_one_folder(folder: Path, tmp_path: Path) -> None:
    write_archive(folder, FILES, tmp_path / "a.zip", "tuesday", date(2026, 11, 29))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"tuesday/{name}" for name in sorted(FILES)]
        for name in FILES:
            assert archive.read(f"tuesday/{name}") == (folder / name).read_bytes()
        for entry in archive.infolist():
            packed = entry.filename.endswith(".html")
            assert entry.compress_type == (zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)
            assert entry.date_time == (2026, 11, 29, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            assert entry.flag_bits == 0  # no data descriptor
            assert entry.extract_version == 20  # no ZIP64
            assert entry.extra == b""


def test_sizes_stand_before_the_contents(folder: Path, tmp_path: Path) -> None:
    write_archive(folder, FILES, tmp_path / "a.zip", "tuesday")
    data = (tmp_path / "a.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for entry in archive.infolist():
            head = struct.unpack_from("<4s5H3I2H", data, entry.header_offset)
            assert head[0] == b"PK\x03\x04"
            assert head[6:9] == (entry.CRC, entry.compress_size, entry.file_size)


def test_the_same_files_are_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_archive(folder, FILES, tmp_path / "a.zip", "tuesday")
    for name in FILES:
        os.utime(folder / name, (1_500_000_000, 1_500_000_000))
        (folder / name).chmod(0o600)
    shutil.copytree(folder, tmp_path / "copy")
    write_archive(tmp_path / "copy", FILES[::-1] * 2, tmp_path / "b.zip", "tuesday", date(1970, 1, 1))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_names_beyond_ascii_say_that_they_are_utf8(folder: Path, tmp_path: Path) -> None:
    write_archive(folder, FILES, tmp_path / "a.zip", "вторник")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {entry.flag_bits for entry in archive.infolist()} == {0x800}
        assert archive.namelist()[0].startswith("вторник/")


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../secret.txt", "clients/../../secret.txt", "/etc/passwd", "clients/", "clients//anna/index.html",
     "./index.html", "clients\\anna\\index.html", "C:/index.html", "index.html:stream", "a\0b", "a\nb"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    with pytest.raises(PublishError):
        write_archive(folder, ["index.html", name], tmp_path / "a.zip", "tuesday")
    with pytest.raises(PublishError):
        write_archive(folder, ["index.html"], tmp_path / "a.zip", name)
    assert not (tmp_path / "a.zip").exists()


def test_the_top_is_one_folder(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PublishError):
        write_archive(folder, FILES, tmp_path / "a.zip", "tuesday/evening")


def test_names_that_differ_in_case_alone_are_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "Index.html").write_text("other")
    with pytest.raises(PublishError, match="one file on many computers"):
        write_archive(folder, ["index.html", "Index.html"], tmp_path / "a.zip", "tuesday")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret" / "a.txt")
    (folder / "way").symlink_to(tmp_path / "secret")
    for name in ("link.txt", "way/a.txt"):
        with pytest.raises(PublishError, match="is a link"):
            write_archive(folder, [name], tmp_path / "a.zip", "tuesday")


def test_what_is_missing_a_folder_or_the_archive_itself_is_refused(folder: Path) -> None:
    path = folder / "tuesday.zip"
    write_archive(folder, FILES, path, "tuesday")
    before = path.read_bytes()
    for name in ("nothing.mp3", "clients", "tuesday.zip"):
        with pytest.raises(PublishError):
            write_archive(folder, [*FILES, name], path, "tuesday")
    assert path.read_bytes() == before


def test_memory_does_not_grow(folder: Path, tmp_path: Path) -> None:
    with (folder / "long.mp3").open("wb") as file:
        file.truncate(32 << 20)
    tracemalloc.start()
    write_archive(folder, ["long.mp3"], tmp_path / "a.zip", "tuesday")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20


@needs("unzip")
def test_another_program_finds_it_whole(folder: Path, tmp_path: Path) -> None:
    write_archive(folder, FILES, tmp_path / "a.zip", "tuesday")
    done = subprocess.run(["unzip", "-t", tmp_path / "a.zip"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "No errors detected" in done.stdout
