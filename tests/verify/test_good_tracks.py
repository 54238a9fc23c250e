"""In tracks as they should be, nothing is found: whatever sounds in them, in one channel and in two."""

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import BELLS
from calmcast.verify.verify import verify
from tests.conftest import TONE, Calmcast
from tests.verify.conftest import Render
from tests.verify.tracks import SCRIPT, manifest_of

pytestmark = pytest.mark.anywhere

BREATHS = """\
title: Breath
length: 1 min
segments:
  - title: Breath
    steps:
      - breathe: {{in: 4s, out: 6s, rounds: 4, tone: {tone}, say: {{in: Breathe in., out: And out.}}, remind: no}}
      - rest: {{about: 10s, least: 1s}}
"""


def assert_good(track: Path) -> None:
    assert [(finding.name, finding.found, finding.at) for finding in verify(track).faults] == []


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--stereo",),
        ("--quality", "small"),
        ("--stereo", "--quality", "small", "--bed", "rain"),
        ("--no-bells",),
        pytest.param(("-l", "5 min", "--bed", "sea", "--stereo"), marks=pytest.mark.long),
    ],
    ids=" ".join,
)
def test_every_form(render: Render, options: tuple[str, ...]) -> None:
    assert_good(render(*options))


@pytest.mark.parametrize(
    "bed", ["rain", "sea", *(pytest.param(bed, marks=pytest.mark.long) for bed in sorted({*BEDS} - {"rain", "sea"}))]
)
def test_every_bed(render: Render, bed: str) -> None:
    assert_good(render("--bed", bed))


@pytest.mark.parametrize("bed", ["{sound: brown, level: -40 dB}", "{sound: stream, level: -12 dB, dip: 0 dB}"])
def test_beds_soft_and_loud(render: Render, bed: str) -> None:
    assert_good(render(script=f"{SCRIPT}bed: {bed}\n"))


def test_a_bed_that_another_takes_over_from(render: Render) -> None:
    assert_good(render(script=f"{SCRIPT}    bed: pink\nbed: brown\n"))


@pytest.mark.parametrize(
    ("bell", "bed"),
    [
        pytest.param(bell, bed, marks=[pytest.mark.long] * ((nth + over) % 2))
        for nth, bell in enumerate(BELLS)
        for over, bed in enumerate(["none", "pink"])
    ],
)
def test_bells_that_ring_on_under_words(render: Render, bell: str, bed: str) -> None:
    bells = f"{{start: {bell}, end: {bell}, between: {bell}, every: {{time: 13s, sound: {bell}}}}}"
    soft, loud = f"{{sound: {bell}, wait: no, level: -6 dB}}", f"{{sound: {bell}, wait: no, level: 6 dB}}"
    script = SCRIPT.replace("- bell: soft", f"- bell: {soft}").replace("- bell: bowl", f"- bell: {loud}")
    assert_good(render("--bed", bed, "-l", "2 min", script=f"{script}bells: {bells}\n"))


@pytest.mark.parametrize(
    ("tone", "options"),
    [
        pytest.param(tone, options, marks=[pytest.mark.long] * ((nth + over) % 2))
        for nth, tone in enumerate(["tones", "swell", "{sound: swell, level: -4 dB}", "{sound: tones, level: -30 dB}"])
        for over, options in enumerate([(), ("--stereo", "--bed", "night")])
    ],
)
def test_breath_tones(render: Render, tone: str, options: tuple[str, ...]) -> None:
    assert_good(render(*options, script=BREATHS.format(tone=tone)))


@pytest.mark.parametrize(
    "steps",
    [
        "[{bell: bowl}, {rest: 10s}]",
        "[{hold: 1s}]",
        "[In.]",
        "['Hello. [3s] That was a silence.', {rest: 10s}]",
        "[" + "{say: Let it be., level: -6 dB}, {pause: 1s}, Let it be once more., {pause: 1s}, " * 8 + "{rest: 1s}]",
    ],
)
def test_few_words_and_many(render: Render, steps: str) -> None:
    assert_good(render(script=f"title: A rest\nsegments:\n- {{title: One, steps: {steps}}}\n"))


def test_a_long_title(render: Render) -> None:
    assert_good(render(script=f"title: {'A rest ' * 30}\nsegments:\n- {{title: One, steps: [Rest., hold: 1s]}}\n"))


def test_a_voice_that_is_louder_than_others_by_design(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "voices" / "loud.yaml").write_text(f"{TONE}level: 3 dB\n", encoding="utf-8")
    (workspace / "scripts" / "two.yaml").write_text(f"{SCRIPT}    voice: loud\n", encoding="utf-8")
    assert calmcast("render", "two", "-o", "two.mp3").code == 0
    assert manifest_of(Path("two.mp3")).own_db == {"loud": 3.0}
    assert_good(Path("two.mp3"))


@pytest.mark.parametrize("bed", ["level: -8 dB, dip: 0 dB", pytest.param("level: -18 dB", marks=pytest.mark.long)])
def test_a_bed_and_a_bell_of_ones_own(calmcast: Calmcast, workspace: Path, bed: str) -> None:
    """Music comes and goes, and nobody knows how a bell from a file dies away."""
    random, time = np.random.default_rng(3), np.arange(30 * 44_100) / 44_100
    music = np.zeros(len(time))
    for _ in range(25):
        start, lasts = int(random.integers(0, 26 * 44_100)), int(random.integers(44_100, 4 * 44_100))
        note = np.sin(2 * np.pi * random.choice([220, 247, 294, 330, 440]) * time[:lasts]) * np.exp(-1.5 * time[:lasts])
        music[start : start + lasts] += 10 ** (random.uniform(-30, -8) / 20) * note * np.clip(time[:lasts] / 0.01, 0, 1)
    gong = 0.5 * np.sin(2 * np.pi * 150 * time[: 4 * 44_100]) * np.exp(-time[: 4 * 44_100])
    (workspace / "music").mkdir()
    wav(workspace / "music" / "guitar.wav", music)
    wav(workspace / "music" / "gong.wav", gong * np.clip(time[: 4 * 44_100] / 0.003, 0, 1))
    more = f"bells: {{end: {{file: music/gong.wav}}}}\nbed: {{file: music/guitar.wav, {bed}}}\n"
    (workspace / "scripts" / "own.yaml").write_text(SCRIPT + more, encoding="utf-8")
    assert calmcast("render", "own", "-o", "own.mp3").code == 0
    assert_good(Path("own.mp3"))


def wav(path: Path, samples: NDArray[np.float64]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", "NONE"))
        file.writeframes(np.rint(samples.clip(-1, 1) * 32_767).astype("<i2").tobytes())
