import numpy as np
import pytest

from calmcast.errors import SoundError
from calmcast.sound.bells import BELLS, bell_samples, ring
from calmcast.sound.loudness import lufs, measure
from calmcast.units import SAMPLE_RATE

EVERY_BELL = sorted(BELLS)


@pytest.mark.parametrize("name", EVERY_BELL)
class TestEveryBell:
    def test_its_length_is_known_without_ringing_it(self, name: str) -> None:
        assert len(ring(name)) == bell_samples(name)

    def test_it_begins_and_ends_in_silence(self, name: str) -> None:
        samples = ring(name).astype(int)
        assert samples[0] == samples[-1] == 0
        assert not samples[-100:].any()
        assert np.abs(np.diff(samples[: SAMPLE_RATE // 1000])).max() < 100

    def test_it_dies_away(self, name: str) -> None:
        tenths = np.abs(ring(name).astype(int)).reshape(10, -1).max(axis=1)
        assert (np.diff(tenths[1:]) <= 0).all()
        assert tenths[-1] < tenths[0] / 1000

    def test_it_is_quieter_than_the_voice(self, name: str) -> None:
        windows, peak = measure(ring(name))
        assert 20 * np.log10(peak) == pytest.approx(BELLS[name].peak, abs=0.3)
        assert lufs(max(windows)) < -20.0
        assert lufs(float(np.mean(windows[:27]))) < -25.0

    def test_it_is_the_same_each_time_and_cannot_be_changed(self, name: str) -> None:
        again = ring.__wrapped__(name)
        assert again.tobytes() == ring(name).tobytes()
        with pytest.raises(ValueError, match="read-only"):
            ring(name)[0] = 1

    def test_it_says_what_it_is_like(self, name: str) -> None:
        assert BELLS[name].about


def test_the_soft_bell_comes_up_slowly_and_lasts() -> None:
    samples = np.abs(ring("soft").astype(int))
    assert samples[: SAMPLE_RATE // 200].max() < samples.max() / 8
    assert samples[4 * SAMPLE_RATE : 5 * SAMPLE_RATE].max() > samples.max() / 200


def test_the_lowest_partial_carries_the_bell() -> None:
    spectrum = np.abs(np.fft.rfft(ring("soft").astype(float)))
    assert np.argmax(spectrum) * SAMPLE_RATE / bell_samples("soft") == pytest.approx(BELLS["soft"].frequency, abs=1.0)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("sofft", "did you mean `soft`?"),
        ("Bowl", "did you mean `bowl`?"),
        ("gong", "the bells are: soft, bowl, tingsha, wood"),
    ],
)
def test_an_unknown_bell_is_answered_with_a_hint(written: str, hint: str) -> None:
    for call in (ring, bell_samples):
        with pytest.raises(SoundError, match=f"`{written}`") as caught:
            call(written)
        assert caught.value.hint == hint
