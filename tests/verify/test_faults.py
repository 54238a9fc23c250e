"""Faults planted in real tracks: each is found by the finding that is meant for it, and by no other without reason."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import lameenc
import mutagen.id3
import numpy as np
import pytest

from calmcast.model.timeline import Clip, Rung, Silence, Spoken, Timeline
from calmcast.publish.lame import QUALITY
from calmcast.verify.findings import MOST
from calmcast.verify.verify import Verified, verify
from tests.verify.conftest import Played
from tests.verify.tracks import INFO, LINES, Sound, lay_out, published, seconds, sounding, write_manifest

ID3: Any = mutagen.id3.ID3
CAPTIONS = {"captions (.vtt)", "captions (.lrc)"}
HISS = np.random.default_rng(1).normal(0, 1, (seconds(70), 1))


def off(verified: Verified) -> dict[str, str]:
    """Return what the first finding of each name says that is off."""
    return {finding.name: finding.found for finding in reversed(verified.faults)}


def places(verified: Verified, name: str) -> list[float]:
    """Return where the findings of a name are, in seconds."""
    return [finding.at / 44_100 for finding in verified.faults if finding.name == name and finding.at is not None]


def without(timeline: Timeline, what: Callable[[Clip], bool]) -> Timeline:
    events = (event for event in timeline.events if not (isinstance(event, Clip) and what(event)))
    return replace(timeline, events=tuple(events))


def leveled(timeline: Timeline, nth: int, level: float) -> Timeline:
    """Return a timeline in which one line sounds at another level."""
    line = timeline.lines[nth]
    assert isinstance(line.content, Spoken)
    louder = replace(line, content=replace(line.content, level=line.content.level + level))
    return replace(timeline, events=tuple(louder if event is line else event for event in timeline.events))


def browned(timeline: Timeline) -> Timeline:
    """Return a timeline with brown noise in place of its beds."""
    beds = tuple(replace(span, made_of=replace(span.made_of, sound="brown")) for span in timeline.beds)
    return replace(timeline, beds=beds)


def delayed(timeline: Timeline, nth: int, seconds_late: float) -> Timeline:
    line = timeline.lines[nth]
    later = replace(line, start=line.start + seconds(seconds_late))
    return replace(timeline, events=tuple(later if event is line else event for event in timeline.events))


# What is done to the sound, to `quiet`, `rainy` or `wide`; and which findings are off.

Fault = Callable[[Timeline, Sound], Sound]


def scaled(decibels: float) -> Fault:
    return lambda timeline, sound: sound * 10 ** (decibels / 20)


def changed(start_s: float, end_s: float, factor: float, add: float = 0.0) -> Fault:
    """Return the fault that scales a stretch, and adds hiss of so many dBFS."""

    def fault(timeline: Timeline, sound: Sound) -> Sound:
        first, last = seconds(start_s), seconds(end_s)
        sound = sound.copy()
        sound[first:last] *= factor
        sound[first:last] += HISS[first:last] * (10 ** (add / 20) if add else 0.0)
        return sound

    return fault


def stepped(at: Callable[[Timeline], int], height: float) -> Fault:
    """Return the fault that adds one sample."""

    def fault(timeline: Timeline, sound: Sound) -> Sound:
        sound = sound.copy()
        sound[at(timeline)] += height
        return sound

    return fault


def clipped(start_s: float, end_s: float, factor: float) -> Fault:
    louder = changed(start_s, end_s, factor)
    return lambda timeline, sound: np.clip(louder(timeline, sound), -1, 1)


def bumped(at_s: float, lasts_s: float) -> Fault:
    """Return the fault that puts a smooth bump of nearly full scale there."""

    def fault(timeline: Timeline, sound: Sound) -> Sound:
        sound, first, samples = sound.copy(), seconds(at_s), seconds(lasts_s)
        sound[first : first + samples] = (0.96 * np.hanning(samples) * np.sin(np.arange(samples) * 0.1))[:, None]
        return sound

    return fault


def cut_into(nth: int, *, begins: bool) -> Fault:
    """Return the fault that takes a line's fade away: its first or last 60 ms, in the middle of a vowel."""

    def fault(timeline: Timeline, sound: Sound) -> Sound:
        line, sound = timeline.lines[nth], sound.copy()
        place = slice(line.start, line.start + 400) if begins else slice(line.end - 400, line.end)
        loud = line.start + int(np.abs(sound[line.start : line.end, 0]).argmax())
        sound[place] = sound[loud : loud + 400] if begins else sound[loud - 400 : loud]
        return sound

    return fault


