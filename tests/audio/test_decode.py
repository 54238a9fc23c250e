"""Every format comes out as the same sound at 44 100 Hz, or is refused in plain words."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from mutagen.apev2 import APEv2

from calmcast.audio.decode import SOUND_FILE, FileKind, about_s, decoded, mono_shares
from calmcast.errors import SoundError
from calmcast.publish.mp3 import write_mp3
from calmcast.units import FRAME, SAMPLE_RATE
from tests.islands import whole
from tests.soundfiles import FORMATS, sine, write, write_pcm

if TYPE_CHECKING:
    from numpy.typing import NDArray


def everything(path: Path, stereo: bool = False) -> "NDArray[np.float32]":
    return np.concatenate([*decoded(path, stereo=stereo)], axis=1)


def spectrum(sound: "NDArray[np.float32]") -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Return the amplitude of each frequency, and the frequencies in Hz, without the sound's ends."""
    inner = sound[SAMPLE_RATE // 5 : -SAMPLE_RATE // 5].astype(np.float64)
    window = np.blackman(len(inner))
    amplitudes = 2 * np.abs(np.fft.rfft(inner * window)) / window.sum()
    return np.asarray(amplitudes), np.asarray(np.fft.rfftfreq(len(inner), 1 / SAMPLE_RATE), np.float64)


@pytest.mark.parametrize(("extension", "channels"), [(e, n) for e in FORMATS for n in (1, 2) if (e, n) != (".oga", 1)])
def test_every_format_is_read(tmp_path: Path, extension: str, channels: int) -> None:
    rate_hz = FORMATS[extension][2]
    tones = np.stack([sine(440.0 * (1 + i), 2.0, rate_hz) for i in range(channels)])
    path = write(tmp_path / f"Süße Musik{extension}", tones)
    sound = everything(path)
    assert sound.shape == (channels, pytest.approx(2 * SAMPLE_RATE, abs=3000))
    assert sound.dtype == np.float32
    for i, channel in enumerate(sound):
        amplitudes, hertz = spectrum(channel)
        assert hertz[np.argmax(amplitudes)] == pytest.approx(440.0 * (1 + i), abs=1.0)
        if extension != ".oga":  # FFmpeg's encoder of Vorbis is not good
            assert amplitudes.max() == pytest.approx(0.3, rel=0.1)
    assert about_s(path) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("rate_hz", "hertz"),
    [
        (48_000, 1_000.0), (48_000, 20_000.0), (48_000, 22_500.0), (48_000, 23_500.0),
        (22_050, 1_000.0), (22_050, 9_500.0), (22_050, 10_500.0),
        (96_000, 20_000.0), (96_000, 24_000.0), (192_000, 22_500.0), (192_000, 43_000.0),
        (8_000, 3_400.0), (8_000, 3_800.0),
    ],
)  # fmt: skip
def test_no_image_and_no_alias_is_heard(tmp_path: Path, rate_hz: int, hertz: float) -> None:
    path = write(tmp_path / "a.wav", sine(hertz, 2.0, rate_hz, 0.5), rate_hz, "pcm_f32le")
    amplitudes, heard = spectrum(everything(path)[0])
    wanted = np.abs(heard - hertz) < 30
    if hertz < SAMPLE_RATE / 2:
        assert 20 * np.log10(amplitudes[wanted].max() / 0.5) == pytest.approx(0.0, abs=0.05)
    assert 20 * np.log10(amplitudes[~wanted].max() / 0.5) < -85


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_what_sounds_stays_where_it_is(tmp_path: Path, rate_hz: int) -> None:
    click = np.zeros(rate_hz)
    click[rate_hz // 2] = 0.9
    sound = everything(write(tmp_path / "a.wav", click, rate_hz, "pcm_f32le"))[0]
    assert len(sound) == SAMPLE_RATE
    assert abs(int(np.argmax(np.abs(sound))) - SAMPLE_RATE // 2) <= 1


def test_a_wav_comes_back_to_the_sample(tmp_path: Path) -> None:
    pcm = np.random.default_rng(1).integers(-30_000, 30_000, (50_001, 2)).astype("<i2")
    sound = everything(write_pcm(tmp_path / "a.wav", pcm))
    assert np.array_equal(np.rint(sound * 32_768).astype(np.int16), pcm.T)


@pytest.mark.parametrize("extension", [".flac", ".m4a", ".wav"])
def test_six_channels_are_mixed_down_to_two(tmp_path: Path, extension: str) -> None:
    six = np.stack([sine(500.0 + 300 * i, 2.0, amplitude=0.1) for i in range(6)])
    path = write(tmp_path / f"film{extension}", six, SAMPLE_RATE)
    assert len(everything(path)) == 6
    left, right = everything(path, stereo=True)
    for channel, own, other in ((left, 500.0, 800.0), (right, 800.0, 500.0)):
        amplitudes, hertz = spectrum(channel)
        at = {tone: float(amplitudes[np.abs(hertz - tone) < 5].max()) for tone in (500.0, 800.0, 1100.0)}
        assert at[own] == pytest.approx(0.1, rel=0.1)
        assert at[1100.0] == pytest.approx(0.0707, rel=0.1)
        assert at[other] < 0.003


@pytest.mark.parametrize("channels", [3, 8, 16])
def test_many_channels_are_read(tmp_path: Path, channels: int) -> None:
    pcm = np.random.default_rng(1).integers(-9_000, 9_000, (20_000, channels)).astype("<i2")
    path = write_pcm(tmp_path / "a.wav", pcm)
    assert np.array_equal(np.rint(everything(path) * 32_768).astype(np.int16), pcm.T)
    assert len(everything(path, stereo=True)) == 2


def test_channels_of_which_nothing_is_known_are_refused(tmp_path: Path) -> None:
    path = write_pcm(tmp_path / "a.wav", np.ones((20_000, 9), np.int16))
    with pytest.raises(SoundError, match="has 9 channels, and nothing says where they belong") as caught:
        everything(path, stereo=True)
    assert caught.value.hint == "export it in stereo or mono"


def test_channels_are_averaged_but_for_those_that_carry_nothing() -> None:
    assert mono_shares(np.array([1.0, 0.5]), 0.7).tolist() == [0.5, 0.5]
    assert mono_shares(np.array([1.0, 0.0]), 0.25).tolist() == [1.0, 0.0]
    assert mono_shares(np.array([1.0, 0.9]), 0.0).tolist() == [1.0, 0.0]
    assert mono_shares(np.array([0.0, 0.0]), 0.0).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [3, 100_000])
def test_what_is_no_number_is_refused(tmp_path: Path, value: float, at: int) -> None:
    sound = sine(440.0, 3.0)
    sound[at] = value
    with pytest.raises(SoundError, match=r"a\.wav is damaged at 0:0") as caught:
        everything(write(tmp_path / "a.wav", sound, SAMPLE_RATE, "pcm_f32le"))
    assert caught.value.hint == SOUND_FILE.again


def a_letter(path: Path) -> None:
    path.write_text("Dear students, breathe out. " * 500, encoding="utf-8")


def chance(path: Path) -> None:
    path.write_bytes(np.random.default_rng(1).bytes(200_000))


def a_silent_film(path: Path) -> None:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))


