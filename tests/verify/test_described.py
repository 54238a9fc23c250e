"""Manifests are read with suspicion."""

import json
from pathlib import Path
from typing import Any

import pytest

from calmcast.errors import PublishError
from calmcast.model.sound import BedSound, Strike
from calmcast.model.timeline import Clip, Rung, Spoken, Timeline
from calmcast.verify.described import read_manifest
from calmcast.verify.verify import verify
from tests.verify.tracks import INFO, bed, lay_out, paced, write_manifest


@pytest.fixture
def track(tmp_path: Path) -> Path:
    path = tmp_path / "rest.mp3"
    path.write_bytes(b"")
    write_manifest(path, lay_out(beds=(bed("drone"),), breaths=paced(), channels=2), kbps=128)
    return path


def test_a_manifest_gives_back_its_timeline(track: Path) -> None:
    timeline = lay_out(beds=(bed("drone"),), breaths=paced(), channels=2)
    described = read_manifest(track.with_suffix(".json"))
    read = described.timeline
    assert (read.samples, read.channels, read.chapters) == (timeline.samples, 2, timeline.chapters)
    assert [(event.start, event.samples) for event in read.events] == [(e.start, e.samples) for e in timeline.events]
    assert [type(event) for event in read.events] == [type(event) for event in timeline.events]
    for mine, line in zip(read.lines, timeline.lines, strict=True):
        assert isinstance(mine.content, Spoken)
        assert isinstance(line.content, Spoken)
        assert (mine.content.text, mine.content.level, mine.content.rise) == (
            line.content.text,
            line.content.level,
            line.content.rise,
        )
        assert mine.content.recording.heard == line.content.recording.heard
    assert strikes(read) == strikes(timeline) != []
    span, (mine_span,) = timeline.beds[0], read.beds
    assert (mine_span.start, mine_span.end, mine_span.fade_in, mine_span.levels) == (
        span.start,
        span.end,
        span.fade_in,
        span.levels,
    )
    assert mine_span.made_of == span.made_of
    assert [(b.start, b.samples, b.phase, b.tone and b.tone.level) for b in read.breaths] == [
        (b.start, b.samples, b.phase, b.tone and b.tone.level) for b in timeline.breaths if b.phase != "rest"
    ]
    assert described.info.title == INFO.title
    assert (described.kbps, described.speech_lufs, described.true_peak_dbtp) == (128, -16.0, -1.0)


def strikes(timeline: Timeline) -> list[Strike]:
    clips = [event for event in timeline.events if isinstance(event, Clip)]
    return [clip.content.strike for clip in clips if isinstance(clip.content, Rung)]


def test_an_older_manifest_says_less(track: Path) -> None:
    content = content_of(track)
    for name in ("channels", "kbps", "loudness", "beds", "breaths"):
        del content[name]
    for event in content["events"]:
        for name in ("level_db", "rise_db", "heard"):
            if event["kind"] == "line":
                del event[name]
    described = rewritten(track, content | {"format": 1})
    assert (described.timeline.channels, described.kbps, described.speech_lufs) == (1, None, -19.0)
    line = described.timeline.lines[0].content
    assert isinstance(line, Spoken)
    assert line.recording.heard is None


def test_a_bed_from_a_file_has_no_seed(track: Path) -> None:
    content = content_of(track)
    content["beds"][0] |= {"name": "drone.m4a"}
    del content["beds"][0]["seed"]
    assert rewritten(track, content).timeline.beds[0].made_of == BedSound("", file="drone.m4a")


def content_of(track: Path) -> Any:
    return json.loads(track.with_suffix(".json").read_text(encoding="utf-8"))


def rewritten(track: Path, content: Any) -> Any:
    track.with_suffix(".json").write_text(json.dumps(content), encoding="utf-8")
    return read_manifest(track.with_suffix(".json"))


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        (("samples",), -1, "`samples`"),
        (("samples",), "600", "`samples`"),
        (("samples",), True, "`samples`"),
        (("samples",), 10**30, "`samples`"),
        (("title",), None, "`title`"),
        (("chapters",), {}, "`chapters`"),
        (("chapters", 1, "start"), 1.5, r"`chapters\[1\].start`"),
        (("events", 0, "kind"), "gong", r"`events\[0\].kind`"),
        (("events", 2, "heard"), [9, 3], r"`events\[2\].heard`"),
        (("events", 2, "heard"), [0, 10**9], r"`events\[2\].heard`"),
        (("events", 2, "heard"), "all", r"`events\[2\].heard`"),
        (("events", 2, "level_db"), "loud", r"`events\[2\].level_db`"),
        (("events", 2, "contour"), "aB", r"`events\[2\].contour`"),
        (("events", 2, "contour"), [0], r"`events\[2\].contour`"),
        (("beds", 0, "seed"), -1, r"`beds\[0\].seed`"),
        (("beds", 0, "levels"), [[1]], r"`beds\[0\].levels`"),
        (("beds", 0, "levels"), [[1, float("inf")]], "no JSON"),
        (("beds", 0, "fade_in_s"), float("nan"), "no JSON"),
        (("breaths", 0, "phase"), "sideways", r"`breaths\[0\].phase`"),
        (("loudness",), [], "`loudness`"),
        (("format",), 99, "newer calmcast"),
        (("format",), None, "`format`"),
    ],
)
def test_what_is_wrong_is_named(track: Path, where: tuple[Any, ...], value: object, said: str) -> None:
    content = content_of(track)
    inner = content
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    with pytest.raises(PublishError, match=said):
        rewritten(track, content)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, "\x00", '{"format": 1e999}'])
def test_what_is_no_manifest(track: Path, text: str) -> None:
    track.with_suffix(".json").write_text(text, encoding="utf-8")
    with pytest.raises(PublishError, match="manifest"):
        read_manifest(track.with_suffix(".json"))


def test_a_manifest_that_is_not_there(track: Path) -> None:
    track.with_suffix(".json").unlink()
    with pytest.raises(PublishError, match="there is no manifest"):
        verify(track)
