"""A manifest, read with suspicion: JSON text -> the timeline that the track should sound like."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from calmcast.diagnostics import SourceRef
from calmcast.errors import PublishError
from calmcast.model.sound import BedSound, BreathSound, BreathTone, Strike
from calmcast.model.steps import PhaseName
from calmcast.model.timeline import (
    BedSpan,
    Breath,
    Chapter,
    Clip,
    Rung,
    Silence,
    Spoken,
    Timeline,
    TrackInfo,
)
from calmcast.model.voice import Recording
from calmcast.publish import contour
from calmcast.publish.manifest import FORMAT
from calmcast.script.language.strays import STEP_ELEMENTS
from calmcast.units import LONGEST, SAMPLE_RATE

_NOWHERE = SourceRef("", 1, 1)
_SPEECH_LUFS, _TRUE_PEAK_DBTP = -19.0, -1.0
"""What a manifest of format 1 does not say: all its tracks are mono."""
_AGAIN = "render the track again: calmcast writes its manifest beside it"


@dataclass(frozen=True, slots=True)
class Described:
    """What a manifest says of its track."""

    info: TrackInfo
    timeline: Timeline
    """Its recordings hold nothing but what the manifest says: how long they last, when they are heard, and how loud
    their windows are relative to the loudest, none in older manifests."""
    audio_sha256: str
    kbps: int | None
    """None: an older manifest does not say."""
    speech_lufs: float
    true_peak_dbtp: float
    line_lufs: Mapping[int, float]
    """How loud lines are by themselves, by where they start; empty in older manifests."""
    made_by: str
    """The version of calmcast; nothing: the manifest does not say."""
    own_db: Mapping[str, float]
    """By who speaks: how much louder than other voices, in decibels."""


class _MissingError(Exception):
    """Something is not in the manifest, or is of another kind: `str(error)` names it."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A JSON object and where it is: `events[3]`."""

    fields: Mapping[str, Any]
    place: str

    def _path(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def text(self, name: str, otherwise: str | None = None) -> str:
        return str(self._one_of((str,), name, otherwise))

    def whole(self, name: str, otherwise: int | None = None) -> int:
        value = self._one_of((int,), name, otherwise)
        if not 0 <= value <= LONGEST:
            raise _MissingError(self._path(name))
        return int(value)

    def number(self, name: str, otherwise: float | None = None) -> float:
        value = float(self._one_of((int, float), name, otherwise))
        if not math.isfinite(value):
            raise _MissingError(self._path(name))
        return value

    def _one_of(self, kinds: tuple[type, ...], name: str, otherwise: Any) -> Any:
        value = self.fields.get(name, otherwise)
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise _MissingError(self._path(name))
        return value

    def inside(self, name: str) -> "_Node":
        value = self.fields.get(name, {})
        if not isinstance(value, dict):
            raise _MissingError(self._path(name))
        return _Node(value, self._path(name))

    def each(self, name: str) -> "list[_Node]":
        values = self.fields.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise _MissingError(self._path(name))
        return [_Node(value, f"{self._path(name)}[{nth}]") for nth, value in enumerate(values)]

    def pairs(self, name: str) -> tuple[tuple[float, float], ...]:
        values = self.fields.get(name, [])
        try:
            found = tuple((float(first), float(second)) for first, second in values)
        except (TypeError, ValueError):
            raise _MissingError(self._path(name)) from None
        if not all(math.isfinite(value) for pair in found for value in pair):
            raise _MissingError(self._path(name))
        return found


def read_manifest(path: Path) -> Described:
    """Return what the manifest at `path` says. Raises PublishError where it is not there or no manifest."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise PublishError(
            f"there is no manifest {path} for the track",
            "only tracks that calmcast made have one; it lies beside the track, and has to move with it",
        ) from None
    except OSError as error:
        raise PublishError(f"the manifest {path} cannot be read: {error.strerror}", "look at its permissions") from None
    except (ValueError, RecursionError):
        raise PublishError(f"{path} is not a manifest: it is no JSON", _AGAIN) from None
    if not isinstance(content, dict):
        raise PublishError(f"{path} is not a manifest", _AGAIN)
    try:
        return described(content)
    except _MissingError as error:
        message = f"{path} is not a manifest that can be read: `{error}` is missing or wrong"
        raise PublishError(message, _AGAIN) from None
    except OverflowError:
        raise PublishError(f"{path} is not a manifest that can be read: a number is too large", _AGAIN) from None


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def described(content: Mapping[str, Any]) -> Described:
    """Return what the content of a manifest says, of format 1 or 2."""
    top = _Node(content, "")
    if not 1 <= top.whole("format") <= FORMAT:
        raise PublishError("the manifest was made by a newer calmcast", "verify the track with that one")
    if top.whole("rate") != SAMPLE_RATE:
        raise _MissingError("rate")
    title, artist, album, about, language = map(top.text, ("title", "artist", "album", "about", "language"))
    info = TrackInfo(title, artist, album, about, language, voice="", number=_number(content))
    loudness = top.inside("loudness")
    own = top.inside("own_db")
    return Described(
        info,
        _timeline(top),
        top.text("audio_sha256"),
        top.whole("kbps") if "kbps" in content else None,
        loudness.number("speech_lufs", _SPEECH_LUFS),
        loudness.number("true_peak_dbtp", _TRUE_PEAK_DBTP),
        _line_lufs(top),
        top.inside("versions").text("calmcast", ""),
        {name: own.number(name) for name in own.fields},
    )


def _number(content: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return a track's place in its album and how many tracks that has, or None where it stands alone."""
    value = content.get("number")
    if value is None:
        return None
    match value:
        case [int(place), int(tracks)]:
            return place, tracks
        case _:
            raise _MissingError("number")


def _timeline(top: _Node) -> Timeline:
    chapters = [(node, *_span(node)) for node in top.each("chapters")]
    return Timeline(
        top.whole("samples"),
        tuple(_event(node) for node in top.each("events")),
        tuple(Chapter(node.text("title"), start, start + samples) for node, start, samples in chapters),
        tuple(_breath(node) for node in top.each("breaths")),
        (),
        tuple(_bed(node) for node in top.each("beds")),
        top.whole("channels", 1),
    )


def _line_lufs(top: _Node) -> dict[int, float]:
    return {node.whole("start"): node.number("lufs") for node in top.each("events") if "lufs" in node.fields}


def _span(node: _Node) -> tuple[int, int]:
    return node.whole("start"), node.whole("samples")


def _event(node: _Node) -> Clip | Silence:
    (start, samples), segment = _span(node), node.whole("segment", 0)
    match node.text("kind"):
        case "line":
            heard = node.fields.get("heard")
            if heard is not None and not _is_stretch(heard, samples):
                raise _MissingError(f"{node.place}.heard")
            heard = tuple(heard) if heard else None
            key, by = node.text("recording", ""), node.text("by", "")
            recording = Recording(key, samples, (), _windows(node), 0.0, heard, by)
            levels = node.number("level_db", 0.0), node.number("rise_db", 0.0)
            spoken = Spoken(recording, node.text("voice"), node.text("text"), *levels)
            return Clip(start, samples, spoken, segment, _NOWHERE)
        case "bell":
            name = node.text("sound")
            file = node.text("file", "") or None
            strike = Strike("" if file else name, node.text("pitch", "") or None, file=file)
            rung = Rung(strike, node.number("level_db", 0.0), samples)
            return Clip(start, samples, rung, segment, _NOWHERE)
        case kind if kind == "breath" or (kind in STEP_ELEMENTS and STEP_ELEMENTS[kind].silence):
            return Silence(start, samples, kind, segment, _NOWHERE)
        case _:
            raise _MissingError(f"{node.place}.kind")


def _windows(node: _Node) -> tuple[float, ...]:
    try:
        return contour.powers(node.text("contour", ""))
    except ValueError:
        raise _MissingError(f"{node.place}.contour") from None


def _is_stretch(heard: object, samples: int) -> bool:
    match heard:
        case [int(first), int(last)]:
            return 0 <= first <= last <= samples
        case _:
            return False


def _bed(node: _Node) -> BedSpan:
    start, samples = _span(node)
    name = node.text("name")
    # Only a bed that calmcast makes has a seed.
    own = BedSound(name, None, node.text("key", "") or None, node.whole("seed", 1))
    made_of = own if "seed" in node.fields else BedSound("", file=name)
    fade_in, fade_out = (_samples(node.number(name, 0.0)) for name in ("fade_in_s", "fade_out_s"))
    levels = tuple((_samples(at), level) for at, level in node.pairs("levels"))
    return BedSpan(made_of, start, start + samples, fade_in, fade_out, levels)


def _breath(node: _Node) -> Breath:
    phase, sound = node.text("phase"), node.text("sound")
    if phase not in {"in", "hold", "out", "rest"}:
        raise _MissingError(f"{node.place}.phase")
    tone = BreathTone(cast(BreathSound, sound), node.number("level_db"))
    return Breath(*_span(node), cast(PhaseName, phase), _NOWHERE, tone)


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)
