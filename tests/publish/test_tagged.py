"""An MP3's sound and its tags: told apart in whatever other programs make of the file, and the tag changed alone."""

import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import mutagen.apev2
import mutagen.id3
import numpy as np
import pytest

from calmcast.errors import PublishError
from calmcast.publish.mp3 import write_mp3
from calmcast.publish.tagged import Digests, digests, retag
from tests.islands import whole

ID3: Any = mutagen.id3.ID3
TIT2: Any = mutagen.id3.TIT2
APE: Any = mutagen.apev2.APEv2
TAG = b"ID3\x03\x00\x00\x00\x00\x01\x00" + bytes(128)


@pytest.fixture(scope="module", params=[1, 2])
def sound(request: pytest.FixtureRequest) -> bytes:
    """One second of noise as MP3, without any tag."""
    file, channels = io.BytesIO(), int(request.param)
    noise = np.random.default_rng(1).integers(-9_000, 9_000, (44_100, channels), np.int16)
    write_mp3(file, whole(noise), samples=44_100, channels=channels, kbps=96)
    return file.getvalue()


@pytest.fixture
def track(tmp_path: Path, sound: bytes) -> Path:
    path = tmp_path / "a.mp3"
    path.write_bytes(TAG + sound)
    return path


def test_sound_and_tag_have_digests_of_their_own(track: Path, sound: bytes) -> None:
    assert digests(track) == Digests(*(sha256(each).hexdigest() for each in (TAG + sound, sound, TAG)))
    track.write_bytes(sound)
    assert digests(track) == Digests(*(sha256(each).hexdigest() for each in (sound, sound, b"")))


def test_what_other_programs_write_into_a_file_is_no_sound(track: Path, sound: bytes) -> None:
    audio = sha256(sound).hexdigest()
    seen = {digests(track).tag}

    def id3v24_with_id3v1() -> None:
        tag = ID3()
        tag.add(TIT2(encoding=3, text=["Ruhe"]))
        tag.save(track, v1=2, v2_version=4)

    def ape() -> None:
        tag = APE()
        tag["Title"] = "Ruhe"
        tag.save(track)

    for program in (id3v24_with_id3v1, ape, lambda: ID3(track).delete(track), lambda: ID3().save(track)):
        program()
        found = digests(track)
        assert found.audio == audio
        assert found.tag not in seen
        seen.add(found.tag)


@pytest.mark.parametrize("place", [0, 20, 60, 500, -1])
def test_any_change_of_the_sound_is_seen(track: Path, sound: bytes, place: int) -> None:
    changed = bytearray(sound)
    changed[place] ^= 1
    track.write_bytes(TAG + changed)
    assert digests(track).audio != sha256(sound).hexdigest()


def test_a_file_of_anything_is_all_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    for data in (b"", b"ID3", b"hello", b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f", TAG, TAG[:50], bytes(5_000)):
        path.write_bytes(data)
        found = digests(path)
        assert found.file == sha256(data).hexdigest()
        assert found.audio == sha256(b"" if data.startswith(b"ID3\x03") else data).hexdigest()


def test_another_tag_leaves_the_sound_as_it_is(track: Path, sound: bytes) -> None:
    track.write_bytes(track.read_bytes() + b"TAG".ljust(128))
    new = TAG.replace(b"\x01\x00", b"\x02\x00", 1) + bytes(128)
    found = retag(track, new, sha256(sound).hexdigest())
    assert track.read_bytes() == new + sound
    assert found == digests(track)
    assert [path.name for path in track.parent.iterdir()] == ["a.mp3"]


def test_nothing_is_retagged_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        retag(tmp_path / "a.mp3", TAG, "")
    assert list(tmp_path.iterdir()) == []


def test_a_sound_that_is_another_by_now_is_left_as_it_is(track: Path, sound: bytes) -> None:
    with pytest.raises(PublishError, match="made anew meanwhile"):
        retag(track, b"", sha256(b"the one before").hexdigest())
    assert track.read_bytes() == TAG + sound
    assert [path.name for path in track.parent.iterdir()] == ["a.mp3"]