def lost(nth: int) -> Fault:
    return lambda timeline, _: sounding(without(timeline, lambda clip: clip is timeline.lines[nth]))


def side(factor: float, start_s: float = 0.0, end_s: float = 70.0) -> Fault:
    """Return the fault that scales the right channel of a stretch."""

    def fault(timeline: Timeline, sound: Sound) -> Sound:
        sound = sound.copy()
        sound[seconds(start_s) : seconds(end_s), 1] *= factor
        return sound

    return fault


def toned(start_s: float, end_s: float, hz: float) -> Fault:
    """Return the fault that adds a tone there, as loud as what sounds."""

    def fault(timeline: Timeline, sound: Sound) -> Sound:
        first, last = seconds(start_s), seconds(end_s)
        sound = sound.copy()
        loud = np.sqrt(2 * np.mean(sound[first:last] ** 2))
        sound[first:last] += (loud * np.sin(2 * np.pi * hz * np.arange(last - first) / 44_100))[:, None]
        return sound

    return fault


def replaced(start_s: float, end_s: float) -> Fault:
    """Return the fault that puts hiss in place of what sounds, about as loud."""

    def fault(timeline: Timeline, sound: Sound) -> Sound:
        first, last = seconds(start_s), seconds(end_s)
        sound = sound.copy()
        sound[first:last] = HISS[first:last] * 0.7 * np.sqrt(np.mean(sound[first:last] ** 2))
        return sound

    return fault


def backwards(nth: int) -> Fault:
    def fault(timeline: Timeline, sound: Sound) -> Sound:
        line, sound = timeline.lines[nth], sound.copy()
        sound[line.start : line.end] = sound[line.start : line.end][::-1]
        return sound

    return fault


def cut_out(start_s: float, end_s: float) -> Fault:
    return lambda _, sound: np.delete(sound, slice(seconds(start_s), seconds(end_s)), axis=0)


def put_in(at_s: float, lasts_s: float) -> Fault:
    """Return the fault that puts digital silence there, before what follows."""
    return lambda _, sound: np.insert(sound, seconds(at_s), np.zeros((seconds(lasts_s), 1)), axis=0)


def softer(event: Clip | Silence, decibels: float) -> Clip | Silence:
    """Return a bell that sounds softer than it should, and anything else as it is."""
    if not (isinstance(event, Clip) and isinstance(event.content, Rung)):
        return event
    return replace(event, content=replace(event.content, level=event.content.level - decibels))


def bells_softer(decibels: float) -> Fault:
    return lambda timeline, _: sounding(
        replace(timeline, events=tuple(softer(event, decibels) for event in timeline.events))
    )


SPEECH = "loudness of the speech"
BED = "sound of the bed"
MOVED = "place in time"

