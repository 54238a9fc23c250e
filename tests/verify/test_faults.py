"""Faults planted in real tracks: each is found by the finding that is meant for it, and by no other without reason."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from calmcast.model.manifest import Event, Manifest
from calmcast.units import gain
from calmcast.verify.findings import MOST
from calmcast.verify.verify import Verified, verify
from tests.verify.conftest import Render
from tests.verify.tracks import Fault, Sound, changed, manifest_of, off, places, samples, sound_of

pytestmark = pytest.mark.anywhere

HISS = np.random.default_rng(1).normal(0, 1, (samples(60), 1))
MONO, RAIN, WIND = (), ("--bed", "rain"), ("--bed", "wind", "--stereo")
SPEECH = "loudness of the speech"
CAPTIONS = {"captions (.vtt)", "captions (.lrc)"}
THIRD = "“Nothing here has to be right, and there is nothing at all…”"

Where = Callable[[Manifest], Event]
Planted = Callable[[str], Verified]


def line(nth: int) -> Where:
    return lambda manifest: manifest.lines[nth]


def bell(nth: int) -> Where:
    return lambda manifest: manifest.bells[nth]


def rest(manifest: Manifest) -> Event:
    return max((event for event in manifest.events if event.kind == "rest"), key=lambda event: event.samples)


def louder(decibels: float, where: Where | None = None, *, clip: bool = False) -> Fault:
    """Return the fault that changes the level of an event, or of the whole track, and may cut it off at full scale."""

    def fault(manifest: Manifest, sound: Sound) -> Sound:
        event = where(manifest) if where else None
        sound[slice(event.start, event.end) if event else slice(None)] *= gain(decibels)
        return sound.clip(-1, 1) if clip else sound

    return fault


def gone(where: Where, first: float = 0.0) -> Fault:
    """Return the fault that puts what is heard in the long rest in place of an event, from a share of it on."""

    def fault(manifest: Manifest, sound: Sound) -> Sound:
        event, quiet = where(manifest), rest(manifest).start + samples(1)
        start = event.start + round(first * event.samples)
        sound[start : event.end] = sound[quiet : quiet + event.end - start].copy()
        return sound

    return fault


def late(nth: int, seconds: float) -> Fault:
    """Return the fault that has a line sound later, or earlier."""

    def fault(manifest: Manifest, sound: Sound) -> Sound:
        event, by = manifest.lines[nth], samples(seconds)
        words = sound[event.start : event.end].copy()
        sound = gone(line(nth))(manifest, sound)
        sound[event.start + by : event.end + by] = words
        return sound

    return fault


def twice(nth: int) -> Fault:
    """Return the fault that has a line sound once more, in the long rest."""

    def fault(manifest: Manifest, sound: Sound) -> Sound:
        event, again = manifest.lines[nth], rest(manifest).start + samples(3)
        sound[again : again + event.samples] += sound[event.start : event.end]
        return sound

    return fault


def cut_out(where: Where, seconds: float) -> Fault:
    """Return the fault that cuts so much out of an event, from its middle on."""

    def fault(manifest: Manifest, sound: Sound) -> Sound:
        event = where(manifest)
        first = event.start + event.samples // 2
        return np.delete(sound, slice(first, first + samples(seconds)), axis=0)

    return fault


def put_in(where: Where, seconds: float) -> Fault:
    """Return the fault that puts silence into the middle of an event."""

    def fault(manifest: Manifest, sound: Sound) -> Sound:
        event = where(manifest)
        return np.insert(sound, event.start + event.samples // 2, np.zeros((samples(seconds), 1)), axis=0)

    return fault


def in_rest(factor: float, lasts: float, hiss: float | None = None) -> Fault:
    """Return the fault that scales a while of the long rest, 4 s after its beginning, and adds hiss of so many dBFS."""

    def fault(manifest: Manifest, sound: Sound) -> Sound:
        first = rest(manifest).start + samples(4)
        sound[first : first + samples(lasts)] *= factor
        sound[first : first + samples(lasts)] += HISS[: samples(lasts)] * (gain(hiss) if hiss else 0.0)
        return sound

    return fault


def bumped(manifest: Manifest, sound: Sound) -> Sound:
    """Put a smooth bump of nearly full scale into a line."""
    first = manifest.lines[2].start + manifest.lines[2].samples // 2
    sound[first : first + 880] = (0.96 * np.hanning(880) * np.sin(np.arange(880) * 0.1))[:, None]
    return sound


def without_tones(manifest: Manifest, sound: Sound) -> Sound:
    """Silence breaths, but for the words over them."""
    for breath in manifest.breaths:
        if not any(line.start < breath.end and line.end > breath.start for line in manifest.lines):
            sound[breath.start : breath.end] = 0.0
    return sound


def one_side(manifest: Manifest, sound: Sound) -> Sound:
    sound[:, 1] = 0.0
    return sound


def turned(manifest: Manifest, sound: Sound) -> Sound:
    """Cut a second out of one silence, and put one into another: the length is as it should be."""
    return put_in(lambda m: m.lines[-1], 1.0)(manifest, cut_out(rest, 1.0)(manifest, sound))


PLANTED: dict[str, tuple[tuple[str, ...], Fault, set[str]]] = {
    "a second cut out of words": (MONO, cut_out(line(2), 1.0), {"length", "lines"}),
    "a second cut out of a rest": (RAIN, cut_out(rest, 1.0), {"length"}),
    "a second put into words": (MONO, put_in(line(2), 1.0), {"length"}),
    "a second put into a rest": (MONO, put_in(rest, 1.0), {"length"}),
    "a second put into a rest over rain": (RAIN, put_in(rest, 1.0), {"length"}),
    "the end cut off": (WIND, lambda _, sound: sound[: -samples(2)], {"length"}),
    "a second cut out and put in elsewhere": (MONO, turned, {"lines", "other sounds", *CAPTIONS}),
    "padded": (RAIN, lambda _, sound: np.pad(sound, ((0, 1_000), (0, 0))), {"length"}),
    "1.5 dB softer": (MONO, louder(-1.5), {SPEECH}),
    "1.5 dB louder": (RAIN, louder(1.5), {SPEECH}),
    "1.5 dB louder, in two channels": (WIND, louder(1.5), {SPEECH}),
    "a line 1.5 dB softer": (MONO, louder(-1.5, line(2)), {"lines"}),
    "a line 1.5 dB louder": (RAIN, louder(1.5, line(2)), {"lines"}),
    "a line 1.5 dB louder, in two channels": (WIND, louder(1.5, line(1)), {"lines"}),
    "clipped": (RAIN, louder(30, line(2), clip=True), {SPEECH, "true peak", "clipping", "lines"}),
    "a peak": (MONO, bumped, {"true peak"}),
    "a line dropped": (MONO, gone(line(2)), {"lines"}),
    "a line dropped over rain": (RAIN, gone(line(2)), {"lines"}),
    "half a line dropped": (MONO, gone(line(2), 0.5), {"lines"}),
    "a line doubled": (MONO, twice(2), {"other sounds"}),
    "a line doubled over wind": (WIND, twice(0), {"other sounds"}),
    "a line late": (MONO, late(2, 0.3), {"lines", "other sounds", *CAPTIONS}),
    "a line early": (RAIN, late(1, -0.3), {"lines", "other sounds", *CAPTIONS}),
    "a bell missing": (MONO, gone(bell(1)), {"bells"}),
    "a bell missing over rain": (RAIN, gone(bell(0)), {"bells"}),
    "a bell too soft": (MONO, louder(-6, bell(1)), {"bells"}),
    "breaths without their tone": (MONO, without_tones, {"breath tones"}),
    "a noise in a rest": (MONO, in_rest(1.0, 0.1, -45), {"other sounds"}),
    "a noise over rain": (RAIN, in_rest(1.0, 0.2, -28), {"other sounds"}),
    "a hole in a bed": (RAIN, in_rest(0.0, 0.1), {"silence"}),
    "a bed that falls": (WIND, in_rest(0.15, 2.0), {"silence"}),
    "one channel dead": (WIND, one_side, {SPEECH, "level of the bed"}),
}
AGAIN = {
    "a second put into a rest over rain",
    "1.5 dB louder, in two channels",
    "a line 1.5 dB louder, in two channels",
    "a line doubled over wind",
    "a bell missing over rain",
}
"""Those that are planted in a plainer track, too."""


@pytest.fixture(scope="module")
def planted(render: Render, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Plant a fault, and return what is found; each fault is planted once."""

    @cache
    def planted(name: str) -> Verified:
        options, fault, _ = PLANTED[name]
        return verify(changed(render(*options), tmp_path_factory.mktemp("planted"), fault))

    return planted


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.long] * (name in AGAIN)) for name in PLANTED])
def test_a_fault_in_the_sound(planted: Planted, name: str) -> None:
    verified = planted(name)
    _, _, names = PLANTED[name]
    # Speech may be half a step of gain from its level: with a louder line, all together may be too loud as well.
    assert off(verified).keys() - ({SPEECH} if names == {"lines"} else set()) == names, verified.faults


