"""Beds, bells, breath tones and levels in finished tracks: decoded and measured."""

import json
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.loudness import STEP, integrated, lufs, measure
from calmcast.cli.main import main
from tests.conftest import TONE, Calmcast

pytestmark = pytest.mark.anywhere

S = 44_100

SCRIPT = """\
title: Waves
length: 90s
{head}
segments:
  - title: Arriving
    steps:
      - hold: 4s
      - Let the floor hold you, all of you, for as long as you like.
      - pause: 2s
      - Nothing to do here, and nowhere else to be just now.
      - pause: 2s
      - The breath comes and goes by itself, and you can leave it alone.
      - rest: {{about: 1 min, least: 45s}}
  - title: Back
    {back}
    steps:
      - When you are ready, you may come back, in your own time.
      - pause: 4s
      - Fingers and toes can begin to move a little, if they like.
      - pause: 3s
      - Take all the time that you need before you go on.
      - hold: 10s
"""

Sound = NDArray[np.float64]
Render = Callable[..., tuple[Sound, dict[str, Any]]]


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Render:
    """Render SCRIPT, a tone a word for its voice, and return its sound and its manifest; the same ones each time."""
    folder = tmp_path_factory.mktemp("waves")
    for name, text in (("voices/calm", TONE), ("scripts/waves", "")):
        (folder / name).parent.mkdir()
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    @cache
    def render(*options: str, head: str = "", back: str = "about: Coming back.") -> tuple[Sound, dict[str, Any]]:
        (folder / "scripts" / "waves.yaml").write_text(SCRIPT.format(head=head, back=back), encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("CALMCAST_STORE", str(store))
            with pytest.raises(SystemExit) as exit_:
                main(["render", "waves", *options, "-o", "waves.mp3"])
        assert not exit_.value.code
        samples, rate = soundfile.read(folder / "waves.mp3", always_2d=True)
        manifest = json.loads((folder / "waves.json").read_text(encoding="utf-8"))
        assert rate == S
        assert len(samples) == manifest["samples"]
        return samples, manifest

    return render


def windows(samples: Sound) -> list[float]:
    """Return the mean square of each 400 ms window at 100 ms steps, channels summed."""
    channels = [measure(np.rint(channel * 32_767).astype(np.int16))[0] for channel in samples.T]
    return [sum(each) for each in zip(*channels, strict=True)]


def lines(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [event for event in manifest["events"] if event["kind"] == "line"]


def speech(samples: Sound, manifest: dict[str, Any]) -> float:
    """Return the gated loudness of what is spoken. (That of a track that is nearly all bed is the bed's.)"""
    heard = windows(samples)
    spans = [(line["start"] // STEP - 3, (line["start"] + line["samples"]) // STEP + 1) for line in lines(manifest)]
    return integrated([window for first, last in spans for window in heard[max(0, first) : last]])


def middle_of_rest(manifest: dict[str, Any]) -> slice:
    """Return the seconds of the long rest in which no bed moves."""
    rest = max((event for event in manifest["events"] if event["kind"] == "rest"), key=lambda event: event["samples"])
    return slice(rest["start"] + 8 * S, rest["start"] + rest["samples"] - 8 * S)


@pytest.mark.parametrize(
    ("channels", "bed"),
    [
        *(("--mono", "rain"), ("--stereo", "rain")),
        *(pytest.param("--mono", bed, marks=pytest.mark.long) for bed in sorted({*BEDS} - {"rain"})),
        *(pytest.param("--stereo", bed, marks=pytest.mark.long) for bed in ("drone", "sea")),
    ],
)
def test_each_bed_is_as_loud_as_it_should_be_and_the_voice_too(render: Render, bed: str, channels: str) -> None:
    samples, manifest = render("--bed", bed, channels)
    voice = -19.0 if channels == "--mono" else -16.0
    assert samples.shape[1] == manifest["channels"] == (1 if channels == "--mono" else 2)
    assert speech(samples, manifest) == pytest.approx(voice, abs=0.3)
    quiet = samples[middle_of_rest(manifest)]
    assert integrated(windows(quiet)) == pytest.approx(voice - 22.0, abs=1.5)
    assert np.abs(samples).max() < 10 ** (-1.0 / 20)


def test_a_bed_dips_before_words_and_comes_back_after_them(render: Render) -> None:
    samples, manifest = render(head="bed: {sound: brown, level: -14 dB, dip: 10 dB}")
    first, second = lines(manifest)[:2]
    heard = windows(samples)
    rest = middle_of_rest(manifest)
    usual = integrated(heard[rest.start // STEP : rest.stop // STEP])
    between = (first["start"] + first["samples"] + second["start"]) // 2
    assert lufs(heard[between // STEP - 2]) == pytest.approx(usual - 10.0, abs=1.5)
    last_word = lines(manifest)[2]
    end = last_word["start"] + last_word["samples"]
    assert lufs(heard[end // STEP + 2]) < usual - 5.0
    assert integrated(heard[(end + 2 * S) // STEP : (end + 5 * S) // STEP]) == pytest.approx(usual, abs=0.7)


def test_it_comes_out_of_silence_and_goes_into_it(render: Render) -> None:
    samples, manifest = render(head="bed: {sound: brown, level: -10 dB}")
    (bed,) = manifest["beds"]
    assert (bed["start"], bed["samples"]) == (0, 90 * S)
    assert np.abs(samples[: S // 100]).max() < 0.002
    assert np.abs(samples[-S // 100 :]).max() < 0.002
    power = [float((samples[at : at + S // 2] ** 2).mean()) for at in range(0, 3 * S, S // 2)]
    assert power[0] < power[2] < power[5]


def test_one_bed_gives_way_to_another_without_a_hole(render: Render) -> None:
    samples, manifest = render(head="bed: brown", back="bed: pink")
    brown, pink = manifest["beds"]
    assert brown["start"] + brown["samples"] - pink["start"] == 6 * S
    boundary = manifest["chapters"][1]["start"]
    heard = windows(samples)
    around = heard[(boundary - 10 * S) // STEP : (boundary - S // 2) // STEP]
    assert min(map(lufs, around)) > -19.0 - 22.0 - 6.0 - 2.0


@pytest.mark.long
def test_the_second_run_gives_the_same_bytes(
    calmcast: Calmcast, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "bells: {start: soft, every: {time: 1 min, sound: tingsha}}"
    (workspace / "scripts" / "waves.yaml").write_text(SCRIPT.format(head=head, back="about: Back."), encoding="utf-8")
    for name in ("first", "second"):
        monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / name))  # with nothing in it of the run before
        assert calmcast("render", "waves", "--bed", "rain", "--stereo", "-l", "2 min", "-o", f"{name}.mp3").code == 0
    assert Path("first.mp3").read_bytes() == Path("second.mp3").read_bytes()


@pytest.mark.long
def test_another_seed_is_another_rain(render: Render) -> None:
    one, _ = render(head="bed: {sound: rain, seed: 1}")
    other, _ = render(head="bed: {sound: rain, seed: 2}")
    assert abs(float(np.corrcoef(one[:, 0], one[:, 0])[0, 1])) > 0.99
    rest = slice(40 * S, 60 * S)
    assert abs(float(np.corrcoef(one[rest, 0], other[rest, 0])[0, 1])) < 0.1


@pytest.mark.parametrize("bed", ["none", "rain", pytest.param("drone", marks=pytest.mark.long)])
def test_nothing_begins_far_over_the_half_minute_before_it(render: Render, bed: str) -> None:
    samples, manifest = render("--bed", bed, "--mono")
    heard = windows(samples)
    back = lines(manifest)[3]
    assert back["rise_db"] > 8.0
    at = (back["start"] + back["heard"][0]) // STEP
    before = max(-41.0, lufs(sum(heard[at - 304 : at - 4]) / 300))
    assert max(map(lufs, heard[at : at + 5])) <= before + 12.2
    assert speech(samples, manifest) == pytest.approx(-19.0, abs=0.3)


def test_a_part_that_is_softer_is_softer_and_the_whole_as_loud_as_ever(render: Render) -> None:
    plain, first = render("--bed", "none", "--mono")
    soft, second = render("--bed", "none", back="level: -6 dB")
    assert {line["level_db"] for line in lines(second)[3:]} == {-6.0}

    def loudness(samples: Sound, line: dict[str, Any]) -> float:
        return integrated(windows(samples[line["start"] + S : line["start"] + line["samples"]]))

    for nth, softer in ((1, 0.0), (5, -6.0)):
        difference = loudness(soft, lines(second)[nth]) - loudness(plain, lines(first)[nth])
        louder = second["gains_db"]["calm"] - first["gains_db"]["calm"]
        assert difference == pytest.approx(softer + louder, abs=0.3)
    assert integrated(windows(soft)) == pytest.approx(-19.0, abs=0.3)


BREATH = """\
title: Breath
length: 90s
segments:
  - title: Breath
    steps:
      - breathe: {{in: 4s, out: 6s, rounds: 8, tone: {tone}, say: {{in: In., out: Out.}}, voice_rounds: 2, remind: no}}
      - rest: {{about: 10s, least: 1s}}
"""


@pytest.mark.parametrize("tone", ["swell", "tones"])
def test_tones_follow_the_breath_exactly(calmcast: Calmcast, workspace: Path, tone: str) -> None:
    (workspace / "scripts" / "breath.yaml").write_text(BREATH.format(tone=tone), encoding="utf-8")
    assert calmcast("render", "breath").code == 0
    samples, _ = soundfile.read(workspace / "output" / "breath_1min30s.mp3")
    manifest = json.loads((workspace / "output" / "breath_1min30s.json").read_text(encoding="utf-8"))
    breaths = manifest["breaths"]
    assert [each["phase"] for each in breaths] == ["in", "out"] * 8
    assert {each["sound"] for each in breaths} == {tone}
    assert [(b["start"] - a["start"]) / S for a, b in pairwise(breaths)] == [4.0, 6.0] * 7 + [4.0]
    spoken_until = max(line["start"] + line["samples"] for line in lines(manifest))
    alone = [each for each in breaths if each["start"] > spoken_until]
    assert len(alone) >= 10
    for each in alone:
        part = samples[each["start"] : each["start"] + each["samples"]]
        quarter = len(part) // 4
        early, late = (float((part[at : at + quarter] ** 2).mean()) for at in (0, len(part) - quarter))
        assert (early < late) if each["phase"] == "in" else (early > late), each
    loudest = max(map(lufs, windows(samples[spoken_until + S :, None])))
    assert loudest == pytest.approx(-19.0 - 14.0, abs=1.5)
    after = breaths[-1]["start"] + breaths[-1]["samples"]
    assert np.abs(samples[after + S // 4 :]).max() < 1e-3


def test_bells_by_the_clock_at_the_ends_and_between(render: Render) -> None:
    small = "{sound: small, pitch: A5, length: 3s}"
    head = f"bells: {{start: soft, end: bowl, between: {small}, at: [{{time: 50 %, sound: wood}}]}}"
    samples, manifest = render("-l", "2 min", "--bed", "none", head=head)
    bells = [(event["sound"], event["start"]) for event in manifest["events"] if event["kind"] == "bell"]
    assert [sound for sound, _ in bells] == ["soft", "wood", "small", "bowl"]
    assert bells[0][1] == 0
    assert bells[-1][1] == 108 * S
    for _, start in bells:
        assert np.abs(samples[start : start + S // 10]).max() > 0.02
    _, without = render("-l", "2 min", "--bed", "none", "--no-bells", head=head)
    assert not [event for event in without["events"] if event["kind"] == "bell"]
    assert without["samples"] == manifest["samples"]


@pytest.mark.usefixtures("workspace")
def test_a_bed_on_the_command_line(render: Render, calmcast: Calmcast) -> None:
    _, manifest = render("--bed", "sea", head="bed: {sound: rain, level: -18 dB, dip: 3 dB}", back="bed: none")
    (bed,) = manifest["beds"]
    assert bed["name"] == "sea"
    assert max(level for _, level in bed["levels"]) == -18.0
    assert bed["samples"] < manifest["samples"]
    _, manifest = render("--bed", "none", head="bed: rain")
    assert manifest["beds"] == []
    wrong = calmcast("render", "seated-pause", "--bed", "reign")
    assert wrong.code == 2
    assert "rain" in wrong.err
    assert "there is no bed called" in wrong.err


def test_stereo_has_the_voice_in_the_middle_and_the_bed_around_it(render: Render) -> None:
    samples, manifest = render("--bed", "rain", "--stereo")
    quiet = samples[middle_of_rest(manifest)]
    assert 0.2 < float(np.asarray(np.corrcoef(quiet.T))[0, 1]) < 0.9
    line = lines(manifest)[1]
    spoken = samples[line["start"] : line["start"] + line["samples"]]
    assert float(np.asarray(np.corrcoef(spoken.T))[0, 1]) > 0.99
    assert manifest["kbps"] == 128
    _, small = render("--bed", "none", "--stereo", "--quality", "small")
    assert small["kbps"] == 96