PLANTED: list[tuple[str, str, Fault, set[str]]] = [
    ("cut off", "quiet", lambda _, sound: sound[: -seconds(2)], {"length"}),
    ("padded", "rainy", lambda _, sound: np.pad(sound, ((0, 1_000), (0, 0))), {"length"}),
    ("made quieter", "quiet", scaled(-3), {SPEECH}),
    ("made louder", "rainy", scaled(4), {SPEECH, "level of the bed", "other sounds"}),
    ("clipped", "rainy", clipped(12.0, 17.3, 5.0), {SPEECH, "true peak", "clipping", "lines"}),
    ("a peak", "quiet", bumped(14.0, 0.02), {"true peak"}),
    ("a line silenced", "quiet", changed(12.0, 17.3, 0.0), {"lines"}),
    ("a line lost over rain", "rainy", lost(2), {"lines"}),
    ("half a line lost", "quiet", changed(14.6, 17.3, 0.0), {"lines"}),
    ("a line too soft", "quiet", lambda t, _: sounding(leveled(t, 1, -14)), {"lines"}),
    ("a line too loud", "rainy", lambda t, _: sounding(leveled(t, 1, +10)), {"lines", "true peak"}),
    ("a line late", "quiet", lambda t, _: sounding(delayed(t, 1, 0.3)), {"lines", "other sounds", *CAPTIONS}),
    ("a line early", "rainy", lambda t, _: sounding(delayed(t, 1, -0.3)), {"lines", "other sounds", *CAPTIONS}),
    ("a noise in a rest", "quiet", changed(32.0, 32.1, 1.0, -45.0), {"other sounds"}),
    ("a noise over rain", "rainy", changed(32.0, 32.2, 1.0, -28.0), {"other sounds"}),
    ("a click in a rest", "rainy", stepped(lambda timeline: seconds(30.01), 0.05), {"clicks"}),
    ("a click in words", "quiet", stepped(lambda timeline: timeline.lines[2].start + seconds(1.02), 0.6), {"clicks"}),
    ("a click where a line begins", "quiet", cut_into(1, begins=True), {"clicks"}),
    ("a click where a line ends", "rainy", cut_into(1, begins=False), {"clicks"}),
    ("a hole in a bed", "rainy", changed(31.0, 31.1, 0.0), {"silence"}),
    ("a bed that falls", "wide", changed(31.0, 33.0, 0.15), {"silence"}),
    ("a bed lost", "rainy", lambda t, _: sounding(replace(t, beds=())), {"silence", "level of the bed"}),
    ("a bell lost", "quiet", lambda t, _: sounding(without(t, lambda c: isinstance(c.content, Rung))), {"bells"}),
    ("a tone lost", "quiet", lambda t, _: sounding(replace(t, breaths=())), {"breath tones"}),
    ("one channel dead", "wide", side(0.0), {"balance of the channels", "both channels", SPEECH}),
    ("one channel dead for a while", "wide", side(0.0, 28, 38), {"both channels"}),
    ("phase inverted", "wide", side(-1.0), {"phase"}),
    ("a line aside", "wide", side(0.4, 12, 17.4), {"place of the voice"}),
    ("a tone over rain", "rainy", toned(28, 32, 440), {BED}),
    ("a tone over wind", "wide", toned(28, 32, 1500), {BED}),
    ("rain too loud for a while", "rainy", changed(24.5, 37, 2.0), {BED}),
    ("wind too loud for a while", "wide", changed(24.5, 37, 2.0), {BED}),
    ("another noise than rain", "rainy", replaced(25, 37), {BED}),
    ("another noise than wind", "wide", replaced(25, 37), {BED}),
    ("brown noise throughout", "rainy", lambda t, _: sounding(browned(t)), {BED}),
    ("a line backwards", "quiet", backwards(2), {"lines"}),
    ("a line backwards over rain", "rainy", backwards(2), {"lines"}),
    ("a line backwards over wind", "wide", backwards(1), {"lines"}),
    ("the beginning cut off", "rainy", cut_out(0.0, 1.2), {"length", MOVED, "bells"}),
    ("the beginning cut off, in two channels", "wide", cut_out(0.0, 1.2), {"length", MOVED, "bells"}),
    ("silence put in", "quiet", put_in(19.5, 0.8), {"length", MOVED}),
    ("bells too soft", "quiet", bells_softer(6), {"bells"}),
    ("bells too soft over rain", "rainy", bells_softer(6), {"bells"}),
]


@pytest.mark.parametrize(
    ("played", "fault", "names"), [case[1:] for case in PLANTED], ids=[case[0] for case in PLANTED]
)
def test_a_fault_in_the_sound(
    tmp_path: Path, request: pytest.FixtureRequest, played: str, fault: Fault, names: set[str]
) -> None:
    timeline, sound = request.getfixturevalue(played)
    assert off(verify(published(tmp_path / "rest.mp3", timeline, fault(timeline, sound)))).keys() == names


