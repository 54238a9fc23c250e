"""A teacher's sound file goes on under the voice for ever, or rings as a bell."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.audio.loudness import integrated, lufs, measure
from calmcast.audio.music import bed_of_file, bed_samples_of, bell_of_file
from calmcast.errors import SoundError
from calmcast.model.sound import FileBed
from calmcast.store.beds import kept_bed
from calmcast.store.folder import FolderStore
from calmcast.units import SAMPLE_RATE
from tests.soundfiles import FORMATS, noise, sine, write, write_pcm

pytestmark = pytest.mark.anywhere

if TYPE_CHECKING:
    from numpy.typing import NDArray


def loudness(*channels: "NDArray[np.float32]") -> float:
    """Return the gated loudness of channels together."""
    rows = [measure(np.rint(channel * 32_767).astype(np.int16))[0] for channel in channels]
    return integrated(np.sum(rows, axis=0).tolist())


def read_out(bed: FileBed, channels: int) -> "NDArray[np.float32]":
    """Return a round of a bed as it sounds from the second time on."""
    return bed_samples_of(bed, bed.loop.period, bed.loop.period, channels)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "kept")


@pytest.fixture(scope="module")
def fallen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stereo file of 12 s whose channels differ, and beside it a store that has its bed."""
    folder = tmp_path_factory.mktemp("rain")
    middle, side = noise(12.0, 1), noise(12.0, 2, 0.03)
    path = write(folder / "rain.wav", np.stack([middle + side, middle - side]), SAMPLE_RATE)
    bed_of_file(path, FolderStore(folder / "kept"))
    return path


@pytest.fixture
def rain(tmp_path: Path, fallen: Path) -> Path:
    """A file of one's own."""
    return Path(shutil.copy(fallen, tmp_path / "rain.wav"))


@pytest.fixture
def kept(tmp_path: Path, fallen: Path) -> FolderStore:
    """A store that has the bed of that file."""
    shutil.copytree(fallen.parent / "kept", tmp_path / "kept")
    return FolderStore(tmp_path / "kept")


