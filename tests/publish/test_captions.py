import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.timeline import Timeline, TrackInfo
from calmcast.publish.captions import lrc, srt, webvtt

TIME = r"(\d\d+):([0-5]\d):([0-5]\d)\.(\d{3})"


def cues(text: str) -> list[tuple[str, int, int, list[str]]]:
    """Return (id, start ms, end ms, rows) of each cue, read as the W3C syntax has it."""
    found = []
    header, *blocks = re.split(r"\n{2,}", text.strip("\n"))
    assert re.fullmatch(r"WEBVTT(?:[ \t][^\n]*)?", header)
    assert "-->" not in header
    for block in blocks:
        if block.startswith("NOTE"):
            assert "-->" not in block
            continue
        name, times, *rows = block.split("\n")
        match = re.fullmatch(f"{TIME} --> {TIME}", times)
        assert match
        h1, m1, s1, f1, h2, m2, s2, f2 = map(int, match.groups())
        found.append((name, ((h1 * 60 + m1) * 60 + s1) * 1000 + f1, ((h2 * 60 + m2) * 60 + s2) * 1000 + f2, rows))
    return found


def test_webvtt(timeline: Timeline, info: TrackInfo) -> None:
    assert webvtt(timeline, info) == (
        "WEBVTT - Psoas release: 1 min\n\n"
        "NOTE Language: en-US\n\n"
        "1\n00:00:01.500 --> 00:00:04.000\nLet your shoulders soften.\n\n"
        "2\n00:00:06.000 --> 00:00:09.250\nNothing here has to be\n“right” &amp; nothing &lt; or &gt; it.\n\n"
        "3\n00:00:21.000 --> 00:00:24.000\nCalme… n’importe où.\n\n"
        "4\n00:00:50.000 --> 00:00:52.000\nCome back gently.\n"
    )


def test_lrc(timeline: Timeline, info: TrackInfo) -> None:
    assert lrc(timeline, info) == (
        "[ti:Psoas release: 1 min]\n[ar:calmcast]\n[al:Rests]\n[la:en-US]\n[length:01:00]\n"
        "[00:01.50]Let your shoulders soften.\n"
        "[00:06.00]Nothing here has to be “right” & nothing < or > it.\n[00:09.25]\n"
        "[00:21.00]Calme… n’importe où.\n[00:24.00]\n"
        "[00:50.00]Come back gently.\n[00:52.00]\n"
    )


def test_a_title_cannot_break_the_header(timeline: Timeline, info: TrackInfo) -> None:
    wild = replace(info, title="a\n\n00:00.000 --> 00:09.000\n[b]", language="x\n\n-->")
    assert len(cues(webvtt(timeline, wild))) == 4
    assert lrc(timeline, wild).startswith("[ti:a 00:00.000 --> 00:09.000 (b)]\n")


def test_a_lines_text_cannot_break_its_cue(timeline_of: Callable[..., Timeline], info: TrackInfo) -> None:
    timeline = timeline_of([(1, 2, "one\n\n2\n00:00.000 --> 00:09.000 [soft] &amp;"), (3, 4, "\n \0")])
    assert [(name, rows) for name, _, _, rows in cues(webvtt(timeline, info))] == [
        ("1", ["one 2 00:00.000 --&gt; 00:09.000 [soft] &amp;amp;"])
    ]
    assert "[00:01.00]one 2 00:00.000 --> 00:09.000 (soft) &amp;\n" in lrc(timeline, info)


def test_tracks_over_a_hundred_minutes(timeline_of: Callable[..., Timeline], info: TrackInfo) -> None:
    timeline = timeline_of([(6143.2, 6145, "Still here.")], length_s=7200)
    assert "01:42:23.200 --> 01:42:25.000" in webvtt(timeline, info)
    assert "[length:120:00]" in lrc(timeline, info)
    assert "[102:23.20]Still here.\n[102:25.00]\n" in lrc(timeline, info)


def test_silence_alone(timeline_of: Callable[..., Timeline], info: TrackInfo) -> None:
    timeline = timeline_of([])
    assert cues(webvtt(timeline, info)) == []
    assert lrc(timeline, info).endswith("[length:01:00]\n")


@pytest.mark.parametrize(
    ("text", "widths"),
    [("soft " * 8, 1), ("soft " * 16, 2), ("soft " * 60, 3), ("呼" * 60, 2), ("x" * 400, 3)],
)
def test_long_lines_are_wrapped_evenly(
    timeline_of: Callable[..., Timeline], info: TrackInfo, text: str, widths: int
) -> None:
    ((_, _, _, rows),) = cues(webvtt(timeline_of([(1, 2, text)]), info))
    assert len(rows) == widths
    assert max(map(len, rows)) - min(map(len, rows)) <= 15
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


@given(
    gaps=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 90)), max_size=30),
    texts=st.lists(st.text(min_size=1, max_size=150), min_size=30, max_size=30),
)
def test_cues_keep_their_order_and_never_overlap(
    timeline_of: Callable[..., Timeline], gaps: list[tuple[int, int]], texts: list[str]
) -> None:
    """Lines of a few samples, back to back, with any text in them."""
    now, lines = 0, []
    for (silence, samples), text in zip(gaps, texts, strict=False):
        start = now + silence
        now = start + samples
        lines.append((start / 44100, now / 44100, text))
    track = TrackInfo("t", "a", "b", "", "en", "calm")
    shown_until = 0
    for _, start, end, rows in cues(webvtt(timeline_of(lines), track)):
        assert shown_until <= start < end
        assert all(row.strip() and not set("<>") & set(row) for row in rows)
        shown_until = end
    for row in lrc(timeline_of(lines), track).splitlines():
        assert re.fullmatch(r"\[(?:\w+:[^\[\]]+|\d\d+:\d\d\.\d\d)\][^\[\]]*", row)


def test_srt_has_the_same_cues_without_escapes(timeline: Timeline, info: TrackInfo) -> None:
    assert srt(timeline) == (
        "1\n00:00:01,500 --> 00:00:04,000\nLet your shoulders soften.\n\n"
        "2\n00:00:06,000 --> 00:00:09,250\nNothing here has to be\n“right” & nothing < or > it.\n\n"
        "3\n00:00:21,000 --> 00:00:24,000\nCalme… n’importe où.\n\n"
        "4\n00:00:50,000 --> 00:00:52,000\nCome back gently.\n"
    )
    assert [(start, end) for _, start, end, _ in cues(webvtt(timeline, info))] == [
        (1500, 4000), (6000, 9250), (21_000, 24_000), (50_000, 52_000)
    ]  # fmt: skip
