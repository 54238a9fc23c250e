"""`--format`, `--for` and `--quality`: what goes together, what is refused, what is advised, whose the voice is."""

import json
import os
from pathlib import Path
from typing import get_args

import av
import mutagen
import pytest

from calmcast.errors import PublishError
from calmcast.model.timeline import Quality
from calmcast.publish.formats import FORMATS
from calmcast.publish.places import PLACES, Delivery, delivery
from calmcast.units import SAMPLE_RATE
from tests.cli.test_record import LINES, OWN, script, take
from tests.conftest import Calmcast

__all__ = ["script"]
SHORT = """\
title: Short
allow: {missing-exit: only for tests, missing-notice: only for tests}
segments:
  - title: One
    steps: [bell: soft, "Hello, and welcome.", rest: 20s]
"""
MINUTE = 60 * SAMPLE_RATE


@pytest.fixture
def short(workspace: Path) -> Path:
    path = workspace / "scripts" / "short.yaml"
    path.write_text(SHORT, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "ogg"], "'ogg' is not one of 'mp3', 'm4a'"),
        (["--for", "radio"], "'radio' is not one of 'phone', 'insight-timer'"),
        (["--format", "m4a", "-o", "x.mp3"], "--output x.mp3 ends in .mp3, and --format is m4a"),
        (["--for", "youtube", "-o", "x.mp3"], "youtube takes .mp4, not .mp3"),
        (["--for", "podcast", "--format", "flac"], "podcast takes .mp3 or .m4a, not .flac"),
        (["--for", "podcast", "--quality", "high"], "podcast has a bit rate of its own"),
        (["--format", "wav", "--quality", "small"], "a .wav keeps every sample"),
        (["--for", "youtube", "--mono"], "youtube takes two channels: leave --mono out"),
        (["--for", "whatsapp", "--stereo"], "whatsapp takes one channel: leave --stereo out"),
    ],
)
def test_what_does_not_go_together_is_told_before_anything_is_made(
    calmcast: Calmcast, short: Path, options: list[str], message: str
) -> None:
    run = calmcast("render", "short", "-l", "30s", *options)
    assert run.code in (2, 6)
    assert message in run.err
    assert not Path("output").exists()
    assert not Path("x.mp3").exists()


def test_the_ending_of_a_file_says_what_it_is(calmcast: Calmcast, short: Path) -> None:
    run = calmcast("render", "short", "-l", "30s", "-o", "made/x.opus", "--json")
    assert run.json["tracks"][0]["path"] == "made/x.opus"
    with av.open("made/x.opus") as file:
        assert file.streams.audio[0].codec.name == "opus"
    assert {path.name for path in Path("made").iterdir()} == {"x.opus", "x.opus.json", "x.vtt", "x.lrc"}


@pytest.mark.long
def test_tracks_for_several_places_lie_beside_each_other(calmcast: Calmcast, short: Path) -> None:
    for options in ([], ["--for", "phone", "--format", "m4a"], ["--for", "podcast"], ["--for", "youtube"]):
        assert calmcast("render", "short", "-l", "30s", *options).code == 0
    names = {path.name for path in Path("output").iterdir()}
    assert names == {
        *("short_30s.mp3", "short_30s.json", "short_30s.m4a", "short_30s.m4a.json"),
        *("short_30s.vtt", "short_30s.lrc"),
        *(f"short_30s_podcast.{end}" for end in ("mp3", "json", "vtt", "lrc", "cover.jpg")),
        *(f"short_30s_youtube.{end}" for end in ("mp4", "mp4.json", "vtt", "lrc", "srt", "cover.jpg")),
    }
    assert calmcast("verify", "output").code == 0
    assert Path("output/short_30s_youtube.srt").read_text().startswith("1\n00:00:")
    assert " --> 00:00:" in Path("output/short_30s_youtube.srt").read_text()


def test_another_title_is_another_tag_and_another_picture(calmcast: Calmcast, short: Path) -> None:
    command = "render", "short", "--length", "30s", "--for", "insight-timer"
    assert calmcast(*command).code == 0
    short.write_text(SHORT.replace("title: Short", "title: Quiet"), encoding="utf-8")
    assert "(retagged: its sound is the same)" in calmcast(*command).out
    run = calmcast("verify", "output")
    assert (run.code, "Quiet" in run.out) == (0, True), run.out


def test_for_a_phone_is_what_is_made_anyway(calmcast: Calmcast, short: Path) -> None:
    assert calmcast("render", "short", "-l", "30s", "-o", "a.mp3").code == 0
    assert calmcast("render", "short", "-l", "30s", "-o", "b.mp3", "--for", "phone", "--format", "mp3").code == 0
    assert Path("a.mp3").read_bytes() == Path("b.mp3").read_bytes()
    assert "file" not in json.loads(Path("b.json").read_text())