def test_it_says_where(tmp_path: Path, rainy: Played) -> None:
    timeline, sound = rainy
    cases: list[tuple[Fault, str, float]] = [
        (stepped(lambda timeline: seconds(30.01), 0.05), "clicks", 30.01),
        (changed(31.0, 31.1, 0.0), "silence", 31.0),
        (changed(32.0, 32.2, 1.0, -28.0), "other sounds", 32.0),
        (clipped(12.0, 17.3, 5.0), "clipping", 12.0),
        (bumped(34.0, 0.02), "true peak", 34.01),
        (lost(2), "lines", 12.0),
    ]
    for fault, name, at in cases:
        found = places(verify(published(tmp_path / "rest.mp3", timeline, fault(timeline, sound))), name)
        assert found
        assert abs(found[0] - at) < 0.05, name


def test_a_lost_line_is_named_and_a_half_one_says_how_much_is_missing(tmp_path: Path, quiet: Played) -> None:
    timeline, sound = quiet
    gone = off(verify(published(tmp_path / "rest.mp3", timeline, changed(12.0, 17.3, 0.0)(timeline, sound))))
    assert gone["lines"].startswith("“Nothing here has to be right, and there is nothing")
    assert gone["lines"].endswith("is not there")
    half = off(verify(published(tmp_path / "rest.mp3", timeline, changed(14.6, 17.3, 0.0)(timeline, sound))))
    assert "ends 2.6" in half["lines"]
    loud = off(verify(published(tmp_path / "rest.mp3", timeline, sounding(leveled(timeline, 1, 11)))))
    assert loud["lines"] == "“Let your shoulders <soften> & [rest].” is 11 LU louder than the others"


@pytest.mark.parametrize("decibels", [-0.8, 0.8])
def test_the_voice_is_measured_to_half_a_decibel(tmp_path: Path, decibels: float) -> None:
    timeline = lay_out(lines=[replace(line, level=0.0, rise=0.0) for line in LINES])
    sound = sounding(timeline)
    assert off(verify(published(tmp_path / "rest.mp3", timeline, sound * 10 ** (decibels / 20)))) == {
        SPEECH: f"{-19 + decibels:.1f} LUFS"
    }


@pytest.mark.parametrize("name", ["quiet", "rainy", "wide"])
def test_a_cut_in_a_line_is_told_once_with_what_follows(
    tmp_path: Path, request: pytest.FixtureRequest, name: str
) -> None:
    timeline, sound = request.getfixturevalue(name)
    verified = verify(published(tmp_path / "rest.mp3", timeline, cut_out(14.0, 14.5)(timeline, sound)))
    assert {"length", MOVED} <= off(verified).keys() <= {"length", MOVED, "lines", "clicks"}
    assert off(verified)[MOVED] == "from here on, everything comes 0.5 s early"
    assert len([finding for finding in verified.faults if finding.name in {MOVED, "lines"}]) <= 2
    assert abs(places(verified, MOVED)[0] - 14.0) < 0.7


def test_a_cut_at_the_beginning_says_so(tmp_path: Path, rainy: Played) -> None:
    verified = verify(published(tmp_path / "rest.mp3", rainy[0], rainy[1][seconds(1.2) :]))
    assert off(verified)[MOVED] == "from here on, everything comes 1.2 s early"
    assert places(verified, MOVED) == [0.0]


def test_it_says_how_a_bed_is_off(tmp_path: Path, rainy: Played) -> None:
    cases = [
        (toned(28, 32, 440), "there is a sound besides rain, mostly near 449 Hz, for"),
        (changed(24.5, 37, 2.0), "rain is 6 LU louder for"),
        (replaced(25, 37), "there is another sound than rain for"),
    ]
    for fault, said in cases:
        verified = verify(published(tmp_path / "rest.mp3", rainy[0], fault(*rainy)))
        assert off(verified)[BED].startswith(said)
        assert 24 < places(verified, BED)[0] < 29


