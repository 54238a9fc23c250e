import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calmcast.diagnostics import SourceRef
from calmcast.errors import PublishError
from calmcast.model.manifest import LineEntry, Manifest, PassedOverEntry, ScriptEntry, VoiceEntry
from calmcast.model.sound import BedSound, BreathTone, Strike
from calmcast.model.timeline import BedSpan, Breath, Timeline, TrackInfo
from calmcast.publish.manifest import Mastering, decode, encode, manifest_of, read_manifest, same_sound
from calmcast.publish.tagged import Digests

CHOICE = VoiceEntry("pyttsx3", {"rate": "150", "voice": "en-us+klatt2"})
STOOD_IN = VoiceEntry("piper", {}, (PassedOverEntry("sherpa", "it is not here"),), "calm", 0)
BELLS = {Strike("bowl"): -23.0}
RAIN = BedSpan(BedSound("rain", seed=3), 0, 44_100, 4_410, 8_820, ((0, -22.0), (22_050, -28.0)))
DRONE = BedSpan(BedSound("", "music/drone.m4a"), 44_100, 88_200, 0, 0, ((44_100, -20.0),))
Maker = Callable[..., Manifest]
Writer = Callable[..., str]


@pytest.fixture
def make(info: TrackInfo, timeline: Timeline) -> Maker:
    def make(**changes: object) -> Manifest:
        fields: dict[str, object] = {
            "script": "psoas-release",
            "options": {"head": "high bolster", "arms": "as you like"},
            "sources": {"scripts/psoas-release.yaml": "ab", "/home/ann/scripts/own.yaml": "cd"},
            "voices": {"plain": CHOICE, "calm": CHOICE},
            "mastering": Mastering(96, {"voice": 3.14159, "bell": -6.0}, {}, {"key-1": -19.5}, BELLS),
            "versions": {"lameenc": "1.8.1", "calmcast": "0.1.0"},
            "digests": Digests("", "ef", "01"),
        }
        return manifest_of(info, changes.pop("timeline", timeline), **{**fields, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def write(make: Maker) -> Writer:
    return lambda **changes: encode(make(**changes))


def test_the_track(write: Writer) -> None:
    content = json.loads(write())
    del content["events"], content["chapters"]
    assert content == {
        "format": 4,
        "title": "Psoas release: 1 min",
        "artist": "calmcast",
        "album": "Rests",
        "about": "A supported rest on the floor — before core work.",
        "language": "en-US",
        "length_s": 60.0,
        "samples": 60 * 44_100,
        "rate": 44_100,
        "channels": 1,
        "kbps": 96,
        "loudness": {"speech_lufs": -19.0, "true_peak_dbtp": -1.0},
        "beds": [],
        "breaths": [],
        "audio_sha256": "ef",
        "tag_sha256": "01",
        "script": {
            "name": "psoas-release",
            "options": {"arms": "as you like", "head": "high bolster"},
            "sources": [
                {"file": "own.yaml", "sha256": "cd"},
                {"file": "scripts/psoas-release.yaml", "sha256": "ab"},
            ],
        },
        "voices": {
            name: {"engine": "pyttsx3", "settings": {"rate": "150", "voice": "en-us+klatt2"}}
            for name in ("calm", "plain")
        },
        "gains_db": {"bell": -6.0, "voice": 3.142},
        "versions": {"calmcast": "0.1.0", "lameenc": "1.8.1"},
    }


def test_the_events(write: Writer) -> None:
    events = json.loads(write())["events"]
    assert [event["kind"] for event in events] == [*["pause", "line"] * 4, "rest", "bell"]
    assert events[1] == {
        "kind": "line",
        "start": 66_150,
        "samples": 110_250,
        "start_s": 1.5,
        "length_s": 2.5,
        "segment": 0,
        "source": "scripts/segments/settle.yaml:14:5",
        "voice": "calm",
        "text": "Let your shoulders soften.",
        "level_db": 0.0,
        "rise_db": 0.0,
        "heard": [0, 110_250],
        "lufs": -19.5,
        "recording": "key-1",
    }
    assert events[-1]["sound"] == "bowl"
    assert (events[-1]["level_db"], events[-1]["lufs"]) == (-6.0, -29.0)
    assert sum(event["samples"] for event in events) == 60 * 44_100


def test_beds_and_breath_tones(write: Writer, timeline: Timeline) -> None:
    breaths = (
        Breath(0, 44_100, "in", timeline.events[0].source, BreathTone("tones")),
        Breath(44_100, 44_100, "out", timeline.events[0].source),
    )
    content = json.loads(write(timeline=replace(timeline, beds=(RAIN, DRONE), breaths=breaths, channels=2)))
    assert (content["channels"], content["loudness"]["speech_lufs"]) == (2, -16.0)
    first, second = content["beds"]
    assert first["name"] == "rain"
    assert first["seed"] == 3
    assert first["levels"] == [[0.0, -22.0], [0.5, -28.0]]
    assert (first["fade_in_s"], first["fade_out_s"], first["length_s"]) == (0.1, 0.2, 1.0)
    assert second["name"] == "drone.m4a"
    assert "seed" not in second
    assert [(b["phase"], b["sound"], b["level_db"]) for b in content["breaths"]] == [("in", "tones", -14.0)]


def test_the_chapters(write: Writer) -> None:
    chapters = json.loads(write())["chapters"]
    assert [chapter["title"] for chapter in chapters] == ["Arriving", "A longer rest with a very long name", "Back"]
    assert chapters[0] == {"title": "Arriving", "start": 0, "samples": 904_050, "start_s": 0.0, "length_s": 20.5}


def test_the_text_is_stable_and_readable(write: Writer) -> None:
    swapped = {"calm": CHOICE, "plain": CHOICE}
    assert write() == write(voices=swapped)
    assert write().startswith('{\n  "format": 4,\n')
    assert write().endswith("\n}\n")
    assert "“right”" in write()


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("/home/ann/scripts/own.yaml", "own.yaml:2:3"),
        ("C:\\Users\\Ann\\own.yaml", "own.yaml:2:3"),
        ("scripts\\segments\\own.yaml", "scripts/segments/own.yaml:2:3"),
        ("../class/own.yaml", "../class/own.yaml:2:3"),
    ],
)
def test_no_absolute_paths(write: Writer, timeline: Timeline, file: str, shown: str) -> None:
    events = tuple(replace(event, source=SourceRef(file, 2, 3)) for event in timeline.events)
    content = json.loads(write(timeline=replace(timeline, events=events)))
    assert {event["source"] for event in content["events"]} == {shown}


