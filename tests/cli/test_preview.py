import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import Calmcast

S = 44_100
SCRIPT = """\
title: Waves
length: 2 min
bed: rain
segments:
  - title: Arriving
    steps:
      - Let the floor hold you, all of you, for as long as you like.
      - rest: {about: 1 min, least: 45s}
  - title: Coming back
    steps:
      - When you are ready, you may come back, in your own time.
      - pause: 4s
"""


@pytest.fixture(autouse=True)
def script(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", "none")
    (workspace / "scripts" / "waves.yaml").write_text(SCRIPT, encoding="utf-8")


def test_the_first_twenty_seconds(calmcast: Calmcast, workspace: Path) -> None:
    done = calmcast("preview", "waves")
    assert done.code == 0
    assert "0:00 to 0:20 of 2:00" in done.out
    assert "nothing here to play it with" in done.err
    samples, rate = soundfile.read(workspace / "output" / "waves_preview.wav")
    assert (len(samples), rate) == (20 * S, S)


@pytest.mark.parametrize("channels", ["--stereo", pytest.param("--mono", marks=pytest.mark.long)])
def test_it_sounds_as_in_the_whole_track(calmcast: Calmcast, channels: str) -> None:
    """The encoder takes 0.445 dB and adds a little noise; the level after the silence is that of the whole track."""
    assert calmcast("render", "waves", channels, "-o", "whole.mp3").code == 0
    manifest = json.loads(Path("whole.json").read_text(encoding="utf-8"))
    start = manifest["chapters"][1]["start"]
    done = calmcast("preview", "waves", channels, "--segment", "coming back", "--for", "6s", "--json")
    assert done.json == {
        "path": str(Path("output") / "waves_preview.wav"),
        "start_s": pytest.approx(start / S),
        "length_s": 6.0,
    }
    part, _ = soundfile.read("output/waves_preview.wav", always_2d=True)
    whole, _ = soundfile.read("whole.mp3", always_2d=True)
    expected = whole[start : start + 6 * S] * 10 ** (0.445 / 20)
    assert part.shape == expected.shape
    noise = float(((part - expected) ** 2).mean())
    assert 10 * np.log10(float((part**2).mean()) / noise) > 10
    assert float((part**2).mean() / (expected**2).mean()) == pytest.approx(1.0, abs=0.05)
    assert manifest["events"][2]["rise_db"] > 6


def test_a_whole_segment_and_a_part_of_it(calmcast: Calmcast) -> None:
    whole = calmcast("preview", "waves", "-s", "Arriving", "--json").json
    assert whole["start_s"] == 0
    assert whole["length_s"] > 60
    part = calmcast("preview", "waves", "-s", "Arriving", "-l", "3", "--from", "10s", "--for", "5s", "--json").json
    assert (part["start_s"], part["length_s"]) == (10.0, 5.0)
    last = calmcast("preview", "waves", "--from", "1:55", "--json").json
    assert (last["start_s"], last["length_s"]) == (115.0, 5.0)


@pytest.mark.parametrize("beginning", ["0", "0s", "0:00"])
def test_from_nothing_is_from_the_beginning(calmcast: Calmcast, beginning: str) -> None:
    part = calmcast("preview", "waves", "-s", "Coming back", "--from", beginning, "--for", "2s", "--json").json
    assert part["start_s"] > 60
    part = calmcast("preview", "waves", "--from", beginning, "--for", "2s", "--json").json
    assert (part["start_s"], part["length_s"]) == (0.0, 2.0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "9:00"), "the track ends at 2:00"),
        (("-s", "arivving"), "did you mean `Arriving`?"),
        (("-s", "xyz"), "there is: Arriving, Coming back"),
        (("--from", "soon"), "`soon` is not a time"),
        (("-o", "a.mp3"), "a preview is a .wav file"),
        (("--for", "0s"), "0"),
    ],
)
def test_what_cannot_be(calmcast: Calmcast, options: tuple[str, ...], said: str) -> None:
    done = calmcast("preview", "waves", *options)
    assert done.code == 2
    assert said in done.err


def test_a_bed_on_the_command_line_and_a_file_of_ones_own(calmcast: Calmcast) -> None:
    for bed in ("rain", "none"):
        assert calmcast("preview", "waves", "--bed", bed, "--from", "40s", "--for", "5s", "-o", f"{bed}.wav").code == 0
    assert np.abs(soundfile.read("rain.wav")[0]).max() > 0.005
    assert not soundfile.read("none.wav")[0].any()
