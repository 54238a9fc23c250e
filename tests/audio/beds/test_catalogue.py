import tracemalloc
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.audio.beds.catalogue import BED_LUFS, BEDS, bed, check_bed
from calmcast.audio.beds.chance import BLOCK
from calmcast.audio.beds.samples import MAKES, bed_samples
from calmcast.audio.beds.settings import BedSettings
from calmcast.audio.bells import BELLS
from calmcast.audio.loudness import integrated, lufs, measure
from calmcast.errors import SoundError
from calmcast.model.sound import BREATHS, NO_BED, BedSound
from calmcast.units import SAMPLE_RATE, UnitError

pytestmark = pytest.mark.anywhere

if TYPE_CHECKING:
    from numpy.typing import NDArray

EVERY_BED = list(BEDS)
KEYED = [name for name, kind in BEDS.items() if kind.keyed]
MINUTE = 60 * SAMPLE_RATE

SHORT_TERM = {"sea": (-5.5, 4.0), "rain": (-1.0, 1.0), "brown": (-1.0, 1.0), "pink": (-1.0, 1.0)}
"""Where 3 s of a bed are, in LU relative to the whole."""
MOVES = (-3.5, 3.0)


@cache
def _minutes(name: str) -> "NDArray[np.float32]":
    """Return two minutes of a bed, mono, from somewhere in it."""
    return bed_samples(name, 11, 20 * MINUTE + 1, 2 * MINUTE, 1)[:, 0]


def _loudness(sound: "NDArray[np.float32]") -> tuple[tuple[float, ...], float]:
    return measure(np.rint(sound * 32_767).astype(np.int16))


@cache
def _heard(name: str) -> tuple[tuple[float, ...], float]:
    """Return the windows of those minutes, and their peak."""
    return _loudness(_minutes(name))


