"""Every format and every place, row by row: made as a user makes it, read by others, and held to what it promises."""

import json
import random
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import mutagen
import pytest

from calmcast.errors import SoundError
from calmcast.publish.formats import FORMATS, manifest_path
from calmcast.publish.places import PLACES, Place, picture_path
from calmcast.publish.resampled import samples_at
from calmcast.units import SAMPLE_RATE
from calmcast.verify.verify import Verified, verify
from tests.conftest import Calmcast, needs
from tests.verify.conftest import Render
from tests.verify.tracks import off, signed

SHORT = """\
title: A rest
allow: {missing-exit: only for tests, missing-notice: only for tests, unannounced-silence: only for tests}
segments:
  - title: Arriving
    steps:
      - bell: soft
      - hold: 1s
      - Hello. I'm glad that you came here today.
      - Nothing here has to be right, and there is nothing at all that you have to do.
  - title: A long rest on the floor, with a long name
    steps:
      - rest: 4s
  - title: Back
    steps:
      - Take your time, and come back gently.
      - hold: 1s
      - bell: soft
"""
LENGTH = "36.3217s"
"""At no sample rate a whole number of frames, at 48 kHz not even of samples."""
SAMPLES = 1_601_787
OPEN_TO_ALL = [place for place in PLACES.values() if not place.person]


def made(render: Render, form: str, *options: str) -> Path:
    return render("--length", LENGTH, *options, script=SHORT, ending=f".{form}")


def made_for(render: Render, place: Place) -> Path:
    return made(render, place.formats[0], "--for", place.name)


def copied(track: Path, folder: Path) -> Path:
    """Return a track that was copied there, with all that lies beside it."""
    for path in track.parent.glob(f"{track.stem}.*"):
        shutil.copy(path, folder)
    return folder / track.name