@pytest.mark.real
def test_a_line_that_the_limiter_holds_down_is_held_to_its_level_too(tmp_path: Path, render: Render) -> None:
    """It may have lost some by that, and by nothing else."""
    others = "{pause: 2s}, Let the floor hold you., Let the back be wide., And let the arms be long., {rest: 5s}"
    steps = f"[{{say: Low and high are both right., level: 3 dB}}, {others}]"
    track = render("--voice", "plain", script=f"title: Loud\nlength: 20s\nsegments: [{{title: One, steps: {steps}}}]\n")
    first = manifest_of(track).lines[0]
    assert np.abs(sound_of(track)[first.start : first.end]).max() > gain(-2.2)
    assert off(verify(track)) == {}
    assert "lines" in off(verify(changed(track, tmp_path, louder(-1.5, line(0)))))


@pytest.mark.parametrize(
    ("fault", "name", "found"),
    [
        ("a line dropped", "lines", f"{THIRD} is not there"),
        ("half a line dropped", "lines", f"{THIRD} ends 2.8"),
        ("a line 1.5 dB softer", "lines", f"{THIRD} is 1.5 LU softer than it should be"),
        ("a line late", "lines", f"{THIRD} begins 0.30 s late"),
        ("a peak", "true peak", "-0."),
        ("clipped", "clipping", "the sound is cut off at full scale"),
    ],
)
def test_it_says_what_is_wrong_with_a_line_and_where(
    planted: Planted, render: Render, fault: str, name: str, found: str
) -> None:
    verified = planted(fault)
    third = manifest_of(render(*PLANTED[fault][0])).lines[2]
    assert off(verified)[name].startswith(found)
    assert third.start_s <= places(verified, name)[0] < third.start_s + third.length_s


