"""What a browser makes of a track's bytes (Debian's Chromium): the samples that were asked for, each in its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from tests.conftest import Calmcast
from tests.publish.handout.browser import Server, started

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.real, pytest.mark.long]

SCRIPT = """title: Rest
segments:
  - title: One
    steps:
      - bell: soft
      - The floor can carry all of you now.
      - {rest: 20s}
      - When you are ready, come back slowly.
"""
KINDS = {
    "mono": (),
    "mono-small": ("--quality", "small"),
    "stereo": ("--stereo",),
    "stereo-bed": ("--stereo", "--bed", "rain"),
    "stereo-small": ("--stereo", "--bed", "rain", "--quality", "small"),
}
LENGTHS = {"1 min": 60 * 44_100, "67.0001s": 2_954_704, "91.013s": 4_013_673}

DECODE = """async ([name, places, many]) => {
    // A context of another rate would resample what it decodes.
    const context = new OfflineAudioContext(2, 1, 44100);
    const sound = await context.decodeAudioData(await (await fetch(name)).arrayBuffer());
    const channels = Array.from({length: sound.numberOfChannels}, (_, n) => sound.getChannelData(n));
    const heard = places.map(place => channels.map(channel => [...channel.slice(place, place + many)]));
    return [sound.length, sound.sampleRate, heard];
}"""


@pytest.fixture(scope="module")
def page() -> "Iterator[Page]":
    with started() as browser:
        yield browser.new_page()


@pytest.mark.parametrize("kind", KINDS)
def test_it_decodes_to_the_asked_for_samples(
    kind: str, workspace: Path, calmcast: Calmcast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: "Page"
) -> None:
    """Of a track that was made from nothing, and of others that were made of its frames."""
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "cold"))
    (workspace / "scripts" / "rest.yaml").write_text(SCRIPT, encoding="utf-8")
    server = Server(workspace)
    page.goto(server.url)
    try:
        for length, samples in LENGTHS.items():
            track = workspace / f"{samples}.mp3"
            assert calmcast("render", "rest", *KINDS[kind], "-l", length, "-o", track).code == 0
            usual = soundfile.read(track, always_2d=True, dtype="float32")[0]
            places, many = [0, samples // 2, samples - 40_000], 40_000
            found, rate, heard = page.evaluate(DECODE, [track.name, places, many])
            assert (found, rate) == (samples, 44_100) == (len(usual), 44_100)
            for place, channels in zip(places, heard, strict=True):
                assert np.abs(np.array(channels).T - usual[place : place + many]).max() < 2e-5
    finally:
        server.stop()