def test_beds_of_another_calmcast_are_not_made_again(tmp_path: Path, rainy: Played) -> None:
    track = published(tmp_path / "rest.mp3", rainy[0], sounding(browned(rainy[0])))
    assert off(verify(track)).keys() == {BED}
    assert off(verify(rewritten(track, manifest_of(track) | {"versions": {"calmcast": "0.0.1"}}))) == {}


def test_a_soft_bell_says_by_how_much(tmp_path: Path, quiet: Played) -> None:
    found = off(verify(published(tmp_path / "rest.mp3", quiet[0], bells_softer(6)(*quiet))))
    assert found["bells"] == "the bell soft is 6 LU softer than it should be"


def test_a_manifest_without_contours(track: Path) -> None:
    content = manifest_of(track)
    for event in content["events"]:
        event.pop("contour", None)
    assert off(verify(rewritten(track, content))) == {}


def test_soft_beginnings_may_take_the_whole_down_and_nothing_else_may(tmp_path: Path) -> None:
    """Where most lines come out of a long silence, the others are not made louder without end."""
    timeline = lay_out(lines=[replace(line, level=0.0, rise=12.0 if nth else 0.0) for nth, line in enumerate(LINES)])
    held_back = sounding(timeline) * 10 ** (-2 / 20)
    assert off(verify(published(tmp_path / "rest.mp3", timeline, held_back))) == {}
    found = off(verify(published(tmp_path / "rest.mp3", timeline, held_back * 10 ** (-8 / 20))))
    assert SPEECH in found


def test_of_many_places_the_first_are_told_and_the_rest_counted(tmp_path: Path, quiet: Played) -> None:
    timeline, sound = quiet
    sound = sound.copy()
    sound[[seconds(26 + nth / 2) for nth in range(20)]] += 0.05
    clicks = [f for f in verify(published(tmp_path / "rest.mp3", timeline, sound)).faults if f.name == "clicks"]
    assert len(clicks) == MOST + 1
    assert clicks[-1].found == f"the same in {20 - MOST} more places"


# What is done to finished files.


def resigned(track: Path) -> Path:
    """Make the manifest say that the file is as it was made, so that only what is wrong in it is told."""
    content = manifest_of(track)
    content["audio_sha256"] = hashlib.sha256(track.read_bytes()).hexdigest()
    return rewritten(track, content)


def manifest_of(track: Path) -> Any:
    return json.loads(track.with_suffix(".json").read_text(encoding="utf-8"))


def rewritten(track: Path, content: Any) -> Path:
    track.with_suffix(".json").write_text(json.dumps(content), encoding="utf-8")
    return track


def test_a_sound_track_has_no_fault(track: Path) -> None:
    verified = verify(track)
    assert off(verified) == {}
    assert len(verified.findings) > 20


def test_another_file(track: Path) -> None:
    with track.open("r+b") as file:
        file.seek(-400, 2)
        last = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([last[0] ^ 1]))
    assert off(verify(track)).keys() == {"file"}