def _repeat(movement: "NDArray[np.floating]", least: int) -> float:
    """Return the highest autocorrelation at `least` steps or more, over at least a third of the whole."""
    centred = movement - movement.mean()
    count = len(centred)
    correlation = np.fft.irfft(np.abs(np.fft.rfft(centred, 2 * count)) ** 2)[:count] / (count - np.arange(count))
    return float(np.abs(correlation[least : 2 * count // 3]).max() / correlation[0])


@pytest.mark.parametrize("name", EVERY_BED)
class TestEveryBed:
    def test_it_has_a_row_in_both_tables_and_a_name_of_its_own(self, name: str) -> None:
        assert name in MAKES, "add its row to MAKES of audio/beds/samples.py"
        assert name not in {*BELLS, *BREATHS, NO_BED}, "another sound is called so"

    def test_any_stretch_is_the_same_bytes_as_in_a_longer_call(self, name: str) -> None:
        start, length = 40 * BLOCK - 30_000, BLOCK + 60_000
        for channels in (1, 2):
            whole = bed_samples(name, 3, start, length, channels)
            assert whole.shape == (length, channels)
            assert whole.dtype == np.float32
            for first, last in ((0, 1), (29_999, 30_001), (30_000, length), (100, 100), (150_000, 150_441)):
                part = bed_samples(name, 3, start + first, last - first, channels)
                assert part.tobytes() == whole[first:last].tobytes()

    def test_blocks_join_without_a_click(self, name: str) -> None:
        sound = bed_samples(name, 3, 0, 6 * BLOCK, 1)[:, 0].astype(np.float64)
        # What a step or a corner adds to the highest frequencies stands out from the third difference elsewhere.
        edges = np.abs(np.diff(sound, 3))
        usual = np.quantile(edges, 0.9999)
        for border in range(BLOCK, 6 * BLOCK, BLOCK):
            assert edges[border - 6 : border + 6].max() < 2 * usual

    def test_seeds_differ(self, name: str) -> None:
        one, two = (bed_samples(name, seed, 0, BLOCK, 1)[:, 0] for seed in (1, 2))
        assert np.abs(one - two).std() > 0.3 * one.std()

    def test_its_loudness_is_as_written(self, name: str) -> None:
        windows, peak = _heard(name)
        whole = integrated(windows)
        assert whole == pytest.approx(BED_LUFS[name], abs=0.5)
        assert BED_LUFS[name] == pytest.approx(-23.0, abs=0.5)
        assert 20 * np.log10(peak) < -4.5
        least, most = SHORT_TERM.get(name, MOVES)
        shorts = [lufs(float(short)) - whole for short in np.convolve(windows, np.full(27, 1 / 27), mode="valid")]
        assert least < min(shorts) < max(shorts) < most

    def test_nothing_in_it_is_sudden(self, name: str) -> None:
        levels = 10 * np.log10(np.array(_heard(name)[0]))
        assert np.abs(levels[5:] - levels[:-5]).max() < 6.0

    def test_it_has_no_dc_and_no_rumble_and_little_hiss(self, name: str) -> None:
        sound = _minutes(name).astype(np.float64)
        powers = np.abs(np.fft.rfft(sound)) ** 2
        hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
        assert abs(sound.mean()) < 1e-5
        assert powers[hertz < 30].sum() < powers.sum() / 200
        assert powers[hertz > 8_000].sum() < powers.sum() / (7 if name == "pink" else 100)

    def test_two_channels_differ_gently_and_their_mean_is_the_one(self, name: str) -> None:
        pair = bed_samples(name, 3, 5 * MINUTE, 10 * SAMPLE_RATE, 2).astype(np.float64)
        one = bed_samples(name, 3, 5 * MINUTE, 10 * SAMPLE_RATE, 1)[:, 0]
        assert np.abs(pair.mean(axis=1) - one).max() < 1e-6
        assert 0.5 < np.corrcoef(pair[:, 0], pair[:, 1])[0, 1] < 0.95
        louder = 20 * np.log10(pair.std(axis=0) / one.std())
        assert np.abs(louder).max() < 1.5
        assert abs(louder[0] - louder[1]) < 1.0

    @pytest.mark.long
    def test_its_movement_never_comes_round_again(self, name: str) -> None:
        steps = SAMPLE_RATE // 10
        energies = []
        for minute in range(20 if name == "sea" else 7):
            sound = bed_samples(name, 4, minute * MINUTE, MINUTE, 1)[:, 0]
            energies.append(np.square(sound).reshape(-1, steps).mean(axis=1))
        levels = 10 * np.log10(np.concatenate(energies))
        # Waves come round, if unevenly: over some minutes, two stretches of them may fall in step by chance.
        assert _repeat(levels, 600) < (0.5 if name == "sea" else 0.3)

    def test_its_waveform_never_comes_round_again(self, name: str) -> None:
        first, later = (bed_samples(name, 4, start, 4 * BLOCK, 1)[:, 0] for start in (0, 30 * MINUTE))
        size = 2 * len(first)
        crossed = np.fft.irfft(np.fft.rfft(first, size) * np.conj(np.fft.rfft(later, size)), size)
        most = np.abs(crossed).max() / np.sqrt(np.square(first).sum() * np.square(later).sum())
        # A chord is of the same notes half an hour later, but their partials stand to each other as never before.
        assert most < (0.9 if name in KEYED else 0.1)

    def test_it_goes_on_for_a_day_without_the_hours_before(self, name: str) -> None:
        sound = bed_samples(name, 3, 24 * 60 * MINUTE, BLOCK, 1)
        assert 0.02 < sound.std() < 0.2

    def test_its_memory_grows_with_what_is_asked_for_only(self, name: str) -> None:
        tracemalloc.start()
        try:
            bed_samples(name, 8, 20 * 60 * MINUTE, 1000, 2)
            assert tracemalloc.get_traced_memory()[1] < 24_000_000
        finally:
            tracemalloc.stop()

    def test_it_says_what_it_is_like(self, name: str) -> None:
        assert BEDS[name].about


def test_nothing_is_made_that_is_not_listed() -> None:
    assert MAKES.keys() - BEDS.keys() == set(), "add their rows to BEDS of audio/beds/catalogue.py"


@pytest.mark.parametrize(("name", "slope"), [("brown", -6.02), ("pink", -3.01)])
def test_noises_have_their_slope(name: str, slope: float) -> None:
    sound = _minutes(name)[: 100 * SAMPLE_RATE].astype(np.float64).reshape(100, SAMPLE_RATE) * np.hanning(SAMPLE_RATE)
    powers = (np.abs(np.fft.rfft(sound)) ** 2).mean(axis=0)
    thirds = 1_000.0 * 2.0 ** (np.arange(-12, 11) / 3)
    # The mean of power times f^(slope) within a third of an octave: level where the slope is as it should be.
    hertz = np.arange(len(powers))
    level = []
    for third in [60.0, *thirds[thirds > 60], 9_000.0]:
        inside = (hertz >= third / 2 ** (1 / 6)) & (hertz <= min(10_000, third * 2 ** (1 / 6)))
        level.append(10 * np.log10((powers[inside] * hertz[inside] ** (-slope / 3.0103)).mean()))
    assert max(level) - min(level) < 1.5
    assert np.abs(np.array(level) - np.mean(level)).max() < 1.0
    at_40, at_25 = (powers[third - 2 : third + 3].mean() * third ** (-slope / 3.0103) for third in (44, 25))
    assert at_25 < at_40 / 4


def test_waves_follow_each_other_unevenly_every_8_to_14_seconds() -> None:
    sound = np.concatenate([bed_samples("sea", 2, minute * MINUTE, MINUTE, 1)[:, 0] for minute in range(5)])
    levels = 10 * np.log10(np.square(sound).reshape(-1, SAMPLE_RATE // 5).mean(axis=1))
    window = np.hanning(31)
    smooth = np.convolve(levels, window / window.sum(), mode="valid")
    inside = smooth[1:-1]
    crests = np.flatnonzero((inside > smooth[:-2]) & (inside > smooth[2:]) & (inside > smooth.mean()))
    apart = np.diff(crests) / 5
    assert 9.0 < np.median(apart) < 12.5
    assert apart.std() > 0.5
    assert np.quantile(apart, 0.1) > 7.0
    assert np.quantile(apart, 0.9) < 15.0


@pytest.mark.parametrize("name", KEYED)
class TestKeys:
    def test_the_key_moves_every_note(self, name: str) -> None:
        for key, hertz in (("E", 82.407), ("Bb", 116.541), ("D", 146.832)):
            sound = bed_samples(name, 1, 0, 8 * BLOCK, 1, BedSettings(key))[:, 0]
            powers = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
            at = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
            assert powers[np.abs(at - hertz) < 1.0].sum() > 0.1 * powers.sum()
            # Root, fifth and octave, ninth, third, sixth and their partials are all multiples of a twelfth of the root.
            off = np.abs(at / hertz * 12 - np.rint(at / hertz * 12)) / 12 * hertz
            assert powers[off > 1.5].sum() < 0.001 * powers.sum()

    @pytest.mark.long
    def test_every_key_is_as_loud(self, name: str) -> None:
        loudness = []
        for key in ("E", "G", "A", "C", "D#"):
            windows, peak = _loudness(bed_samples(name, 1, 0, MINUTE, 1, BedSettings(key))[:, 0])
            loudness.append(integrated(windows))
            assert 20 * np.log10(peak) < -6.0
        assert max(loudness) - min(loudness) < 0.7

    def test_a_note_of_two_names_is_one_key(self, name: str) -> None:
        one, two = (bed_samples(name, 1, 0, 1000, 2, BedSettings(key)) for key in ("C#", "Db"))
        assert one.tobytes() == two.tobytes()


@pytest.mark.parametrize("name", sorted({*BEDS} - {*KEYED}))
def test_other_beds_have_no_key(name: str) -> None:
    one, two = (bed_samples(name, 1, 0, 1000, 1, BedSettings(key)) for key in ("C", "G"))
    assert one.tobytes() == two.tobytes(), "its row in BEDS says `keyed=True`"


def test_what_comes_back_is_the_callers_own() -> None:
    first = bed_samples("pink", 1, 0, 1000, 1)
    kept = first.copy()
    first[:] = 0.0
    assert (bed_samples("pink", 1, 0, 1000, 1) == kept).all()


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Rain", "did you mean `rain`?"),
        ("streem", "did you mean `stream`?"),
        ("zwirl", f"the beds are: {', '.join(BEDS)}"),
    ],
)
def test_an_unknown_bed_is_answered_with_a_hint(written: str, hint: str) -> None:
    with pytest.raises(SoundError, match=f"no bed called `{written}`") as caught:
        bed_samples(written, 1, 0, 10, 1)
    assert (caught.value.hint or "").startswith(hint)
    with pytest.raises(SoundError):
        bed(written)


@pytest.mark.parametrize(
    ("seed", "start", "samples", "channels", "sentence"),
    [
        (-1, 0, 10, 1, "a bed's seed is a whole number from 0"),
        (1 << 64, 0, 10, 1, "a bed's seed is a whole number from 0"),
        (1, -1, 10, 1, "begins at sample 0 or later"),
        (1, 0, -10, 1, "no fewer than 0 samples"),
        (1, 0, 10, 0, "1 or 2 channels, and not 0"),
        (1, 0, 10, 6, "1 or 2 channels, and not 6"),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence(
    seed: int, start: int, samples: int, channels: int, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        bed_samples("rain", seed, start, samples, channels)


def test_whether_there_is_such_a_bed() -> None:
    check_bed(BedSound("rain"))
    check_bed(BedSound("drone", key="Bb"))
    check_bed(BedSound("", file="music/rain.mp3"))
    with pytest.raises(SoundError, match="no bed called `rainn`"):
        check_bed(BedSound("rainn"))
    with pytest.raises(SoundError, match="the bed `rain` has no key") as error:
        check_bed(BedSound("rain", key="D"))
    assert error.value.hint == "leave key out; `drone` and `pad` have one"
    with pytest.raises(UnitError, match="`H` is not a key"):
        check_bed(BedSound("pad", key="H"))
