"""Recordings of every kind come out as the same samples at the same places, or are refused in plain words."""

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from calmcast.errors import SoundError
from calmcast.takes.cut import islands
from calmcast.takes.reading import blocks, listen, samples_between, samples_of
from calmcast.units import SAMPLE_RATE

from .sounds import CODECS, read, spoken, write

OPUS_AT = (".ogg", 44_100)
"""What the format does not have."""
LINE = read([1.0, spoken(1, 1.0), 1.5, spoken(2, 0.8), 0.7])


def everything(path: Path) -> "np.typing.NDArray[np.float32]":
    return np.concatenate([*blocks(path)])


KINDS = [
    (extension, rate_hz) for extension in CODECS for rate_hz in (44_100, 48_000) if (extension, rate_hz) != OPUS_AT
]


@pytest.mark.parametrize(("extension", "rate_hz"), KINDS)
def test_every_format_is_read_and_sounds_stay_where_they_are(tmp_path: Path, extension: str, rate_hz: int) -> None:
    path = write(tmp_path / f"Süße Aufnahme{extension}", LINE, rate_hz)
    heard = listen(path)
    assert heard.samples == pytest.approx(len(LINE) * SAMPLE_RATE / rate_hz, abs=3000)
    found = islands(heard)
    scale = SAMPLE_RATE / rate_hz
    assert [i.start for i in found] == pytest.approx([44_100 * scale, 154_350 * scale], abs=2500)


def test_a_wav_comes_back_to_the_sample(tmp_path: Path) -> None:
    sound = everything(write(tmp_path / "a.wav", LINE))
    assert len(sound) == len(LINE)
    assert np.abs(sound - LINE).max() < 1e-4


@pytest.mark.parametrize("extension", CODECS)
def test_a_stretch_is_the_same_however_it_is_asked_for(tmp_path: Path, extension: str) -> None:
    path = write(tmp_path / f"a{extension}", LINE, 48_000)
    sound = everything(path)
    spans = [(10, 5_000), (5_000, 5_001), (50_000, 120_003), (130_000, 190_000)]
    for (start, end), together in zip(spans, samples_of(path, spans), strict=True):
        assert np.array_equal(together, sound[start:end])
        assert np.array_equal(samples_between(path, start, end), sound[start:end])


def test_more_than_there_is_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", LINE)
    with pytest.raises(SoundError, match=r"ends at 0:05, before a line"):
        samples_between(path, 1000, len(LINE) + 1)
    with pytest.raises(ValueError, match="no span"):
        samples_between(path, 5, 5)


def test_channels_are_averaged(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.stack([LINE, LINE / 2]))
    assert np.abs(everything(path) - LINE * 0.75).max() < 1e-4


@pytest.mark.parametrize("channels", [(1.0, 0.0), (0.0, 1.0), (1.0, 0.001)])
def test_a_channel_that_carries_nothing_is_left_out(tmp_path: Path, channels: tuple[float, float]) -> None:
    path = write(tmp_path / "a.wav", np.stack([LINE * share for share in channels]))
    assert np.abs(everything(path) - LINE).max() < 1e-4


def test_channels_that_cancel_each_other_are_heard(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.stack([LINE, -LINE]))
    assert np.abs(np.abs(everything(path)) - np.abs(LINE)).max() < 1e-4


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.m4a").touch()
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 40)
    (tmp_path / "folder.wav").mkdir()
    for name, message in {
        "empty.m4a": "empty.m4a is empty",
        "letter.docx": "letter.docx is not a recording that can be read",
        "folder.wav": "folder.wav is a folder, not a recording",
        "gone.wav": "there is no recording",
    }.items():
        with pytest.raises(SoundError, match=message) as caught:
            listen(tmp_path / name)
        assert caught.value.hint


def test_a_picture_and_a_film_without_sound_are_refused(tmp_path: Path) -> None:
    import av

    path = tmp_path / "silent film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))
    with pytest.raises(SoundError, match=r"silent film\.mp4 has no sound in it"):
        listen(path)


def test_a_file_that_holds_no_samples_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
    with pytest.raises(SoundError, match="has no sound in it"):
        listen(tmp_path / "a.wav")


@pytest.mark.parametrize("extension", [".m4a", ".wav", ".flac"])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, extension: str) -> None:
    path = write(tmp_path / f"a{extension}", np.tile(LINE, 4))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(SoundError, match=r"cut off|damaged") as caught:
        listen(path)
    assert "from the phone again" in str(caught.value.hint)


def test_a_locked_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "bought.m4a", LINE)
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drms"))
    with pytest.raises(SoundError, match=r"bought\.m4a is copy-protected"):
        listen(path)


def test_a_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "a.wav", LINE)
    (tmp_path / "list.m4a").write_text(f"ffconcat version 1.0\nfile {tmp_path / 'a.wav'}\n", encoding="utf-8")
    with pytest.raises(SoundError):
        listen(tmp_path / "list.m4a")


@pytest.mark.real
@pytest.mark.long
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process's memory this way")
def test_an_hour_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        for _ in range(720):
            file.writeframes(np.rint(LINE * 32_767).astype("<i2").tobytes())
    program = (
        "import re, sys; from pathlib import Path; from calmcast.takes.reading import listen\n"
        "assert listen(Path(sys.argv[1])).samples > 3590 * 44100\n"
        "print(re.search(r'VmHWM:\\s*([0-9]+) kB', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=True, text=True)
    assert int(done.stdout) < 250_000