def probed(track: Path) -> Any:
    """Return what ffprobe reads in a file."""
    command = ["ffprobe", "-v", "fatal", "-of", "json", "-show_format", "-show_streams", "-show_chapters", str(track)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def tags_of(found: Any) -> dict[str, str]:
    """Return the tags of a file, of whichever of its streams, by their names in small letters."""
    holders = found["format"], *found["streams"]
    return {name.lower(): value for holder in holders for name, value in holder.get("tags", {}).items()}


@pytest.mark.parametrize("form", FORMATS)
def test_a_track_of_every_format_is_as_its_manifest_says(render: Render, form: str) -> None:
    verified = verify(made(render, form))
    assert not off(verified)
    names = {finding.name for finding in verified.findings}
    assert {"length", "loudness of the speech", "lines", "true peak", "other sounds", "tag", "chapters"} <= names


@needs("ffmpeg")
@pytest.mark.real
@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_others_find_the_length_the_chapters_the_names_and_the_cover(render: Render, form: Any) -> None:
    track = made(render, form.name)
    command = ["ffmpeg", "-v", "fatal", "-i", str(track), "-map", "0:a", "-f", "s16le", "-c:a", "pcm_s16le", "-"]
    sound = subprocess.run(command, capture_output=True, check=True).stdout
    assert len(sound) // 2 == samples_at(form.rate, SAMPLES)
    found = probed(track)
    tags = tags_of(found)
    assert (tags["title"], tags["artist"], tags["album"]) == ("A rest, 36 s", "calmcast", "A rest")
    assert (tags["synthetic_voice"], tags["voice"]) == ("yes", "tone")
    assert tags["language"] == "eng"
    assert "Take your time, and come back gently." in next(text for name, text in tags.items() if "lyrics" in name)
    chapters = sorted(found["chapters"], key=lambda chapter: float(chapter["start_time"]))
    assert [c["tags"]["title"] for c in chapters] == ["Arriving", "A long rest on the floor…", "Back"]
    due = [chapter.start / SAMPLE_RATE for chapter in verify(track).manifest.chapters]
    assert [float(c["start_time"]) for c in chapters] == pytest.approx(due, abs=0.001)
    assert tags.get("media_type") == ("2" if form.name == "m4b" else None)
    pictures = [stream for stream in found["streams"] if stream["disposition"]["attached_pic"]]
    assert [(picture["width"], picture["height"]) for picture in pictures] == [(600, 600)]


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_changed_in_a_tag_is_told(tmp_path: Path, render: Render, form: str) -> None:
    track = copied(made(render, form), tmp_path)
    data, words = track.read_bytes(), b"SYNTHETIC_VOICE"
    at = data.find(words) if words in data else data.index("SYNTHETIC_VOICE".encode("utf-16-le"))
    track.write_bytes(data[:at] + b"P" + data[at + 1 :])
    if form == "opus":  # each of its pages has a sum
        with pytest.raises(SoundError, match="damaged"):
            verify(track)
        track.write_bytes(data)
        file: Any = mutagen.File(track)
        del file["SYNTHETIC_VOICE"]
        file.save()
    assert off(verify(track))["file"] in ("another, or changed since", "the same sound, and another tag")
    told = off(verify(signed(track)))
    assert "SYNTHETIC_VOICE is" in told["tag"]


@pytest.mark.parametrize("place", OPEN_TO_ALL, ids=lambda place: place.name)
def test_a_track_for_a_place_keeps_all_that_it_promises(render: Render, place: Place) -> None:
    verified = verify(made_for(render, place), place=place)
    assert not off(verified)
    kept = {finding.name.removeprefix(f"{place.name}: ") for finding in verified.findings}
    assert {"kind of file", "sample rate"} <= kept
    assert ("loudness" in kept) == (place.lufs is not None)
    assert ("picture" in kept) == (place.picture is not None)
    assert ("size" in kept) == (place.most_bytes is not None)
    file = verified.manifest.file
    assert (file.place if file else "phone") == place.name


@pytest.mark.parametrize("place", [p for p in PLACES.values() if p.name != "phone"], ids=lambda place: place.name)
def test_a_track_for_a_phone_is_no_track_for_another_place(render: Render, place: Place) -> None:
    verified = verify(made(render, "mp3"), place=place)
    faults = {finding.name for finding in verified.faults}
    assert faults
    assert all(name.startswith(f"{place.name}: ") for name in faults)


def told_for(track: Path, place: str) -> dict[str, str]:
    verified: Verified = verify(track, place=PLACES[place])
    return {name.removeprefix(f"{place}: "): found for name, found in off(verified).items()}


def test_what_a_place_wants_beside_a_track_is_missed(tmp_path: Path, render: Render) -> None:
    track = copied(made_for(render, PLACES["youtube"]), tmp_path)
    assert told_for(track, "youtube") == {}
    track.with_suffix(".srt").unlink()
    shutil.copy(picture_path(made_for(render, PLACES["podcast"])), picture_path(track))
    assert told_for(track, "youtube") == {
        "captions (.srt)": f"there is no {track.stem}.srt",
        "picture": "3000x3000 pixels",
    }
    picture_path(track).write_bytes(b"no picture")
    assert told_for(track, "youtube")["picture"] == f"there is no {picture_path(track).name}"


def test_a_manifest_of_another_format_lies_beside_that_of_the_mp3(tmp_path: Path) -> None:
    assert manifest_path(tmp_path / "x.mp3") == tmp_path / "x.json"
    assert {manifest_path(tmp_path / f"x.{form}").name for form in FORMATS} == {
        "x.json",
        *(f"x.{form}.json" for form in FORMATS if form != "mp3"),
    }


def test_verify_looks_at_every_format_in_a_folder(tmp_path: Path, render: Render, calmcast: Calmcast) -> None:
    for form in ("mp3", "flac"):
        copied(made(render, form), tmp_path)
    (tmp_path / "a-bell.wav").write_bytes(b"no track")
    run = calmcast("verify", tmp_path, "--for", "phone", "--json")
    assert (run.code, len(run.json["tracks"])) == (0, 2)
    run = calmcast("verify", tmp_path, "--for", "podcast")
    assert run.code == 7
    assert "podcast: kind of file" in run.out


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "mp3"])
def test_whatever_is_damaged_is_told_in_words(tmp_path: Path, render: Render, form: str) -> None:
    """Cut ends, flipped bytes, what is left out and put in: never anything but findings, or what cannot be read."""
    track, chance = copied(made(render, form), tmp_path), random.Random(form)
    whole = track.read_bytes()
    for _ in range(6):
        data = bytearray(whole)
        at = chance.randrange(min(len(data), chance.choice((200, 60_000, len(data)))))
        match chance.randrange(4):
            case 0:
                del data[at:]
            case 1:
                for place in range(at, min(at + 3_000, len(data)), 97):
                    data[place] = data[place] ^ 0x55
            case 2:
                del data[at : at + chance.randrange(1, 5_000)]
            case _:
                data[at:at] = chance.randbytes(200)
        track.write_bytes(data)
        with suppress(SoundError):
            assert off(verify(track, place=PLACES["phone"]))


def test_a_sound_file_that_names_another_is_not_followed(tmp_path: Path, render: Render) -> None:
    track = copied(made(render, "m4a"), tmp_path)
    track.write_text(f"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/{track.name}\n#EXT-X-ENDLIST\n")
    with pytest.raises(SoundError, match="is no M4A"):
        verify(track)


def claims_more_channels(track: Path) -> bool:
    """Return whether a decoder finds a packet of AAC with more channels than the track has."""
    with av.open(str(track)) as file:
        for packet in file.demux(audio=0):
            with suppress(av.FFmpegError):
                if any(frame.layout.nb_channels > 1 for frame in packet.decode()):
                    return True
    return False


def test_aac_that_claims_more_channels_cannot_be_decoded_there(tmp_path: Path, render: Render) -> None:
    track, chance = copied(made(render, "m4a", "--mono"), tmp_path), random.Random(0)
    whole = track.read_bytes()
    for _ in range(60):
        at = chance.randrange(len(whole) // 3, len(whole) - 5_000)
        track.write_bytes(whole[:at] + chance.randbytes(chance.randrange(100, 3_000)) + whole[at + 3_000 :])
        if claims_more_channels(track):
            break
    else:
        pytest.fail("no damage makes a decoder find more channels")
    assert "decoding" in off(verify(track))