class TestABed:
    @pytest.mark.parametrize("extension", FORMATS)
    def test_is_read_from_every_format(self, tmp_path: Path, store: FolderStore, extension: str) -> None:
        rate_hz = FORMATS[extension][2]
        tones = np.stack([sine(330.0, 6.0, rate_hz), sine(330.0, 6.0, rate_hz, 0.2)])
        bed = bed_of_file(write(tmp_path / f"Süße Musik{extension}", tones), store)
        assert (bed.name, bed.channels) == (f"Süße Musik{extension}", 2)
        assert bed.length == pytest.approx(6 * SAMPLE_RATE, abs=3_000)
        sound = bed_samples_of(bed, 0, 20 * SAMPLE_RATE, 2)
        assert sound.shape == (20 * SAMPLE_RATE, 2)
        assert sound.dtype == np.float32
        steps = sound[SAMPLE_RATE:, 0].reshape(-1, SAMPLE_RATE // 10).astype(np.float64)
        heard = 10 * np.log10((steps**2).mean(axis=1))
        assert heard.max() - heard.min() < 0.5

    @pytest.mark.parametrize("channels", [1, 2])
    def test_any_stretch_is_the_same_bytes_as_in_a_longer_call(
        self, rain: Path, kept: FolderStore, channels: int
    ) -> None:
        bed = bed_of_file(rain, kept)
        period = bed.loop.period
        whole = bed_samples_of(bed, 0, 3 * period, channels)
        assert whole.shape == (3 * period, channels)
        for start, samples in [
            (0, 1),
            (1, 100_000),
            (period - 5, 10),
            (period + 9, 77_777),
            (2 * period - 1, 5),
            (7, 0),
        ]:
            assert bed_samples_of(bed, start, samples, channels).tobytes() == whole[start : start + samples].tobytes()
        far = bed_samples_of(bed, 1_000_000 * period, 5_000, channels)
        assert far.tobytes() == whole[period : period + 5_000].tobytes()

    def test_is_the_file_until_it_comes_round(self, rain: Path, kept: FolderStore) -> None:
        import wave

        with wave.open(str(rain)) as file:
            pcm = np.frombuffer(file.readframes(-1), "<i2").reshape(-1, 2) / 32_768
        bed = bed_of_file(rain, kept)
        first, period = bed.loop.first, bed.loop.period
        assert np.abs(bed_samples_of(bed, 0, period, 2) - pcm[first : first + period]).max() < 1 / 16_384
        assert (
            np.abs(bed_samples_of(bed, 0, period, 1)[:, 0] - pcm[first : first + period].mean(axis=1)).max()
            < 1 / 16_384
        )

    def test_knows_how_loud_it_is_as_one_channel_and_as_two(self, rain: Path, kept: FolderStore) -> None:
        bed = bed_of_file(rain, kept)
        left, right = read_out(bed, 2).T
        middle = read_out(bed, 1)[:, 0]
        assert bed.lufs(1) == pytest.approx(loudness(middle), abs=0.1)
        assert bed.lufs(2) == pytest.approx(loudness(left, right), abs=0.1)
        assert bed.lufs(2) > bed.lufs(1) + 3.0
        assert np.allclose(middle, (left + right) / 2, atol=1e-6)

    def test_of_one_channel_is_the_same_in_two(self, tmp_path: Path, store: FolderStore) -> None:
        bed = bed_of_file(write(tmp_path / "a.wav", noise(5.0), SAMPLE_RATE), store)
        left, right = bed_samples_of(bed, 0, SAMPLE_RATE, 2).T
        assert np.array_equal(left, right)
        assert np.array_equal(left, bed_samples_of(bed, 0, SAMPLE_RATE, 1)[:, 0])
        assert bed.lufs(2) == pytest.approx(bed.lufs(1) + 3.01, abs=0.01)

    def test_is_not_lost_where_its_channels_cancel_each_other(self, tmp_path: Path, store: FolderStore) -> None:
        sound = noise(5.0)
        bed = bed_of_file(write(tmp_path / "a.wav", np.stack([sound, -sound]), SAMPLE_RATE), store)
        assert bed.lufs(1) == pytest.approx(bed.lufs(2) - 3.01, abs=0.01)
        assert np.array_equal(bed_samples_of(bed, 0, 9_000, 1)[:, 0], bed_samples_of(bed, 0, 9_000, 2)[:, 0])

    def test_of_one_live_channel_is_not_halved(self, tmp_path: Path, store: FolderStore) -> None:
        sound = noise(5.0)
        bed = bed_of_file(write(tmp_path / "a.wav", np.stack([0 * sound, sound]), SAMPLE_RATE), store)
        assert np.array_equal(bed_samples_of(bed, 0, 9_000, 1)[:, 0], bed_samples_of(bed, 0, 9_000, 2)[:, 1])
        assert bed.lufs(1) == pytest.approx(bed.lufs(2), abs=0.01)

    def test_of_six_channels_has_two(self, tmp_path: Path, store: FolderStore) -> None:
        six = np.stack([noise(4.0, seed) for seed in range(6)])
        assert bed_of_file(write(tmp_path / "film.flac", six), store).channels == 2

    @pytest.mark.parametrize("rate_hz", [8_000, 192_000])
    def test_of_another_rate_lasts_as_long(self, tmp_path: Path, store: FolderStore, rate_hz: int) -> None:
        bed = bed_of_file(write(tmp_path / "a.wav", sine(440.0, 4.0, rate_hz), rate_hz), store)
        assert bed.length == 4 * SAMPLE_RATE
        assert bed.lufs(1) == pytest.approx(lufs(0.3**2 / 2), abs=0.3)

    def test_is_not_distorted_where_the_file_goes_over_full_scale(self, tmp_path: Path, store: FolderStore) -> None:
        bed = bed_of_file(write(tmp_path / "a.wav", sine(440.0, 4.0, amplitude=1.8), SAMPLE_RATE, "pcm_f32le"), store)
        sound = bed_samples_of(bed, SAMPLE_RATE, SAMPLE_RATE, 1)[:, 0].astype(np.float64)
        assert np.abs(sound).max() == pytest.approx(1.8, rel=0.01)
        assert (sound**2).mean() == pytest.approx(1.8**2 / 2, rel=0.01)
        assert 1.79 < bed.peak < 2.1

    def test_its_peak_is_that_of_what_sounds(self, rain: Path, kept: FolderStore) -> None:
        bed = bed_of_file(rain, kept)
        sound = np.rint(bed_samples_of(bed, 0, 2 * bed.loop.period, 2) * 32_767).astype(np.int16)
        highest = max(measure(np.ascontiguousarray(channel))[1] for channel in sound.T)
        assert highest <= bed.peak * 1.001
        assert bed.peak < highest * 1.2

    def test_goes_on_through_a_fade_out(self, tmp_path: Path, store: FolderStore) -> None:
        gains = np.interp(np.arange(40 * SAMPLE_RATE) / SAMPLE_RATE, [0, 4, 30, 39, 40], [0, 1, 1, 0, 0])
        path = write(tmp_path / "a.mp3", noise(40.0) * gains)
        bed = bed_of_file(path, store)
        sound = bed_samples_of(bed, 0, 3 * bed.loop.period, 1)[:, 0].astype(np.float64)
        steps = sound[: len(sound) // 8_820 * 8_820].reshape(-1, 8_820)
        heard = 10 * np.log10((steps**2).mean(axis=1))
        assert heard.min() > np.median(heard) - 2.5

    def test_is_told_what_cannot_be(self, rain: Path, kept: FolderStore) -> None:
        bed = bed_of_file(rain, kept)
        for start, samples, channels in ((-1, 5, 1), (0, -1, 1), (0, 5, 3), (0, 5, 0)):
            with pytest.raises(ValueError, match=r"a bed has 1 or 2|a stretch of a bed"):
                bed_samples_of(bed, start, samples, channels)


class TestWhatIsKept:
    def test_is_used_again_and_the_file_not_read_anew(self, rain: Path, store: FolderStore) -> None:
        told: list[tuple[int, int]] = []
        first = bed_of_file(rain, store, lambda *progress: told.append(progress))
        assert told[-1] == (12, 12)
        assert [there for there, _ in told] == sorted(there for there, _ in told)
        assert all(there <= about for there, about in told)
        assert len(told) == pytest.approx(12, abs=2)
        told.clear()
        again = bed_of_file(rain, store, lambda *progress: told.append(progress))
        assert again == first
        assert not told
        assert len([*store.folder.rglob("bed-*")]) == 1

    def test_goes_by_the_content_and_not_by_the_name(self, rain: Path, tmp_path: Path, kept: FolderStore) -> None:
        first = bed_of_file(rain, kept)
        other = bed_of_file(Path(shutil.copy(rain, tmp_path / "other.wav")), kept)
        assert other == replace(first, name="other.wav")
        write(rain, noise(3.0), SAMPLE_RATE)
        assert bed_of_file(rain, kept).length == 3 * SAMPLE_RATE

    def test_is_16_bit_samples_and_after_them_what_is_known_of_it(self, rain: Path, kept: FolderStore) -> None:
        bed = bed_of_file(rain, kept)
        head = kept.heads([bed.kept.name])[bed.kept.name]
        assert json.loads(head)["length"] == 12 * SAMPLE_RATE
        assert bed.kept.read_bytes().index(head) == 4 * 12 * SAMPLE_RATE
        assert kept.info().number("bed") == 1

    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: data[:-2],
            lambda data: data + bytes(4),
            lambda data: data[:400_000] + bytes(100_000) + data[500_000:],
            lambda data: bytes(2_000_000) + data[2_000_000:],
            lambda data: bytes(len(data)),
            lambda _: b"",
            lambda _: b"RIFF" + bytes(9_000),
        ],
    )
    def test_is_made_again_where_it_is_damaged(
        self, rain: Path, kept: FolderStore, damage: Callable[[bytes], bytes]
    ) -> None:
        bed = bed_of_file(rain, kept)
        data = bed.kept.read_bytes()
        assert damage(data) != data
        bed.kept.write_bytes(damage(data))
        assert bed_of_file(rain, kept) == bed
        assert bed.kept.read_bytes() == data

    def test_of_another_file_is_not_taken_for_it(self, rain: Path, tmp_path: Path, kept: FolderStore) -> None:
        bed = bed_of_file(rain, kept)
        other = bed_of_file(write(tmp_path / "other.wav", noise(12.0, 9), SAMPLE_RATE), kept)
        shutil.copy(other.kept, bed.kept)
        assert kept_bed(FolderStore(kept.folder), bed.kept.name, "rain.wav") is None
        assert bed_of_file(rain, kept) == bed

    def test_that_has_gone_is_missed_in_plain_words(self, rain: Path, kept: FolderStore) -> None:
        bed = bed_of_file(rain, kept)
        bed.kept.write_bytes(bed.kept.read_bytes()[:90_000])
        with pytest.raises(SoundError, match=r"kept of rain\.wav is gone or damaged") as caught:
            bed_samples_of(bed, 0, 10 * SAMPLE_RATE, 2)
        assert caught.value.hint == "run the command again: the file is read anew"
        bed.kept.unlink()
        with pytest.raises(SoundError, match="gone or damaged"):
            bed_samples_of(bed, 0, 5, 1)

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
    def test_is_nothing_where_a_run_was_killed(self, rain: Path, store: FolderStore) -> None:
        program = (
            "import os, signal, sys; from pathlib import Path; from calmcast.audio.music import bed_of_file\n"
            "from calmcast.store.folder import FolderStore\n"
            "store = FolderStore(Path(sys.argv[2]))\n"
            "bed_of_file(Path(sys.argv[1]), store, lambda *_: os.kill(os.getpid(), signal.SIGKILL))"
        )
        done = subprocess.run([sys.executable, "-c", program, str(rain), store.place], check=False)
        assert done.returncode == -signal.SIGKILL
        assert not [*store.folder.rglob("bed-*")]
        assert bed_of_file(rain, store).length == 12 * SAMPLE_RATE
        store.settle(1 << 40)
        assert not [*store.folder.rglob("_drafts/*")]

    def test_is_nothing_where_a_file_cannot_be_read_to_its_end(self, tmp_path: Path, store: FolderStore) -> None:
        path = write(tmp_path / "a.mp3", noise(20.0))
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2] + bytes(2_000) + data[len(data) // 2 + 2_000 :])
        with pytest.raises(SoundError, match="damaged at 0:1"):
            bed_of_file(path, store)
        assert not [path for path in store.folder.rglob("_drafts/*") if path.is_file()]
        assert not [*store.folder.rglob("bed-*")]

    def test_may_be_made_by_two_at_once(self, rain: Path, store: FolderStore) -> None:
        program = (
            "import sys; from pathlib import Path; from calmcast.audio.music import bed_of_file, bed_samples_of\n"
            "from calmcast.store.folder import FolderStore\n"
            "print(bed_of_file(Path(sys.argv[1]), FolderStore(Path(sys.argv[2]))).loop)"
        )
        command = [sys.executable, "-c", program, str(rain), store.place]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = {process.communicate(timeout=100)[0] for process in both}
        assert said == {f"{bed_of_file(rain, store).loop}\n"}
        assert len([*store.folder.rglob("bed-*")]) == 1

    @pytest.mark.usefixtures("modes_hold")
    def test_needs_a_folder_to_write_in(self, rain: Path, store: FolderStore) -> None:
        store.folder.mkdir(mode=0o500)
        with pytest.raises(SoundError, match=r"the sound of rain\.wav cannot be kept") as caught:
            bed_of_file(rain, store)
        assert "CALMCAST_STORE" in str(caught.value.hint)

    def test_needs_a_folder_that_is_none_of_other_things(self, rain: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(SoundError, match=r"the sound of rain\.wav cannot be kept") as caught:
            bed_of_file(rain, FolderStore(tmp_path / "file" / "beds"))
        assert "CALMCAST_STORE" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        (np.zeros(5 * SAMPLE_RATE), "there is nothing to hear in a.wav"),
        (sine(440.0, 5.0, amplitude=1e-4), "there is nothing to hear in a.wav"),
        (sine(440.0, 0.7), r"a.wav lasts only 0\.7 s"),
        (np.concatenate([sine(440.0, 0.5), np.zeros(5 * SAMPLE_RATE)]), r"a.wav has only 0\.5 s of sound in it"),
        (sine(440.0, 3.0, amplitude=2.5), "a.wav goes far over full scale"),
    ],
    ids=["silent", "too soft", "too short", "mostly silent", "too loud"],
)
def test_what_makes_no_bed_is_refused(
    tmp_path: Path, store: FolderStore, sound: "NDArray[np.float64]", message: str
) -> None:
    path = write(tmp_path / "a.wav", sound, SAMPLE_RATE, "pcm_f32le")
    with pytest.raises(SoundError, match=message) as caught:
        bed_of_file(path, store)
    assert caught.value.hint
    assert not [*store.folder.rglob("bed-*")]