@pytest.mark.parametrize("form", ["m4a", "opus"])
def test_quality_is_the_bit_rate(calmcast: Calmcast, short: Path, form: str) -> None:
    render = "render", "short", "--length", "30s", "--bed", "rain", "--stereo", "--quality"
    for quality in get_args(Quality):
        assert calmcast(*render, quality, "-o", f"{quality}.{form}").code == 0
    small, standard, high = (Path(f"{quality}.{form}").stat().st_size for quality in ("small", "standard", "high"))
    assert small < standard < high
    assert calmcast("verify", f"small.{form}").code == 0


def test_what_a_place_advises_is_told(calmcast: Calmcast, short: Path) -> None:
    run = calmcast("render", "short", "-l", "30s", "--for", "insight-timer")
    assert "insight-timer advises 10 min to 20 min; this is 30 s" in run.err
    assert "insight-timer advises a bell at the end" in run.err
    assert "advises" not in calmcast("render", "short", "-l", "30s", "--for", "podcast").err


def test_what_is_too_long_is_told_with_what_is_not(calmcast: Calmcast, short: Path) -> None:
    run = calmcast("render", "short", "-l", "3 h", "--for", "whatsapp")
    assert run.code == 6
    assert "3 h are too long for whatsapp, which takes 16 MB" in run.err
    assert "the longest is 59:39" in run.err
    run = calmcast("render", "short", "-l", "23 h", "--format", "wav", "--stereo")
    assert run.code == 6
    assert "23 h are too long for a .wav file, which takes 4.3 GB" in run.err
    assert not Path("output").exists()


@pytest.mark.parametrize("row", [Delivery(form) for form in FORMATS.values()], ids=lambda row: row.format.name)
def test_every_bit_rate_is_there(row: Delivery) -> None:
    for quality in get_args(Quality):
        rates = [Delivery(row.format, quality=quality).kbps(MINUTE, channels) for channels in (1, 2)]
        assert rates == sorted(rates)
        assert all(rates) == bool(row.format.kbps)


def test_whatsapp_takes_the_finest_rate_that_fits() -> None:
    row = delivery(place_name="whatsapp")
    longest = row.longest(1)
    assert longest is not None
    assert [row.kbps(samples, 1) for samples in (10 * MINUTE, 39 * MINUTE, 45 * MINUTE, longest)] == [48, 48, 40, 32]
    with pytest.raises(PublishError, match="there is no place `moon`"):
        delivery(place_name="moon")


def test_a_machine_says_that_it_speaks(calmcast: Calmcast, short: Path) -> None:
    assert calmcast("render", "short", "-l", "30s").code == 0
    manifest = json.loads(Path("output/short_30s.json").read_text())
    assert (manifest["synthetic_voice"], manifest["spoken_by"]) == ("yes", "tone")
    for text, code in (("no", 7), ("yes", 0)):
        manifest["synthetic_voice"] = text
        Path("output/short_30s.json").write_text(json.dumps(manifest))
        assert calmcast("verify", "output/short_30s.mp3").code == code


@pytest.mark.long
def test_acx_takes_a_persons_voice_alone(calmcast: Calmcast, workspace: Path, script: Path) -> None:
    """One line of eight is not recorded, and is named; then it is, and the track is what ACX asks for."""
    calmcast("record", "sheet", "mine")
    calmcast("record", "import", take(workspace, LINES[:5] + LINES[6:]))
    run = calmcast("render", "mine", "--for", "acx")
    assert run.code == 6
    assert "acx takes only what a person has recorded; 1 line of 8 would be synthetic" in run.err
    assert "Rest." in run.err
    assert calmcast("render", "mine", "-o", "mixed.m4a").code == 0
    tags = mutagen.File("mixed.m4a")
    assert bytes(tags["----:com.apple.iTunes:SYNTHETIC_VOICE"][0]) == b"partly"
    assert bytes(tags["----:com.apple.iTunes:VOICE"][0]) == b"my-recordings (recorded), tone"

    calmcast("record", "import", take(workspace, ("Rest.",), "Rest.wav"))
    assert (workspace / OWN).is_dir()
    run = calmcast("render", "mine", "--for", "acx")
    assert run.code == 0, run.err
    run = calmcast("verify", os.fspath(next(Path("output").glob("*_acx.mp3"))), "--for", "acx", "--json")
    found = {finding["name"]: finding for finding in run.json["tracks"][0]["findings"]}
    assert {name for name in found if name.startswith("acx: ")} == {
        f"acx: {what}"
        for what in (
            "kind of file",
            "sample rate",
            "channels",
            "bit rate",
            "mean level",
            "true peak",
            "picture",
            "voice",
        )
    }
    assert [f"{name}: {f['found']}" for name, f in found.items() if f["severity"] == "off"] == []


def test_every_place_is_shown_in_the_help(calmcast: Calmcast) -> None:
    text = calmcast("render", "--help").out
    abouts = [place.about for place in PLACES.values()] + [form.about for form in FORMATS.values()]
    assert [about for about in abouts if about not in text] == []