def test_a_file_cut_off(track: Path) -> None:
    data = track.read_bytes()
    track.write_bytes(data[: len(data) * 9 // 10])
    found = off(verify(track))
    assert {"file", "length", "lines", "bells"} >= found.keys() >= {"file", "length"}
    assert "too short" in found["length"]


def test_a_file_with_a_hole_of_rubbish(track: Path) -> None:
    data = bytearray(track.read_bytes())
    data[500_000:503_000] = bytes(np.random.default_rng(1).integers(0, 255, 3_000, np.uint8))
    track.write_bytes(data)
    assert {"file", "decoding"} <= off(verify(track)).keys()


@pytest.mark.parametrize(("rate", "kbps"), [(32_000, 96), (22_050, 64), (44_100, 128)])
def test_encoded_again(track: Path, quiet: Played, rate: int, kbps: int) -> None:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(44_100)
    encoder.set_out_sample_rate(rate)
    encoder.set_quality(QUALITY)
    pcm = np.rint(quiet[1] * 32_768).clip(-32_768, 32_767).astype("<i2").tobytes()
    tag = track.read_bytes()[: ID3(track).size]
    track.write_bytes(tag + bytes(encoder.encode(pcm) + encoder.flush()))
    found = off(verify(resigned(track)))
    wrong = {"length"} | ({"sample rate"} if rate != 44_100 else set()) | ({"bit rate"} if kbps != 96 else set())
    assert wrong <= found.keys()
    assert "file" not in found


def test_another_bit_rate(track: Path, quiet: Played) -> None:
    published(track, *quiet, kbps=64)
    content = manifest_of(track)
    rewritten(track, content | {"kbps": 96})
    assert off(verify(track)) == {"bit rate": "64 kbit/s"}


def test_one_channel_where_two_are_said(tmp_path: Path, wide: Played) -> None:
    timeline, sound = wide
    track = published(tmp_path / "rest.mp3", timeline, sound.mean(axis=1, keepdims=True), kbps=96)
    assert off(verify(track))["channels"] == "1 (mono)"


def test_two_channels_where_one_is_said(tmp_path: Path, quiet: Played) -> None:
    timeline, sound = quiet
    track = published(tmp_path / "rest.mp3", timeline, np.repeat(sound, 2, axis=1), kbps=96)
    assert off(verify(track))["channels"] == "2 (stereo)"


def tag_changed(track: Path, change: Callable[[Any], None]) -> dict[str, str]:
    """Return what is off once a tag was changed and written again, its frames in the order in which they were."""
    tag, data = ID3(track, translate=False), track.read_bytes()
    sound = data[tag.size :]
    change(tag)
    frames = b"".join(map(rendered, tag.values()))
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    track.write_bytes(b"ID3\x03\x00\x00" + size + frames + sound)
    return off(verify(resigned(track)))


def rendered(frame: Any) -> bytes:
    alone, file = ID3(), BytesIO()
    alone.add(frame)
    alone.save(file, v2_version=3, padding=lambda _: 0)
    return file.getvalue()[10:]


@pytest.mark.parametrize(
    ("frame", "value", "found"),
    [
        ("TIT2", "Another", "the title is “Another” and not “A rest”"),
        ("TPE1", "Somebody", "the artist is “Somebody” and not “calmcast”"),
        ("TALB", "", "the album is “” and not “Rests”"),
        ("TLEN", "71000", "the length is 71000 and not 70000 ms"),
        ("TLAN", "deu", "the language is deu and not eng"),
        ("TRCK", "3/5", "the place in the album is 3/5 and not 2/5"),
    ],
)
def test_a_wrong_name_in_the_tag(track: Path, frame: str, value: str, found: str) -> None:
    def change(tag: Any) -> None:
        tag[frame].text = [value]

    assert tag_changed(track, change) == {"tag": found}


def test_no_cover(track: Path) -> None:
    assert tag_changed(track, lambda tag: tag.delall("APIC")) == {"tag": "there is no cover picture"}


def test_no_tag(track: Path) -> None:
    ID3(track).delete(track)
    assert off(verify(resigned(track))) == {"tag": "none"}


def test_other_words_in_the_tag(track: Path) -> None:
    def change(tag: Any) -> None:
        words = tag.getall("USLT")[0]
        words.text = words.text.replace("And out.", "And in.")

    assert tag_changed(track, change) == {"words in the tag": "“And in.” stands there, and not “And out.”"}


def test_a_chapter_moved(track: Path) -> None:
    def change(tag: Any) -> None:
        tag["CHAP:chp1"].start_time += 500

    found = tag_changed(track, change)
    assert found.keys() == {"chapters"}
    assert "is from 0:20.100 to 0:38.500 and not 0:19.600 to 0:38.500" in found["chapters"]


def test_a_chapter_renamed(track: Path) -> None:
    def change(tag: Any) -> None:
        tag["CHAP:chp2"].sub_frames["TIT2"].text = ["Breathing"]

    assert tag_changed(track, change) == {"chapters": "chapter 3 is called “Breathing” and not “Breath”"}


def test_a_chapter_lost(track: Path) -> None:
    assert tag_changed(track, lambda tag: tag.delall("CHAP:chp3")).keys() == {"chapters", "table of contents"}


def test_a_tag_that_another_program_wrote_again(track: Path) -> None:
    """Most sort their frames, and with them the chapters."""
    ID3(track, translate=False).save(track, v2_version=3)
    assert off(verify(resigned(track))) == {
        "chapters": "they do not stand in the order of time, in which players show them"
    }


def test_no_table_of_contents(track: Path) -> None:
    assert tag_changed(track, lambda tag: tag.delall("CTOC")) == {"table of contents": "none"}


def test_a_table_of_contents_without_an_order(track: Path) -> None:
    def change(tag: Any) -> None:
        tag["CTOC:toc"].flags = 0b10

    assert tag_changed(track, change) == {"table of contents": "one without an order"}


def test_late_captions(track: Path) -> None:
    path = track.with_suffix(".vtt")
    path.write_text(path.read_text(encoding="utf-8").replace("00:00:12.005", "00:00:12.345"), encoding="utf-8")
    found = off(verify(track))
    assert found.keys() == {"captions (.vtt)"}
    assert found["captions (.vtt)"].endswith("is shown 0.34 s after its place")


def test_captions_that_are_all_late_are_told_once(track: Path) -> None:
    path = track.with_suffix(".vtt")
    lines = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"00:(\d\d):(\d\d)", lambda m: f"00:{m[1]}:{int(m[2]) + 1:02}", lines), encoding="utf-8")
    findings = [f for f in verify(track).findings if f.severity == "off"]
    assert [f.found for f in findings] == ["all captions are shown 1.00 s after their place"]