def no_samples(path: Path) -> None:
    write_pcm(path, np.zeros(0, np.int16))


def half_a_file(path: Path) -> None:
    write(path, sine(440.0, 8.0, 44_100), 44_100)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 13])


def bought(path: Path) -> None:
    write(path, sine(440.0, 2.0, 48_000))
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drms"))


def a_list(path: Path) -> None:
    other = write(path.with_name("other.mp3"), sine(440.0, 2.0))
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{other}\n#EXT-X-ENDLIST\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("letter.mp3", a_letter, "letter.mp3 is not a sound file that can be read"),
        ("chance.mp3", chance, "chance.mp3 (is not a sound file that can be read|is damaged at 0:00)"),
        ("chance.wav", chance, "chance.wav is not a sound file that can be read"),
        ("list.m3u8", a_list, "list.m3u8 is not a sound file that can be read"),
        ("film.mp4", a_silent_film, "film.mp4 has no sound in it"),
        ("nothing.wav", no_samples, "nothing.wav has no sound in it"),
        ("empty.ogg", Path.touch, "empty.ogg is empty"),
        ("folder.wav", Path.mkdir, "folder.wav is a folder, not a sound file"),
        ("gone.wav", lambda _: None, "there is no sound file"),
        ("half.m4a", half_a_file, "half.m4a was cut off: its end is missing"),
        ("half.wav", half_a_file, "half.wav was cut off: its end is missing"),
        ("half.flac", half_a_file, "half.flac (is damaged|was cut off) at 0:0"),
        ("half.mp3", half_a_file, "half.mp3 (is damaged|was cut off) at 0:0"),
        ("bought.m4a", bought, "bought.m4a is copy-protected, so it cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, make: Callable[[Path], None], message: str) -> None:
    make(tmp_path / name)
    with pytest.raises(SoundError, match=message) as caught:
        everything(tmp_path / name)
    assert caught.value.hint
    assert "phone" not in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(SoundError, match=r"pipe\.wav is not a sound file"):
        everything(tmp_path / "pipe.wav")


def test_it_is_said_in_the_words_of_who_asks(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="there is no recording") as caught:
        next(decoded(tmp_path / "a.wav", FileKind("recording", "again", "unlocked", "louder")))
    assert caught.value.hint == "check its name and its folder"
    (tmp_path / "a.wav").touch()
    with pytest.raises(SoundError, match="is empty") as caught:
        about_s(tmp_path / "a.wav", FileKind("recording", "again", "unlocked", "louder"))
    assert caught.value.hint == "again"


LYRICS = b"LYRICSBEGININD0000200LYR00020[00:00]hello there aa000050LYRICS200TAG" + bytes(125)


def test_a_sample_rate_that_is_nobodys_is_refused(tmp_path: Path) -> None:
    path = write_pcm(tmp_path / "slow.wav", np.ones(90_000, np.int16), 1)
    with pytest.raises(SoundError, match="has 1 samples a second"):
        everything(path)


@pytest.mark.parametrize("rest", [bytes(5_000), LYRICS, b"<html></html>" * 60], ids=["zeros", "old tags", "a page"])
def test_what_follows_the_sound_of_an_mp3_is_passed_over(tmp_path: Path, rest: bytes) -> None:
    path = write(tmp_path / "a.mp3", sine(440.0, 5.0))
    sound = everything(path)
    path.write_bytes(path.read_bytes() + rest)
    assert np.array_equal(everything(path), sound)


def test_a_hole_in_an_mp3_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", sine(440.0, 8.0))
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes(1_000) + data[middle + 1_000 :])
    with pytest.raises(SoundError, match=r"a\.mp3 is damaged at 0:04"):
        everything(path)


