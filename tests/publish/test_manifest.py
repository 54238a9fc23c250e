import json
import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import BedSound, BreathTone
from calmcast.model.timeline import BedSpan, Breath, Spoken, Timeline, TrackInfo
from calmcast.publish.manifest import Mastering, VoiceNote, manifest

CHOICE = VoiceNote("pyttsx3", (("rate", "150"), ("voice", "en-us+klatt2")), (), "", 0)
Writer = Callable[..., str]


@pytest.fixture
def write(info: TrackInfo, timeline: Timeline) -> Writer:
    def write(**changes: object) -> str:
        fields: dict[str, object] = {
            "script": "psoas-release",
            "options": {"head": "high bolster", "arms": "as you like"},
            "sources": {"scripts/psoas-release.yaml": "ab", "/home/ann/scripts/own.yaml": "cd"},
            "voices": {"plain": CHOICE, "calm": CHOICE},
            "mastering": Mastering(96, {"voice": 3.14159, "bell": -6.0}, {}, {"key-1": -19.5}),
            "versions": {"lameenc": "1.8.1", "calmcast": "0.1.0"},
            "audio_sha256": "ef",
        }
        return manifest(info, changes.pop("timeline", timeline), **{**fields, **changes})  # type: ignore[arg-type]

    return write


def test_the_track(write: Writer) -> None:
    content = json.loads(write())
    del content["events"], content["chapters"]
    assert content == {
        "format": 2,
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
    assert events[-1]["level_db"] == -6.0
    assert sum(event["samples"] for event in events) == 60 * 44_100


def test_a_line_has_the_contour_of_its_recording(write: Writer, timeline: Timeline) -> None:
    line = timeline.lines[0]
    assert isinstance(line.content, Spoken)
    measured = replace(line.content.recording, loudness=(0.001, 0.01, 0.0))
    spoken = replace(line, content=replace(line.content, recording=measured))
    events = tuple(spoken if event is line else event for event in timeline.events)
    assert json.loads(write(timeline=replace(timeline, events=events)))["events"][1]["contour"] == "kaz"


def test_beds_and_breath_tones(write: Writer, timeline: Timeline) -> None:
    rain = BedSpan(BedSound("rain", seed=3), 0, 44_100, 4_410, 8_820, ((0, -22.0), (22_050, -28.0)))
    drone = BedSpan(BedSound("", "music/drone.m4a"), 44_100, 88_200, 0, 0, ((44_100, -20.0),))
    breaths = (
        Breath(0, 44_100, "in", timeline.events[0].source, BreathTone("tones")),
        Breath(44_100, 44_100, "out", timeline.events[0].source),
    )
    content = json.loads(write(timeline=replace(timeline, beds=(rain, drone), breaths=breaths, channels=2)))
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
    assert write().startswith('{\n  "format": 2,\n')
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
        write(mastering=Mastering(96, {"voice": -math.inf}, {}, {}))
