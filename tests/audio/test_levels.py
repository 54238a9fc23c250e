import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.levels import laid, risen
from calmcast.model.sound import BedSound
from calmcast.model.timeline import RISE_DB_S, BedSpan
from calmcast.units import SAMPLE_RATE, gain

HEADROOM = 24.0
RAIN = BedSound("rain")


def flat(start: int, samples: int, channels: int) -> NDArray[np.float32]:
    """A bed of 0.1 throughout, the left channel up, the right one down."""
    signs = np.array([1.0, -1.0][:channels], np.float32)
    return np.full((samples, channels), np.float32(0.1)) * signs


def span(start: int, end: int, fade_in: int = 0, fade_out: int = 0, *levels: tuple[int, float]) -> BedSpan:
    return BedSpan(RAIN, start, end, fade_in, fade_out, levels)


def heard(spans: list[tuple[BedSpan, float]], start: int, end: int, channels: int = 1) -> NDArray[np.float64]:
    pcm, peak = laid([(each, flat, level) for each, level in spans], start, end, channels, HEADROOM)
    samples = np.frombuffer(pcm, "<i4").reshape(-1, channels) * (gain(HEADROOM) / 2**31)
    assert len(samples) == end - start
    assert np.abs(samples).max(initial=0.0) <= peak + 1e-6
    return samples


def test_a_bed_is_at_its_level_where_it_lies_and_nowhere_else() -> None:
    out = heard([(span(1_000, 9_000, 0, 0, (0, -20.0)), 6.0)], 0, 10_000)
    assert not out[:1_000].any()
    assert not out[9_000:].any()
    assert out[1_000:9_000] == pytest.approx(0.1 * gain(-14.0), rel=1e-5)


def test_channels_are_as_the_bed_gives_them() -> None:
    out = heard([(span(0, 1_000, 0, 0, (0, 0.0)), 0.0)], 0, 1_000, channels=2)
    assert out[:, 0] == pytest.approx(0.1, rel=1e-5)
    assert out[:, 1] == pytest.approx(-0.1, rel=1e-5)


def test_between_two_turns_the_level_is_a_straight_line_in_decibels() -> None:
    out = heard([(span(0, 60_000, 0, 0, (10_000, -20.0), (30_000, -26.0)), 0.0)], 0, 60_000)[:, 0]
    levels = 20.0 * np.log10(out / 0.1)
    assert levels[:10_000] == pytest.approx(-20.0, abs=0.02)
    assert levels[20_000] == pytest.approx(-23.0, abs=0.02)
    assert levels[30_000:] == pytest.approx(-26.0, abs=0.02)
    assert np.abs(np.diff(out)).max() < 1e-4


def test_crossing_beds_keep_their_power() -> None:
    one, other = span(0, 60_000, 0, 20_000, (0, 0.0)), span(40_000, 90_000, 20_000, 0, (0, 0.0))
    separate = [heard([(each, 0.0)], 0, 90_000)[:, 0] for each in (one, other)]
    power = separate[0] ** 2 + separate[1] ** 2
    assert power == pytest.approx(0.01, rel=2e-3)
    assert heard([(one, 0.0), (other, 0.0)], 0, 90_000)[:, 0] == pytest.approx(separate[0] + separate[1], abs=1e-7)


def test_fades_begin_and_end_in_silence() -> None:
    out = heard([(span(0, 90_000, 30_000, 30_000, (0, 0.0)), 0.0)], 0, 90_000)[:, 0]
    assert out[0] == 0.0
    assert out[-1] < 1e-4
    assert (np.diff(out[:30_000]) >= -1e-8).all()
    assert out[30_000:60_000] == pytest.approx(0.1, rel=1e-5)


def test_any_stretch_is_as_in_the_whole() -> None:
    levels = tuple((at, -20.0 - at % 7) for at in range(0, 90_000, 9_001))
    beds = [(span(500, 90_000, 9_999, 20_001, *levels), 3.0), (span(70_000, 99_000, 20_000, 5_000, (0, -3.0)), 0.0)]
    whole = heard(beds, 0, 100_000, channels=2)
    for start, end in ((0, 1), (499, 502), (33_333, 34_000), (69_999, 90_100), (98_000, 100_000)):
        assert np.array_equal(heard(beds, start, end, channels=2), whole[start:end])


@pytest.mark.parametrize("rise", [1.0, 6.5, 15.0])
def test_a_line_comes_up_evenly(rise: float) -> None:
    samples = np.full(10 * SAMPLE_RATE, 10_000, "<i2")
    out = np.frombuffer(risen(samples.tobytes(), rise), "<i2").astype(float)
    levels = 20.0 * np.log10(out / 10_000)
    assert levels[0] == pytest.approx(-rise, abs=0.01)
    assert levels[round(rise / RISE_DB_S / 2 * SAMPLE_RATE)] == pytest.approx(-rise / 2, abs=0.02)
    assert (out[int(rise / RISE_DB_S * SAMPLE_RATE) + 1 :] == 10_000).all()
    assert (np.diff(out) >= 0).all()


def test_a_line_that_ends_before_it_is_up_stays_down() -> None:
    out = np.frombuffer(risen(np.full(SAMPLE_RATE, 10_000, "<i2").tobytes(), 12.0), "<i2")
    assert len(out) == SAMPLE_RATE
    assert 20.0 * np.log10(out[-1] / 10_000) == pytest.approx(RISE_DB_S - 12.0, abs=0.02)
    assert risen(b"", 12.0) == b""