def counted(folder: Path, name: str, seconds: float) -> Path:
    """Write an MP3 that counts its frames, as most programs do."""
    path = folder / name
    with path.open("wb") as file:
        write_mp3(file, whole(np.rint(sine(440.0, seconds) * 9_000)), samples=round(seconds * SAMPLE_RATE))
    return path


@pytest.mark.parametrize("seed", [0, 14, 25, 35, 74])  # in all but the first something looks like frames
def test_a_picture_behind_the_last_frame_makes_an_mp3_no_shorter(tmp_path: Path, seed: int) -> None:
    path = counted(tmp_path, "a.mp3", 5.0)
    sound = everything(path)
    tag: Any = APEv2()  # type: ignore[no-untyped-call]
    tag["Cover Art (Front)"] = b"cover.jpg\0" + b"\xff\xd8\xff\xe0" + Random(seed).randbytes(90_000)
    tag.save(path)
    assert path.stat().st_size > 150_000
    read = everything(path)
    assert np.array_equal(read[:, : sound.shape[1]], sound)
    assert read.shape[1] - sound.shape[1] < 2 * FRAME, "the padding of the last frame, of which the count has told"


def test_an_mp3_that_lacks_its_end_is_told_by_its_own_count(tmp_path: Path) -> None:
    path = counted(tmp_path, "a.mp3", 8.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SoundError, match=r"a\.mp3 was cut off at 0:0[34]"):
        everything(path)


def test_mp3s_put_one_behind_the_other_are_read_to_the_end(tmp_path: Path) -> None:
    both = tmp_path / "both.mp3"
    both.write_bytes(counted(tmp_path, "a.mp3", 3.0).read_bytes() + counted(tmp_path, "b.mp3", 4.0).read_bytes())
    assert everything(both).shape[1] / SAMPLE_RATE == pytest.approx(7.0, abs=0.15)