@pytest.mark.parametrize("read", [lambda path: bed_of_file(path, FolderStore(path.parent / "kept")), bell_of_file])
def test_what_is_no_sound_file_is_refused(tmp_path: Path, read: Callable[[Path], object]) -> None:
    (tmp_path / "letter.mp3").write_text("Dear students. " * 900, encoding="utf-8")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "folder.wav").mkdir()
    for name, message in {
        "letter.mp3": "is not a sound file that can be read",
        "empty.wav": "empty.wav is empty",
        "folder.wav": "is a folder, not a sound file",
        "gone.wav": "there is no sound file",
    }.items():
        with pytest.raises(SoundError, match=message):
            read(tmp_path / name)
    assert not [*tmp_path.rglob("bed-*")]


def a_bell(length_s: float, falls_s: float = 0.6, rate_hz: int = SAMPLE_RATE) -> "NDArray[np.float64]":
    time_s = np.arange(round(length_s * rate_hz)) / rate_hz
    return sine(523.3, length_s, rate_hz) * np.exp(-time_s / falls_s)


class TestABell:
    @pytest.mark.parametrize("extension", FORMATS)
    def test_is_read_from_every_format(self, tmp_path: Path, extension: str) -> None:
        rate_hz = FORMATS[extension][2]
        sound = np.concatenate([np.zeros(rate_hz), a_bell(4.0, rate_hz=rate_hz), np.zeros(rate_hz)])
        made = bell_of_file(write(tmp_path / f"bell{extension}", np.stack([sound, 0.9 * sound])))
        windows, peak = measure(made)
        assert made.dtype == np.int16
        assert lufs(max(windows)) == pytest.approx(-23.0, abs=0.2)
        assert 20 * np.log10(peak) < -3.0
        assert len(made) == pytest.approx(4 * SAMPLE_RATE, abs=SAMPLE_RATE // 10)
        assert int(np.argmax(np.abs(made) > made.max() // 4)) < SAMPLE_RATE // 20

    def test_may_not_be_changed(self, tmp_path: Path) -> None:
        made = bell_of_file(write(tmp_path / "a.wav", a_bell(2.0), SAMPLE_RATE))
        with pytest.raises(ValueError, match="read-only"):
            made[0] = 1

    def test_is_not_lost_where_its_channels_cancel_each_other(self, tmp_path: Path) -> None:
        one = bell_of_file(write(tmp_path / "one.wav", a_bell(3.0), SAMPLE_RATE))
        both = bell_of_file(write(tmp_path / "both.wav", np.stack([a_bell(3.0), -a_bell(3.0)]), SAMPLE_RATE))
        assert np.array_equal(one, both)

    def test_of_a_minute_is_the_longest(self, tmp_path: Path) -> None:
        made = bell_of_file(write(tmp_path / "a.wav", a_bell(60.0, 20.0), SAMPLE_RATE))
        assert len(made) == 60 * SAMPLE_RATE
        with pytest.raises(SoundError, match=r"b\.wav is longer than a minute, and a bell is not") as caught:
            bell_of_file(write(tmp_path / "b.wav", a_bell(61.0, 20.0), SAMPLE_RATE))
        assert "`bed:`" in str(caught.value.hint)

    def test_that_cannot_be_heard_is_refused(self, tmp_path: Path) -> None:
        for sound in (np.zeros(SAMPLE_RATE), np.full(SAMPLE_RATE, 0.2)):
            with pytest.raises(SoundError, match=r"there is nothing to hear in a\.wav"):
                bell_of_file(write(tmp_path / "a.wav", sound, SAMPLE_RATE))


@pytest.mark.real
@pytest.mark.long
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process's memory this way")
def test_an_hour_needs_no_more_memory_than_two_minutes() -> None:
    program = (
        "import re, sys; from pathlib import Path; from calmcast.audio.music import bed_of_file, bed_samples_of\n"
        "from calmcast.store.folder import FolderStore\n"
        "def most(): return int(re.search(r'VmHWM:\\s*([0-9]+) kB', Path('/proc/self/status').read_text())[1])\n"
        "folder = Path(sys.argv[1]); store = FolderStore(folder / 'kept')\n"
        "short = bed_of_file(folder / 'short.wav', store)\n"
        "bed_samples_of(short, 0, 60 * 44100, 2)\n"
        "before = most()\n"
        "long = bed_of_file(folder / 'long.wav', store)\n"
        "assert long.length == 3600 * 44100, long.length\n"
        "for start in range(0, long.loop.period + 600 * 44100, 60 * 44100):\n"
        "    bed_samples_of(long, start, 60 * 44100, 2)\n"
        "print(most() - before)"
    )
    rng = np.random.default_rng(1)
    minute = np.clip(rng.normal(128, 10, 60 * 8_000), 0, 255).astype(np.uint8)
    minute[100] = 255
    with TemporaryDirectory(prefix="calmcast-") as folder:
        write_pcm(Path(folder) / "short.wav", np.tile(minute, 2), 8_000)
        write_pcm(Path(folder) / "long.wav", np.tile(minute, 60), 8_000)
        done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, check=True, text=True)
    assert int(done.stdout) < 60_000


def test_of_a_very_long_file_the_beginning_goes_round(
    rain: Path, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmcast.audio.music.LONGEST_BED", 4 * SAMPLE_RATE)
    told = list[tuple[int, int]]()
    bed = bed_of_file(rain, store, lambda there, about: told.append((there, about)))
    assert bed.length == 4 * SAMPLE_RATE
    assert bed.loop.first + bed.loop.period <= bed.length
    assert bed.kept.stat().st_size < 4 * SAMPLE_RATE * 4 + 10_000
    assert told[-1] == (4, 4)
    assert len(bed_samples_of(bed, 0, 9 * SAMPLE_RATE, 2)) == 9 * SAMPLE_RATE
