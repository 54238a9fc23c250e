"""What can sound besides the voice, listed and heard."""

import wave
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import pytest

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import BELLS
from calmcast.audio.loudness import integrated, lufs, measure
from calmcast.audio.ring import ring
from calmcast.cli.sounds import try_
from calmcast.model.sound import BREATHS
from calmcast.units import SAMPLE_RATE
from tests.audio.test_player import player
from tests.conftest import Calmcast

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", "none")


def samples(path: Path) -> "NDArray[np.int16]":
    """Return what a WAV file sounds like, shape (samples, channels)."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (SAMPLE_RATE, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())


def tried(calmcast: Calmcast, *arguments: str) -> "NDArray[np.int16]":
    """Return what `sounds try` keeps of a sound."""
    run = calmcast("sounds", "try", *arguments, "--output", "heard.wav", "--quiet")
    assert run.code == 0, run.err
    assert run.err == ""
    return samples(Path("heard.wav"))


def test_all_that_can_sound_is_listed(calmcast: Calmcast, workspace: Path) -> None:
    shown = calmcast("sounds").out
    for name in (*BELLS, *BEDS, *BREATHS):
        assert f"\n{name} " in shown
    assert "soft     8 s     A3 to A5  a small bowl" in shown
    assert "drone   yes  a warm low chord" in shown
    assert "rain         steady fine rain" in shown
    assert "calmcast sounds try" in shown
    found = calmcast("sounds", "--json").json
    assert [bell["name"] for bell in found["bells"]] == list(BELLS)
    assert found["bells"][1] == {
        "name": "bowl",
        "about": BELLS["bowl"].about,
        "length_s": 12.0,
        "pitch": ["A2", "A4"],
        "lengths_s": [3.0, 60.0],
    }
    assert [bed["name"] for bed in found["beds"] if bed["key"]] == ["drone", "pad"]
    assert found["breath_tones"] == [{"name": name, "about": about} for name, about in BREATHS.items()]


def test_how_a_sound_is_used_is_what_a_script_takes(calmcast: Calmcast, workspace: Path) -> None:
    lines = calmcast("sounds").out.splitlines()
    steps = [line[line.index("- ") :] for line in lines if "- bell:" in line or "- breathe:" in line]
    (bed,) = (line[line.index("bed: ") :] for line in lines if "at the top" in line)
    assert len(steps) == 2
    script = f"title: A\n{bed}\nsegments:\n- title: A\n  steps:\n" + "".join(f"  {step}\n" for step in steps)
    (workspace / "scripts" / "a.yaml").write_text(script, encoding="utf-8")
    assert "1 script: 0 errors" in calmcast("check", "a").out


def test_a_bell_rings_once_at_its_level(calmcast: Calmcast, workspace: Path) -> None:
    assert (tried(calmcast, "soft")[:, 0] == ring("soft")).all()
    assert (tried(calmcast, "bowl", "--pitch", "a3", "--length", "20s")[:, 0] == ring("bowl", "A3", 882_000)).all()


def test_some_of_a_bed(calmcast: Calmcast, workspace: Path) -> None:
    heard = tried(calmcast, "rain")
    assert heard.shape == (20 * SAMPLE_RATE, 1)
    assert integrated(measure(heard[:, 0])[0]) == pytest.approx(-30.0, abs=1.0)
    assert np.abs(heard[:10]).max() <= 1
    assert np.abs(heard[-10:]).max() <= 1
    pair = tried(calmcast, "rain", "--for", "12s", "--seed", "3", "--stereo")
    assert pair.shape == (12 * SAMPLE_RATE, 2)
    assert 0.3 < np.corrcoef(pair[:, 0], pair[:, 1])[0, 1] < 0.95
    again = tried(calmcast, "rain", "--for", "12s", "--seed", "3", "--mono")
    assert abs(np.corrcoef(again[:, 0], heard[: 12 * SAMPLE_RATE, 0])[0, 1]) < 0.1
    assert np.corrcoef(again[:, 0], pair.mean(axis=1))[0, 1] > 0.99


@pytest.mark.parametrize("name", ["drone", "tones"])
def test_a_key_is_heard(calmcast: Calmcast, workspace: Path, name: str) -> None:
    low, high = (tried(calmcast, name, "--key", key)[:, 0].astype(float) for key in ("e", "Bb"))
    at = [np.abs(np.fft.rfft(sound[: 4 * SAMPLE_RATE])).argmax() for sound in (low, high)]
    assert at[1] / at[0] == pytest.approx(2 ** (6 / 12), abs=0.01)


def test_two_breaths_of_a_breath_tone(calmcast: Calmcast, workspace: Path) -> None:
    heard = tried(calmcast, "swell")[:, 0]
    assert len(heard) == 20 * SAMPLE_RATE
    seconds = np.square(heard.astype(float)).reshape(-1, SAMPLE_RATE).mean(axis=1)
    assert seconds[3] > 4 * max(seconds[0], seconds[9], seconds[10])
    assert seconds[13] > 4 * max(seconds[10], seconds[19])
    assert lufs(max(measure(heard)[0])) == pytest.approx(-27.0, abs=1.0)


def test_a_sound_file_is_heard_where_it_begins_anew(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "music").mkdir()
    noise = np.random.default_rng(1).standard_normal(30 * SAMPLE_RATE) * 3_000
    for name in ("music/mine.wav", "soft.wav"):
        with wave.open(str(workspace / name), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes(noise.astype("<i2").tobytes())
    run = calmcast("sounds", "try", "music/mine.wav")
    assert run.code == 0, run.err
    assert "mine.wav, 10.0 s: it begins anew after 5.0 s" in run.out
    heard = samples(workspace / "output" / "sounds" / "mine.wav")
    assert heard.shape == (10 * SAMPLE_RATE, 1)
    assert integrated(measure(heard[:, 0])[0]) == pytest.approx(-30.0, abs=1.0)
    assert tried(calmcast, "soft.wav", "--for", "4s", "--stereo").shape == (4 * SAMPLE_RATE, 2)


def test_a_sound_file_is_found_from_elsewhere_as_a_script_names_it(
    calmcast: Calmcast, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wave.open(str(workspace / "mine.wav"), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes((np.random.default_rng(1).standard_normal(4 * SAMPLE_RATE) * 3_000).astype("<i2").tobytes())
    monkeypatch.chdir(tmp_path)
    run = calmcast("-w", workspace, "sounds", "try", "mine.wav", "--for", "2s")
    assert run.code == 0, run.err
    assert (workspace / "output" / "sounds" / "mine.wav").is_file()


def test_what_is_played_is_not_kept(
    calmcast: Calmcast, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "copied.wav"
    script = f"import shutil; shutil.copy(path, {str(copied)!r}); time.sleep(0.6)"
    monkeypatch.setenv("CALMCAST_PLAYER", player(tmp_path, script))
    run = calmcast("sounds", "try", "wood")
    assert (run.out, run.err) == ("wood, 0.5 s\n", "")
    assert (samples(copied)[:, 0] == ring("wood")).all()
    assert not Path((tmp_path / "heard").read_text()).exists()
    assert not (workspace / "output").exists()
    run = calmcast("sounds", "try", "wood", "-o", "wood.wav")
    assert run.out == "wood, 0.5 s: wood.wav\n"
    assert (tmp_path / "heard").read_text() == str(workspace / "wood.wav")


def test_what_nothing_can_play_is_kept(calmcast: Calmcast, workspace: Path) -> None:
    run = calmcast("sounds", "try", "wood")
    assert run.code == 0
    assert (workspace / "output" / "sounds" / "wood.wav").is_file()
    assert str(Path("output", "sounds", "wood.wav")) in run.out
    assert "Nothing here plays sound aloud: open the file above." in run.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("rain", "--pitch", "A3"), "--pitch does not go with `rain`: it is for bells"),
        (("swell", "--length", "20s"), "--length does not go with `swell`: it is for bells"),
        (("bowl", "--for", "20s"), "--for does not go with `bowl`: it is for beds and sound files"),
        (("rain", "--key", "D"), "--key does not go with `rain`: it is for beds in a key and breath tones"),
        (("mine.wav", "--key", "D"), "--key does not go with `mine.wav`: it is for beds in a key and breath tones"),
        (("tones", "--seed", "2"), "--seed does not go with `tones`: it is for beds"),
        (("bowl", "--mono"), "--stereo/--mono does not go with `bowl`: it is for beds and sound files"),
        (("bowl", "--pitch", "A5"), "the bell `bowl` cannot ring at A5; choose a pitch from A2"),
        (("bowl", "--pitch", "loud"), "`loud` is not a pitch; write a note such as A3"),
        (("bowl", "--length", "1s"), "the bell `bowl` cannot ring for 1 s; choose a length from 3 s to 1 min"),
        (("drone", "--key", "H"), "`H` is not a key; write a note from A to G"),
        (("rain", "--seed", "two"), "`two` is not a whole number"),
        (("rain", "--for", "0.5s"), "--for goes from 1 s to 1 h"),
        (("rain", "--for", "2h"), "--for goes from 1 s to 1 h"),
        (("rain", "-o", "rain.mp3"), "the sound is kept as a .wav file"),
    ],
)
def test_what_does_not_belong_is_refused(
    calmcast: Calmcast, workspace: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    run = calmcast("sounds", "try", *arguments)
    assert run.code == 2
    assert sentence in run.err
    assert sorted(path.name for path in workspace.iterdir()) == ["scripts", "voices"]


@pytest.mark.parametrize(
    ("name", "sentence", "hint"),
    [
        ("rian", "there is no sound called `rian`", "did you mean `rain`?"),
        ("SWEL", "there is no sound called `SWEL`", "did you mean `swell`?"),
        ("zwirl", "there is no sound called `zwirl`", "calmcast sounds lists what there is"),
        ("zwirl.wav", "there is no sound file zwirl.wav", "check its name"),
    ],
)
def test_an_unknown_sound_is_answered_with_a_hint(
    calmcast: Calmcast, workspace: Path, name: str, sentence: str, hint: str
) -> None:
    run = calmcast("sounds", "try", name)
    assert run.code == 5
    assert sentence in run.err
    assert hint in run.err


def test_a_name_may_be_written_large(calmcast: Calmcast, workspace: Path) -> None:
    assert (tried(calmcast, "Wood")[:, 0] == ring("wood")).all()


def test_names_complete() -> None:
    name, context = try_.params[0], click.Context(try_)
    assert [item.value for item in name.type.shell_complete(context, name, "s")] == [
        "soft",
        "small",
        "sea",
        "stream",
        "swell",
    ]
    (file,) = name.type.shell_complete(context, name, "music/")
    assert (file.value, file.type) == ("music/", "file")
