"""Archives that mean harm: nothing gets out of the folder, nothing grows without end, and all is told in words."""

import io
import os
import random
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmcast.errors import SpeechError
from calmcast.speech.install.unpack import Limits, copy, unpack

FILES = {"voice/model.onnx": b"\0weights" * 999, "voice/tokens.txt": b"_ 0\n", "voice/data/lang/en": b"rules"}


def entry(name: str, kind: bytes = tarfile.REGTYPE, linkname: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, linkname
    return info


def tar(path: Path, files: dict[str, bytes] | None = None, *special: tarfile.TarInfo, mode: str = "w:bz2") -> Path:
    """Write a tar with these files, and entries without contents."""
    with tarfile.open(path, mode) as opened:  # type: ignore[call-overload]
        for name, data in (files or {}).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            opened.addfile(info, io.BytesIO(data))
        for info in special:
            opened.addfile(info)
    return path


def zip_(path: Path, files: dict[str, bytes], **attributes: int) -> Path:
    """Write a zip with these files; `attributes` for each (`external_attr`, `flag_bits`)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            opened.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def found(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "make",
    [
        lambda path: tar(path, FILES, mode="w"),
        lambda path: tar(path, FILES, mode="w:bz2"),
        lambda path: tar(path, FILES, mode="w:gz"),
        lambda path: tar(path, FILES, mode="w:xz"),
        lambda path: zip_(path, FILES),
    ],
    ids=["tar", "bz2", "gz", "xz", "zip"],
)
def test_every_kind_by_its_contents_and_not_its_name(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    folder = unpack(make(tmp_path / "download"), tmp_path / "out")
    assert folder == tmp_path / "out" / "voice"
    assert found(folder) == {name.removeprefix("voice/"): data for name, data in FILES.items()}


def test_only_a_single_top_folder_is_left_out(tmp_path: Path) -> None:
    several = {"a/model.onnx": b"1", "tokens.txt": b"2"}
    assert unpack(tar(tmp_path / "x", several), tmp_path / "out") == tmp_path / "out"
    assert found(tmp_path / "out") == several
    assert unpack(tar(tmp_path / "y", {"model.onnx": b"1"}), tmp_path / "one") == tmp_path / "one"


def test_what_macos_adds_is_left_out(tmp_path: Path) -> None:
    archive = zip_(tmp_path / "x", FILES | {"__MACOSX/voice/._model.onnx": b"x", "voice/.DS_Store": b"x"})
    assert found(unpack(archive, tmp_path / "out")).keys() == {"model.onnx", "tokens.txt", "data/lang/en"}


OUTSIDE = [
    "../escaped",
    "voice/../../escaped",
    "/tmp/escaped",
    "//escaped",
    "C:\\escaped",
    "C:escaped",
    "..\\escaped",
    "voice\\escaped",
    "\\\\host\\share\\escaped",
    "model.onnx:stream",
]
UNFIT = ["con", "voice/NUL.txt", "com1", "name.", "name ", "na\nme", "what?", "a" * 256]


@pytest.mark.parametrize("name", [*OUTSIDE, *UNFIT])
@pytest.mark.parametrize("pack", [tar, zip_])
def test_names_that_lead_elsewhere(tmp_path: Path, pack: Callable[[Path, dict[str, bytes]], Path], name: str) -> None:
    archive = pack(tmp_path / "bad", {name: b"x"})
    with pytest.raises(SpeechError, match="so it was not unpacked") as caught:
        unpack(archive, tmp_path / "in" / "out")
    assert caught.value.hint
    assert found(tmp_path).keys() == {"bad"}


@pytest.mark.parametrize(
    "special",
    [
        entry("voice/link", tarfile.SYMTYPE, "/etc/passwd"),
        entry("voice/link", tarfile.SYMTYPE, "model.onnx"),
        entry("voice/link", tarfile.LNKTYPE, "voice/model.onnx"),
        entry("voice/link", tarfile.LNKTYPE, "../../escaped"),
        entry("voice/pipe", tarfile.FIFOTYPE),
        entry("voice/device", tarfile.CHRTYPE),
        entry("voice/disk", tarfile.BLKTYPE),
    ],
    ids=lambda info: f"{info.type.decode()}-{info.linkname}",
)
def test_links_and_devices(tmp_path: Path, special: tarfile.TarInfo) -> None:
    with pytest.raises(SpeechError, match="holds a link or a device"):
        unpack(tar(tmp_path / "bad", FILES, special), tmp_path / "out")


def test_a_link_in_a_zip(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="holds a link or a device"):
        unpack(zip_(tmp_path / "bad", {"voice/link": b"/etc/passwd"}, external_attr=0o120777 << 16), tmp_path / "out")


def test_a_folder_through_a_link_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    archive = tar(tmp_path / "bad", {"a/b": b"x"}, entry("a", tarfile.SYMTYPE, "../elsewhere"))
    with pytest.raises(SpeechError):
        unpack(archive, tmp_path / "out")
    assert not [*(tmp_path / "elsewhere").iterdir()]


@pytest.mark.parametrize("second", ["voice/model.onnx", "voice/MODEL.onnx", "voice/./model.onnx", "voice//model.onnx"])
@pytest.mark.parametrize("pack", [tar, zip_])
def test_names_that_come_twice(tmp_path: Path, pack: Callable[[Path, dict[str, bytes]], Path], second: str) -> None:
    if second == "voice/model.onnx":
        with tarfile.open(tmp_path / "bad", "w") as opened:
            for data in (b"one", b"two"):
                info = entry(second)
                info.size = len(data)
                opened.addfile(info, io.BytesIO(data))
    else:
        pack(tmp_path / "bad", {"voice/model.onnx": b"one", second: b"two"})
    with pytest.raises(SpeechError, match="twice"):
        unpack(tmp_path / "bad", tmp_path / "out")


def test_a_file_that_is_a_folder_too(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="both as a file and as a folder"):
        unpack(tar(tmp_path / "bad", {"a": b"1", "a/b": b"2"}), tmp_path / "out")
    with pytest.raises(SpeechError, match=r"twice|both"):
        unpack(tar(tmp_path / "worse", {"a/b": b"1", "a": b"2"}), tmp_path / "other")


@pytest.mark.parametrize(("mode", "most_mb"), [("w:bz2", 5), ("w:gz", 64), ("w:xz", 5)])
def test_a_bomb_is_stopped_early(tmp_path: Path, mode: str, most_mb: int) -> None:
    """Whatever is allowed, at fifty times its size; a small one at 64 MB."""
    archive = tar(tmp_path / "bomb", {"voice/model.onnx": bytes(most_mb * 1_400_000)}, mode=mode)
    assert archive.stat().st_size < 200_000
    with pytest.raises(SpeechError, match=f"grows to more than {most_mb} MB"):
        unpack(archive, tmp_path / "out", Limits() if most_mb == 64 else Limits(size=most_mb * 1_000_000))
    assert sum(map(len, found(tmp_path / "out").values())) <= most_mb * 1_000_000


def test_a_bomb_in_a_zip(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="grows to more than 64 MB"):
        unpack(zip_(tmp_path / "bomb", {"model.onnx": bytes(90_000_000)}), tmp_path / "out")


def test_a_bomb_that_is_a_name(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bomb", "w:bz2", format=tarfile.PAX_FORMAT) as opened:
        info = entry("voice/model.onnx")
        info.pax_headers = {"comment": "x" * 30_000_000}
        opened.addfile(info)
    with pytest.raises(SpeechError, match="a name in it is too long"):
        unpack(tmp_path / "bomb", tmp_path / "out")
    with tarfile.open(tmp_path / "other", "w:bz2", format=tarfile.GNU_FORMAT) as opened:
        opened.addfile(entry("a/" * 100_000))
    with pytest.raises(SpeechError, match="a name in it is too long"):
        unpack(tmp_path / "other", tmp_path / "out")


def test_limits(tmp_path: Path) -> None:
    many = tar(tmp_path / "many", {f"voice/{i}": b"" for i in range(30)})
    with pytest.raises(SpeechError, match="holds more than 20 files"):
        unpack(many, tmp_path / "1", Limits(files=20))
    folders = tar(tmp_path / "folders", {}, *[entry(f"voice/{i}", tarfile.DIRTYPE) for i in range(30)])
    with pytest.raises(SpeechError, match="holds more than 20 files"):
        unpack(folders, tmp_path / "2", Limits(files=20))
    deep = tar(tmp_path / "deep", {"a/" * 20 + "b": b""})
    with pytest.raises(SpeechError, match="more than 12 deep"):
        unpack(deep, tmp_path / "3")
    large = tar(tmp_path / "large", {"model.onnx": random.Random(1).randbytes(2_000_000)})
    with pytest.raises(SpeechError, match="grows to more than 1 MB"):
        unpack(large, tmp_path / "4", Limits(size=1_000_000))


def test_rights_and_owners_stay_behind(tmp_path: Path) -> None:
    info = entry("voice/run.sh")
    info.mode, info.uid, info.uname = 0o6777, 12_345, "someone"
    folder = unpack(tar(tmp_path / "x", FILES, info), tmp_path / "out")
    mode = (folder / "run.sh").stat()
    assert mode.st_mode & 0o7111 == 0
    assert os.name == "nt" or mode.st_uid == os.getuid()


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as opened:
        opened.writestr("model.onnx", b"x")
    data = bytearray((tmp_path / "x").read_bytes())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(SpeechError, match="password"):
        unpack(tmp_path / "x", tmp_path / "out")


@pytest.mark.parametrize("contents", [b"", b"hello", b"\x08\x08ONNX" * 500, b"PK\3\4", b"BZh9", b"\x1f\x8b", b"\0" * 9])
def test_what_is_no_archive(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "x").write_bytes(contents)
    with pytest.raises(SpeechError, match="is damaged"):
        unpack(tmp_path / "x", tmp_path / "out")


@pytest.mark.parametrize("mode", ["w", "w:bz2", "w:gz", "w:xz"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_an_archive_that_is_cut_short(tmp_path: Path, mode: str, share: float) -> None:
    noise = {"voice/model.onnx": random.Random(2).randbytes(100_000), "voice/tokens.txt": b"_ 0\n"}
    archive = tar(tmp_path / "x", noise, mode=mode)
    # Nulls after the last file are a tar's end, which may be missing.
    data = archive.read_bytes() if mode != "w" else archive.read_bytes().rstrip(b"\0")
    archive.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(SpeechError, match="is damaged"):
        unpack(archive, tmp_path / "out")


ARCHIVES = ("w", "w:gz", "w:xz", "zip")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_told_in_words(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damage")
    kind = data.draw(st.sampled_from(ARCHIVES))
    archive = zip_(folder / "x", FILES) if kind == "zip" else tar(folder / "x", FILES, mode=kind)
    contents = bytearray(archive.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        contents[data.draw(st.integers(0, len(contents) - 1))] = data.draw(st.integers(0, 255))
    archive.write_bytes(contents)
    with suppress(SpeechError):
        unpack(archive, folder / "in" / "out")
    assert {path.name for path in folder.iterdir()} <= {"x", "in"}


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpeechError, match="cannot be unpacked"):
        unpack(tar(tmp_path / "x", FILES), tmp_path / "file" / "out")


def test_a_folder_is_copied_under_the_same_rules(tmp_path: Path) -> None:
    (tmp_path / "mine" / "data").mkdir(parents=True)
    (tmp_path / "mine" / "model.onnx").write_bytes(b"1")
    (tmp_path / "mine" / "data" / "en").write_bytes(b"2")
    (tmp_path / "mine" / "tokens.txt").symlink_to(tmp_path / "mine" / "data" / "en")
    copy(tmp_path / "mine", tmp_path / "out")
    assert found(tmp_path / "out") == {"model.onnx": b"1", "data/en": b"2", "tokens.txt": b"2"}
    assert not (tmp_path / "out" / "tokens.txt").is_symlink()
    with pytest.raises(SpeechError, match="more than 2 files"):
        copy(tmp_path / "mine", tmp_path / "other", Limits(files=2))
