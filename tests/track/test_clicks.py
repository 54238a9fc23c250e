"""No click where an island begins or ends, nor where its pieces are joined: a track beside one encode of all of it.

What a codec adds is loud where the sound is; what it adds in one go, with neither edge nor joint, says how loud.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

import calmcast
from calmcast.model.timeline import Island, Quality
from calmcast.publish import mp3, pieces
from calmcast.publish.frames import DELAY
from calmcast.publish.lame import new_encoder
from calmcast.publish.pieces import SHARED, Encoding, Frames
from calmcast.track.render import desk, planned, usual_info
from calmcast.units import FRAME

pytestmark = [pytest.mark.real, pytest.mark.long]

SCRIPT = """segments:
  - title: One
    steps:
      - bell: soft
      - {hold: 3s}
      - The floor can carry all of you now. It has time, and so do you.
      - {pause: 3s}
      - Let your hands lie as they like. Soft fingers, soft palms.
      - breathe: {in: 4s, out: 6s, rounds: 2, tone: swell, say: {in: In., out: Out.}, voice_rounds: 1, remind: no}
      - {rest: 20s}
      - Each breath comes by itself, and you can let it. Peace, ease, stillness.
      - {pause: 3s}
      - When you are ready, come back slowly.
      - bell: bowl
"""
HEADS = {"mono": "title: Mono\nvoice: plain\n", "stereo": "title: Stereo\nvoice: plain\nbed: rain\nstereo: yes\n"}
SAMPLES = 80 * 44_100
LAME_GAIN = 0.95
WINDOW = FRAME // 2
UNHEARD = 2e-4
"""What no error is held to, full scale = 1: -74 dB."""

Sound = NDArray[np.float64]
"""(samples, channels), full scale = 1."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A track as it is heard, and what it was to be."""

    decoded: Sound
    at_once: Sound
    """What one encoder makes of the mix, decoded."""
    mix: Sound
    """As loud as LAME plays it."""
    edges: tuple[int, ...]
    """Where islands begin and end, in samples."""
    joints: tuple[int, ...]
    """From where on pieces may be joined, in samples."""


def heard(folder: Path, kind: str, quality: Quality) -> Heard:
    """Render a track from what another length has left in the store, and what the store lacks."""
    (folder / "scripts").mkdir(exist_ok=True)
    (folder / "scripts" / "script.yaml").write_text(HEADS[kind] + SCRIPT, encoding="utf-8")
    workspace = calmcast.open_workspace(folder)
    performance = calmcast.perform(workspace, "script")
    for samples in (SAMPLES + 7 * 44_100 + 5, SAMPLES):
        track = calmcast.render(workspace, performance, samples, folder / "track.mp3", quality=quality)
    plan = planned(performance, SAMPLES, usual_info(performance), quality)
    islands, channels = [*desk(workspace, lambda *_: None).islands(plan.mastered)], plan.timeline.channels
    mix = mixed(islands, channels)
    encoder = new_encoder(plan.kbps, channels)
    once = decoded(bytes(encoder.encode(mix.tobytes()) + encoder.flush()))[DELAY : DELAY + SAMPLES]
    every = pieces.pieces(islands, SAMPLES, Encoding(channels, plan.kbps, ""))
    return Heard(
        decoded(track.path.read_bytes()),
        np.pad(once, ((0, SAMPLES - len(once)), (0, 0))),
        np.asarray(mix * (LAME_GAIN / 32_768), np.float64),
        tuple(edge for island in islands for edge in (island.start, island.end)),
        tuple(piece.joint * FRAME for piece in every if piece.joint != piece.slot),
    )


def mixed(islands: Sequence[Island], channels: int) -> NDArray[np.int16]:
    mix = np.zeros((SAMPLES, channels), "<i2")
    for island in islands:
        mix[island.start : island.end] = np.frombuffer(island.pcm(island.start, island.end), "<i2").reshape(
            -1, channels
        )
    return mix


def decoded(data: bytes) -> Sound:
    return np.asarray(soundfile.read(io.BytesIO(data), always_2d=True, dtype="float64")[0])


def clicks(heard: Heard) -> set[int]:
    """Return those edges and joints near which the error jumps from a sample to the next as one encoder's does not."""
    found = set[int]()
    ours, usual = (np.abs(np.diff(sound - heard.mix, axis=0)).max(axis=1) for sound in (heard.decoded, heard.at_once))
    for place, frames in [*((edge, 1) for edge in heard.edges), *((joint, SHARED + 2) for joint in heard.joints)]:
        for first in range(max(0, place - FRAME), min(SAMPLES, place + frames * FRAME), WINDOW):
            near = usual[max(0, first - FRAME) : first + WINDOW + FRAME]
            if ours[first : first + WINDOW].max(initial=0.0) > 2 * near.max(initial=0.0) + UNHEARD:
                found.add(place)
    return found


@pytest.fixture(autouse=True)
def many_joints(monkeypatch: pytest.MonkeyPatch, store: Path) -> None:
    """Cut what sounds for long into pieces of 5 seconds."""
    monkeypatch.setattr(pieces, "LONGEST", 200)
    monkeypatch.setenv("CALMCAST_STORE", str(store))


@pytest.mark.parametrize("quality", ["standard", "small"])
@pytest.mark.parametrize("kind", HEADS)
def test_none_at_any_edge_or_joint(tmp_path: Path, kind: str, quality: Quality) -> None:
    track = heard(tmp_path, kind, quality)
    assert len(track.decoded) == SAMPLES
    assert len(track.edges) >= (2 if kind == "stereo" else 10)
    assert len(track.joints) >= (14 if kind == "stereo" else 3)
    assert clicks(track) == set()
    plant_clicks(track)
    assert clicks(track) == {*track.edges, *track.joints}, "any would be found"


def plant_clicks(heard: Heard) -> None:
    """Put a step at each edge and joint, for a millisecond: twice the sound's own near there, -46 dBFS at least."""
    for place in {*heard.edges, *heard.joints}:
        own = np.abs(np.diff(heard.mix[max(0, place - FRAME) : place + FRAME], axis=0)).max()
        heard.decoded[min(max(place, 20), SAMPLES - 20) :][:44] += max(0.005, 2 * own)


def test_pieces_that_are_only_laid_end_to_end_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def end_to_end(earlier: Frames, later: Frames, joint: int, encoding: Encoding) -> list[bytes]:
        return earlier.frames[: joint - earlier.slot] + later.frames[joint - later.slot :]

    monkeypatch.setattr(mp3, "joined", end_to_end)
    track = heard(tmp_path, "stereo", "standard")
    assert len(clicks(track)) > len(track.joints) / 2


def test_an_end_that_is_cut_off_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "store"))  # nothing that is wrong is kept for others
    monkeypatch.setattr(pieces, "TAIL", 0)
    track = heard(tmp_path, "mono", "standard")
    assert clicks(track)
