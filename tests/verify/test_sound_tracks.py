"""In tracks as they should be, nothing is found: whatever sounds in them, in one channel and in two."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import BELLS
from calmcast.model.sound import BreathSound
from calmcast.model.timeline import BedSpan
from calmcast.verify.verify import verify
from tests.verify.conftest import Played
from tests.verify.tracks import INFO, Line, bed, lay_out, paced, published


def assert_sound(track: Path) -> None:
    assert [(finding.name, finding.found, finding.at) for finding in verify(track).faults] == []


@pytest.mark.parametrize("name", ["quiet", "rainy", "wide"])
def test_what_the_faults_are_planted_in(tmp_path: Path, request: pytest.FixtureRequest, name: str) -> None:
    played: Played = request.getfixturevalue(name)
    assert_sound(published(tmp_path / "rest.mp3", *played))


@pytest.mark.parametrize("sound", BEDS)
def test_every_bed(tmp_path: Path, sound: str) -> None:
    assert_sound(published(tmp_path / "rest.mp3", lay_out(beds=(bed(sound),), breaths=paced())))


@pytest.mark.parametrize(("sound", "level", "dip"), [("rain", -40.0, 6.0), ("stream", -12.0, 0.0), ("sea", -3.0, 6.0)])
def test_beds_soft_and_loud(tmp_path: Path, sound: str, level: float, dip: float) -> None:
    timeline = lay_out(beds=(bed(sound, level=level, dip=dip),), channels=2)
    assert_sound(published(tmp_path / "rest.mp3", timeline))


@pytest.mark.parametrize("sound", BELLS)
@pytest.mark.parametrize("beds", [(), (bed("pink"),)], ids=["alone", "over a bed"])
def test_bells_that_ring_on_under_words(tmp_path: Path, sound: str, beds: tuple[BedSpan, ...]) -> None:
    bells = [(0.0, sound, 0.0), (1.5, sound, 0.0), (20.8, sound, 0.0), (30.0, sound, 6.0), (52.0, sound, -6.0)]
    assert_sound(published(tmp_path / "rest.mp3", lay_out(bells=bells, beds=beds)))


@pytest.mark.parametrize("sound", ["tones", "swell"])
@pytest.mark.parametrize("level", [-30.0, -4.0])
def test_breath_tones(tmp_path: Path, sound: BreathSound, level: float) -> None:
    assert_sound(published(tmp_path / "rest.mp3", lay_out(breaths=paced(sound, level), channels=2)))


def test_a_bed_that_another_takes_over_from(tmp_path: Path) -> None:
    beds = bed("rain", 0, 34), bed("brown", 30, 60)
    assert_sound(published(tmp_path / "rest.mp3", lay_out(beds=beds)))


@pytest.mark.parametrize("kbps", [64, 128])
def test_other_bit_rates(tmp_path: Path, quiet: Played, kbps: int) -> None:
    assert_sound(published(tmp_path / "rest.mp3", *quiet, kbps=kbps))


def test_a_voice_that_is_louder_than_others_by_design(tmp_path: Path, quiet: Played) -> None:
    timeline, sound = quiet
    track = published(tmp_path / "rest.mp3", timeline, sound * 10 ** (2 / 20))
    assert [finding.name for finding in verify(track).faults] == ["loudness of the speech"]
    manifest = track.with_suffix(".json")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(content | {"own_db": {"calm": 2.0}}), encoding="utf-8")
    assert_sound(track)


def test_without_words(tmp_path: Path) -> None:
    assert_sound(published(tmp_path / "rest.mp3", lay_out(lines=(), bells=[(1.0, "bowl", 0.0)], length_s=20.0)))


@pytest.mark.parametrize("length_s", [0.003, 0.03, 0.25])
def test_hardly_anything(tmp_path: Path, length_s: float) -> None:
    assert_sound(published(tmp_path / "rest.mp3", lay_out(lines=(), bells=(), length_s=length_s)))


def test_a_single_short_line(tmp_path: Path) -> None:
    assert_sound(published(tmp_path / "rest.mp3", lay_out(lines=(Line(0.5, "In."),), bells=(), length_s=2.0)))


def test_long_names_that_the_tag_has_no_room_for(tmp_path: Path) -> None:
    info = replace(INFO, title="A rest " * 50)
    lines = [Line(1 + 3 * nth, "Let it be, once more.") for nth in range(20)]
    assert_sound(published(tmp_path / "rest.mp3", lay_out(lines=lines), info=info))
