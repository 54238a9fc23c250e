from collections.abc import Callable, Sequence

import pytest

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Strike
from calmcast.model.timeline import Chapter, Event, Silence, Spoken, Struck, Timeline, TrackInfo
from calmcast.model.voice import Recording
from calmcast.units import SAMPLE_RATE

SOURCE = SourceRef("scripts/segments/settle.yaml", 14, 5)


def lay_out(
    lines: Sequence[tuple[float, float, str]],
    chapters: Sequence[tuple[str, float]] = (("Settle", 0),),
    length_s: float = 60,
) -> Timeline:
    """Return a timeline of (start s, end s, text) lines, with (title, start s) chapters and pauses between lines."""
    samples = round(length_s * SAMPLE_RATE)
    starts = [round(start * SAMPLE_RATE) for _, start in chapters]
    events: list[Event] = []
    now = 0
    for start_s, end_s, text in lines:
        start, end = round(start_s * SAMPLE_RATE), round(end_s * SAMPLE_RATE)
        segment = sum(first <= start for first in starts) - 1
        if start > now:
            events.append(Silence(now, start - now, "pause", segment, SOURCE))
        recording = Recording(f"key-{len(events)}", end - start, (), (), 0.5)
        events.append(Spoken(start, end - start, segment, SOURCE, recording, "calm", text))
        now = end
    if samples > now:
        events.append(Silence(now, samples - now, "rest", len(starts) - 1, SOURCE))
    spans = zip(chapters, starts, [*starts[1:], samples], strict=True)
    return Timeline(samples, tuple(events), tuple(Chapter(title, start, end) for (title, _), start, end in spans))


@pytest.fixture(scope="session")
def timeline_of() -> Callable[..., Timeline]:
    return lay_out


@pytest.fixture
def timeline() -> Timeline:
    """Return a minute with four lines in three chapters, and a bell at its end."""
    laid_out = lay_out(
        [
            (1.5, 4.0, "Let your shoulders soften."),
            (6.0, 9.25, "Nothing here has to be “right” & nothing < or > it."),
            (21.0, 24.0, "Calme… n’importe où."),
            (50.0, 52.0, "Come back gently."),
        ],
        [("Arriving", 0), ("A longer rest with a very long name", 20.5), ("Back", 49.9999)],
    )
    rest = laid_out.events[-1]
    assert isinstance(rest, Silence)
    bell = Struck(rest.end - SAMPLE_RATE, SAMPLE_RATE, 2, SOURCE, Strike("bowl"), -6.0)
    shorter = Silence(rest.start, rest.samples - SAMPLE_RATE, "rest", 2, SOURCE)
    return Timeline(laid_out.samples, (*laid_out.events[:-1], shorter, bell), laid_out.chapters)


@pytest.fixture
def info() -> TrackInfo:
    return TrackInfo(
        title="Psoas release: 1 min",
        artist="calmcast",
        album="Rests",
        about="A supported rest on the floor — before core work.",
        language="en-US",
        voice="calm",
    )
