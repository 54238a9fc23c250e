"""The same in Debian's Chromium: a long track seeks at once, and somebody else's name leads nowhere."""

import wave
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.publish.handout.browser import started
from tests.web.conftest import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.real, pytest.mark.long]
LENGTH_S = 600


@pytest.fixture(scope="module")
def page() -> "Iterator[Page]":
    with started(
        "--host-resolver-rules=MAP evil.example 127.0.0.1", "--autoplay-policy=no-user-gesture-required"
    ) as it:
        yield it.new_page()


def test_a_track_plays_where_one_seeks_to(served: Served, page: "Page") -> None:
    with wave.open(str(served.folder / "long.wav"), "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes(bytes(2 * 44_100 * LENGTH_S))
    page.goto(f"http://127.0.0.1:{served.port}/")
    page.set_content('<audio src="long.wav" preload="metadata"></audio>')
    played = page.evaluate("""async () => {
        const audio = document.querySelector("audio"), come = name => new Promise(done => audio[`on${name}`] = done)
        if (!audio.duration) await come("loadedmetadata")
        const places = []
        for (const place of [590, 10, 300]) {
            const arrived = come("seeked")
            audio.currentTime = place
            await arrived
            await audio.play()
            await come("timeupdate")
            places.push(Math.round(audio.currentTime))
            audio.pause()
        }
        return [audio.duration, ...places]
    }""")
    assert played == [LENGTH_S, 590, 10, 300]
    assert served.fetched.count("long.wav") > 1  # a part for each place


def test_another_name_for_this_machine_shows_nothing(served: Served, page: "Page") -> None:
    served.fetched.clear()
    answer = page.goto(f"http://evil.example:{served.port}/")
    assert answer
    assert answer.status == 421
    assert "does not answer to that name" in page.content()
    assert served.fetched == []