def test_a_gain_without_end_is_refused(write: Writer) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write(mastering=Mastering(96, {"voice": -math.inf}, {}, {}, BELLS))


# What is read back.


@pytest.fixture
def full(make: Maker, timeline: Timeline) -> Manifest:
    """A manifest with something in every field."""
    breath = Breath(0, 44_100, "in", timeline.events[0].source, BreathTone("tones"))
    sounding = replace(timeline, beds=(RAIN, DRONE), breaths=(breath,), channels=2)
    files = {"drone.m4a": "01"}
    voices = {"calm": STOOD_IN, "plain": CHOICE}
    mastering = Mastering(128, {"calm": -1.0}, {"calm": 2.0}, {"key-1": -19.5}, BELLS)
    made = make(timeline=sounding, voices=voices, mastering=mastering, sound_files=files)
    return replace(made, number=2)


def test_what_is_written_is_read_back_whole(full: Manifest, make: Maker) -> None:
    for manifest in (full, make()):
        assert decode(encode(manifest), "x") == manifest
    assert encode(decode(encode(full), "x")) == encode(full)


def test_what_is_nothing_is_left_out(full: Manifest) -> None:
    content = json.loads(encode(replace(full, number=None, own_db={}, sound_files={})))
    assert content.keys().isdisjoint({"number", "own_db", "sound_files"})
    assert content["beds"][1].keys().isdisjoint({"key", "seed"})
    assert content["voices"]["calm"]["stood_in_lines"] == 0
    assert content["about"]
    assert "stood_in_lines" not in content["voices"]["plain"]


