"""Tracks that several tests look at: what they sound like is made once."""

import shutil
from pathlib import Path

import pytest

from calmcast.model.timeline import Timeline
from tests.verify.tracks import Sound, bed, lay_out, paced, published, sounding

Played = tuple[Timeline, Sound]


def _played(timeline: Timeline) -> Played:
    sound = sounding(timeline)
    sound.setflags(write=False)
    return timeline, sound


@pytest.fixture(scope="session")
def quiet() -> Played:
    """Words, two bells and a breath that sounds, in one channel, with silence between them."""
    return _played(lay_out(breaths=paced()))


@pytest.fixture(scope="session")
def rainy() -> Played:
    """The same over rain."""
    return _played(lay_out(breaths=paced(), beds=(bed("rain"),)))


@pytest.fixture(scope="session")
def wide() -> Played:
    """The same in two channels, over wind."""
    return _played(lay_out(breaths=paced(), beds=(bed("wind"),), channels=2))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, quiet: Played) -> Path:
    return published(tmp_path_factory.mktemp("made") / "rest.mp3", *quiet)


@pytest.fixture
def track(tmp_path: Path, made: Path) -> Path:
    """A track as it should be, of `quiet`, with what lies beside it."""
    for ending in (".mp3", ".json", ".vtt", ".lrc"):
        shutil.copy(made.with_suffix(ending), tmp_path)
    return tmp_path / made.name