def test_it_says_where_a_track_was_cut(planted: Planted, render: Render) -> None:
    verified, manifest = planted("a second cut out of words"), manifest_of(render())
    assert off(verified)["length"] == f"{manifest.samples - 44_100} samples: 1.0 s too short (44100 samples)"
    third = manifest.lines[2]
    middle, (place, *_) = third.start_s + third.length_s / 2, places(verified, "length")
    assert middle - 0.1 < place < third.start_s + third.length_s + 0.1


def test_it_says_by_how_much_the_voice_and_a_bell_are_off(planted: Planted, render: Render) -> None:
    found = re.fullmatch(r"(-[0-9.]+) LUFS", off(planted("1.5 dB softer"))[SPEECH])
    assert found
    assert float(found[1]) == pytest.approx(-20.5, abs=0.3)
    verified = planted("a bell too soft")
    assert off(verified)["bells"] == "the bell bowl is 6 LU softer than it should be"
    assert places(verified, "bells") == [manifest_of(render()).bells[1].start_s]


def test_of_many_places_the_first_are_told_and_the_rest_counted(tmp_path: Path, render: Render) -> None:
    def clicked(manifest: Manifest, sound: Sound) -> Sound:
        sound[[rest(manifest).start + samples(0.6 * nth) for nth in range(1, 21)]] += 0.5
        return sound

    faults = [f for f in verify(changed(render(), tmp_path, clicked)).faults if f.name == "other sounds"]
    assert len(faults) == MOST + 1
    assert faults[-1].found == f"the same in {20 - MOST} more places"