def test_the_sound_is_the_same_whatever_is_only_read(full: Manifest) -> None:
    events = tuple(replace(event, source="elsewhere.yaml:1:1", segment=3) for event in full.events)
    words = tuple(replace(event, text="Other.") if isinstance(event, LineEntry) else event for event in events)
    read: dict[str, Any] = {
        "title": "B",
        "artist": "B",
        "album": "B",
        "number": 9,
        "about": "B",
        "language": "de",
        "chapters": (),
    }
    other = replace(full, events=words, audio_sha256="", tag_sha256="", script=ScriptEntry("b", {}, ()), **read)
    assert same_sound(full, other)
    first = full.events[0]
    changes: tuple[dict[str, Any], ...] = (
        {"events": full.events[:-1]},
        {"events": (replace(first, samples=first.samples + 1), *full.events[1:])},
        {"beds": ()},
        {"breaths": ()},
        {"kbps": 64},
        {"gains_db": {}},
        {"samples": full.samples - 1},
        {"sound_files": {}},
        {"versions": {}},
        {"voices": {}},
    )
    for change in changes:
        assert not same_sound(full, replace(full, **change))


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        (("samples",), -1, "`samples`"),
        (("samples",), "600", "`samples`"),
        (("samples",), True, "`samples`"),
        (("samples",), 600.0, "`samples`"),
        (("samples",), 10**30, "`samples`"),
        (("rate",), 48_000, "`rate`"),
        (("channels",), 3, "`channels`"),
        (("channels",), True, "`channels`"),
        (("title",), None, "`title`"),
        (("number",), [1], "`number`"),
        (("own_db",), {"calm": "loud"}, "`own_db.calm`"),
        (("gains_db",), {"calm": 10**400}, "`gains_db.calm`"),
        (("voices", "calm"), [], "`voices.calm`"),
        (("voices", "calm", "instead_of", 0, "reason"), 1, r"`voices.calm.instead_of\[0\].reason`"),
        (("chapters",), {}, "`chapters`"),
        (("chapters", 1, "start"), 1.5, r"`chapters\[1\].start`"),
        (("events", 0, "kind"), ["pause"], r"`events\[0\].kind`"),
        (("events", 0), "pause", r"`events\[0\].kind`"),
        (("events", 1, "start"), ..., r"`events\[1\].start`"),
        (("events", 1, "kind"), "bell", r"`events\[1\].sound`"),
        (("events", 1, "heard"), [9, 3], r"`events\[1\].heard`"),
        (("events", 1, "heard"), [0, 10**9], r"`events\[1\].heard`"),
        (("events", 1, "heard"), "all", r"`events\[1\].heard`"),
        (("events", 1, "level_db"), "loud", r"`events\[1\].level_db`"),
        (("events", 1, "level_db"), 1e200, r"`events\[1\].level_db`"),
        (("beds", 0, "seed"), -1, r"`beds\[0\].seed`"),
        (("beds", 0, "levels"), [[1]], r"`beds\[0\].levels\[0\]`"),
        (("beds", 0, "levels"), [[1, float("inf")]], "no JSON"),
        (("beds", 0, "fade_in_s"), float("nan"), "no JSON"),
        (("breaths", 0, "phase"), "sideways", r"`breaths\[0\].phase`"),
        (("loudness",), [], "`loudness`"),
        (("format",), 99, "newer calmcast"),
        (("format",), 3, "older calmcast"),
        (("format",), None, "`format`"),
        (("format",), ..., "`format`"),
        (("format",), True, "`format`"),
    ],
)
def test_what_is_wrong_is_named(full: Manifest, where: tuple[Any, ...], value: object, said: str) -> None:
    content = inner = json.loads(encode(full))
    for step in where[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[where[-1]]
    else:
        inner[where[-1]] = value
    with pytest.raises(PublishError, match=said):
        decode(json.dumps(content), "x.json")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\x00", b'{"format": 1e999}', b"\xff", b"1" * 5_000],
    ids=["empty", "cut", "list", "null", "deep", "nul", "large", "latin", "digits"],
)
def test_what_is_no_manifest(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    with pytest.raises(PublishError, match="is not a manifest"):
        read_manifest(path)


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(PublishError, match="far too large"):
        read_manifest(path)


def test_a_manifest_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="there is no manifest"):
        read_manifest(tmp_path / "x.json")
    with pytest.raises(PublishError, match="cannot be read"):
        read_manifest(tmp_path)


def test_what_a_later_calmcast_may_add_is_passed_over(full: Manifest) -> None:
    content = json.loads(encode(full)) | {"more": 1}
    assert decode(json.dumps(content), "x") == full