def test_captions_that_are_late_as_the_manifest_is(tmp_path: Path, quiet: Played) -> None:
    """What is heard counts, and not only what is written twice."""
    timeline, _ = quiet
    later = sounding(delayed(timeline, 1, 0.3))
    found = off(verify(published(tmp_path / "rest.mp3", timeline, later)))
    assert found.keys() >= CAPTIONS | {"lines"}
    assert found["captions (.vtt)"].endswith("s before its sound")


def test_other_words_in_captions(track: Path) -> None:
    for ending in (".vtt", ".lrc"):
        path = track.with_suffix(ending)
        path.write_text(path.read_text(encoding="utf-8").replace("And out.", "And in."), encoding="utf-8")
    found = off(verify(track))
    assert found.keys() == CAPTIONS
    assert set(found.values()) == {"“And in.” is shown for “And out.”"}


def test_a_caption_lost(track: Path) -> None:
    path = track.with_suffix(".lrc")
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(row for row in rows if "Take your time" not in row), encoding="utf-8")
    assert off(verify(track)) == {"captions (.lrc)": "there are 6 captions for 7 lines"}


def test_no_captions(track: Path) -> None:
    track.with_suffix(".vtt").unlink()
    track.with_suffix(".lrc").write_bytes(b"\xff\xfe\x00")
    assert off(verify(track)) == {
        "captions (.vtt)": "there is no rest.vtt",
        "captions (.lrc)": "rest.lrc cannot be read",
    }


def test_words_that_the_manifest_does_not_have(track: Path) -> None:
    content = manifest_of(track)
    line = next(event for event in content["events"] if event["kind"] == "line")
    line["text"] = "Good evening."
    assert off(verify(rewritten(track, content))).keys() == CAPTIONS | {"words in the tag"}


def test_the_manifest_of_another_track(track: Path, tmp_path: Path, rainy: Played) -> None:
    timeline = replace(rainy[0], samples=rainy[0].samples + 44_100)
    write_manifest(track, timeline, info=replace(INFO, title="Another"))
    found = off(verify(track))
    assert {"length", "tag", "chapters", "silence", "manifest"} <= found.keys()


def test_a_manifest_that_does_not_fit_itself(track: Path) -> None:
    content = manifest_of(track)
    content["chapters"][1]["start"] += 10
    content["events"][2]["samples"] += 100 * 44_100
    found = [finding.found for finding in verify(rewritten(track, content)).faults if finding.name == "manifest"]
    assert found == [
        "its chapters leave a gap, overlap, or end elsewhere than the track",
        "something in it ends after the track",
    ]
