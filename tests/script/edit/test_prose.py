"""A stranger's plain text: sentences, silences, headings, and what is left out when there is little time."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.script import Script, Segment
from calmcast.model.steps import Line, walk
from calmcast.script.edit.abridge import script_text
from calmcast.script.edit.passages import LONGEST_TITLE, MOST_PASSAGES, passages
from calmcast.script.edit.prose import MOST_WORDS, Aside, Item, Ring, Said, WrittenSilence, items, lines, silence
from calmcast.script.language.builder import build_script
from calmcast.script.language.reader import read


def short(found: tuple[Item, ...]) -> list[str | int]:
    """Return lines as texts, silences as seconds, bells as `bell`, asides in brackets."""
    shown = list[str | int]()
    for item in found:
        match item:
            case Said():
                shown += item.lines
            case WrittenSilence():
                shown.append(item.seconds)
            case Ring():
                shown.append("bell")
            case Aside():
                shown.append(f"[{item.text}]")
    return shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing. Another! A third? And so on", ["One thing.", "Another!", "A third?", "And so on"]),
        ("Dr. Who and J. Low, e.g. now. Then I. And you.", ["Dr. Who and J. Low, e.g. now.", "Then I.", "And you."]),
        ("He said “rest.” Then he left.", ["He said “rest.”", "Then he left."]),
        ("Breathe in [pause 4 seconds] and out.", ["Breathe in", 4, "and out."]),
        ("Rest. (pause) Now.", ["Rest.", 6, "Now."]),
        ("Rest. (long pause) Now. [short pause]", ["Rest.", 20, "Now.", 3]),
        ("A [pause for ten seconds] B [Pause - 15 sec] C [30 second pause]", ["A", 10, "B", 15, "C", 30]),
        ("A (2 minutes of silence) B [1:30] C [half a minute]", ["A", 120, "B", 90, "C", 30]),
        ("A [pause: 3 breaths] B {10s} C <pause> D", ["A", 24, "B", 10, "C", 6, "D"]),
        ("A [a pause of 5 to 8 seconds] B [pause and breathe]", ["A", 5, "B", 6]),
        ("Let go... and rest… Then wake. . . .", ["Let go", 2, "and rest.", 4, "Then wake.", 4]),
        ("[ring bell] Welcome. [softly] Hello (you can rest here).", ["bell", "Welcome.", "[softly]",
                                                                     "Hello (you can rest here)."]),
        ("Stay [2] here, and } there.", ["Stay", "[2]", "here, and there."]),
        ("Hi. (Allow 20 seconds of silence) Now. (pause if you like)", ["Hi.", 20, "Now. (pause if you like)"]),
        ("—", []),
    ],
)  # fmt: skip
def test_sentences_and_silences(text: str, expected: list[str | int]) -> None:
    assert short(items(text)) == expected


@pytest.mark.parametrize("text", ["Let us pause here for a moment", "rest", "A break in the clouds", "(you)", "two"])
def test_what_is_no_pause(text: str) -> None:
    assert silence(text) is None


def test_long_sentences_end_their_lines_where_clauses_end() -> None:
    text = (
        "And when you are ready, and only then, let your attention wander to your feet, which have carried you "
        "all day, and let them rest."
    )
    assert lines(text) == (
        "And when you are ready, and only then, let your attention wander to your feet,",
        "which have carried you all day, and let them rest.",
    )
    endless = " ".join(["word"] * 100)
    assert " ".join(lines(endless)) == endless
    assert max(len(line.split()) for line in lines(endless)) <= MOST_WORDS


def script_of(text: str) -> tuple[Script, str]:
    written, _ = script_text(passages(text)[1])
    node, problems = read(f"title: T\n{written}".encode(), "x.yaml")
    assert problems == ()
    script, problems = build_script(node, "x", "x.yaml")
    assert problems == ()
    assert isinstance(script, Script)
    return script, written


def spoken(script: Script) -> list[str]:
    segments = [segment for segment in script.segments if isinstance(segment, Segment)]
    return [step.text for segment in segments for step in walk(segment.steps) if isinstance(step, Line)]


MARKDOWN = """\
# By the lake\r
\r
Welcome to *this* evening. [pause 10 seconds]\r
\r
## Arriving\r
\r
Let **everything** be\r
as it is.\r
\r
- the sky\r
- the [water](http://x.y)\r
\r
---\r
\r
Letting go\r
----------\r
\r
> It goes: by itself.\r
\r
(pause)\r
\r
[bell]\r
"""


def test_markdown() -> None:
    title, found = passages(MARKDOWN)
    assert title == "By the lake"
    assert [passage.title for passage in found] == ["Welcome to this evening", "Arriving", "Letting go"]
    assert [short(paragraph) for passage in found for paragraph in passage.paragraphs] == [
        ["Welcome to this evening.", 10],
        ["Let everything be as it is."],
        ["the sky. the water."],
        ["It goes: by itself.", 6, "bell"],
    ]
    script, text = script_of(MARKDOWN)
    assert spoken(script)[-1] == "It goes: by itself."
    assert '"It goes: by itself."' in text
    assert text.index("- rest") < text.rindex("It goes")


def test_a_text_without_blank_lines_and_one_of_capitals() -> None:
    _, found = passages("One line here.\nAnother line here.\nA third.\n")
    assert len(found[0].paragraphs) == 3
    _, found = passages("WELCOME\n\nHello there.\n\n**Rest**\n\nNow rest.\n")
    assert [passage.title for passage in found] == ["Welcome", "Rest"]
    _, found = passages("Breathe in\nBreathe out\nLet go\n\nAnd again")
    assert short(found[0].paragraphs[0]) == ["Breathe in.", "Breathe out.", "Let go"]


def test_a_sentence_is_not_torn_by_its_dots() -> None:
    """Half a sentence is never left out: the second half may be the choice."""
    text = "A.\n\nLet your eyes close... or lower your gaze. Rest. More. [pause 9 seconds]\n\nZ."
    _, written = script_of(text)
    assert (
        written.partition("    steps:\n")[2]
        == """\
      - A.
      - pause: 8s
      - optional: 1
        steps:
          - Let your eyes close
          - pause: 2s
          - or lower your gaze.
          - optional: 41
            steps:
              - pause: 3s
              - Rest.
              - pause: 3s
              - More.
          - pause: 9s
      - rest: {about: 20s, least: 6s}
      - Z.
"""
    )


def test_a_first_line_without_a_stop_is_the_title() -> None:
    assert passages("An evening scan\n\nWelcome.\n\nRest.\n")[0] == "An evening scan"
    assert passages("Breathe in.\n\nWelcome.\n\nRest.\n")[0] == ""


def prose(words: int, paragraph: int, seed: int = 1) -> str:
    """Return so many words in sentences of 6 to 30 words, paragraphs of about so many, each word different."""
    chance, count, paragraphs, sentences = random.Random(seed), 0, list[str](), list[str]()
    while count < words:
        length = chance.randint(6, 30)
        text = " ".join(f"w{count + i}" + "," * (i % 9 == 8) for i in range(length))
        sentences.append(text.capitalize().rstrip(",") + ".")
        count += length
        if sum(len(s.split()) for s in sentences) >= paragraph:
            paragraphs.append(" ".join(sentences))
            sentences = []
    return "\n\n".join([*paragraphs, " ".join(sentences)])


@pytest.mark.parametrize("paragraph", [20, 60, 400, 10_000])
def test_three_thousand_words(paragraph: int) -> None:
    text = prose(3_000, paragraph)
    script, _ = script_of(text)
    assert 8 <= len(script.segments) <= MOST_PASSAGES
    assert " ".join(spoken(script)).casefold().split() == text.casefold().split()
    titles = [segment.title for segment in script.segments if isinstance(segment, Segment)]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= LONGEST_TITLE
    assert max(len(line.split()) for line in spoken(script)) <= MOST_WORDS


def always(script: Script) -> str:
    """Return the words of steps that are on no rank."""
    texts = list[str]()
    for segment in script.segments:
        if isinstance(segment, Segment):
            texts += [step.text for step in segment.steps if isinstance(step, Line)]
    return " ".join(texts)


def test_what_is_left_out_is_spread_evenly() -> None:
    text = prose(3_000, 60)
    script, _ = script_of(text)
    kept = always(script)
    assert len(kept.split()) < 500
    assert kept.startswith(text.split("\n\n")[0].partition(".")[0])
    assert kept.split()[-3:] == text.split()[-3:]
    ranks = [
        step.traits.rank
        for segment in script.segments
        if isinstance(segment, Segment)
        for step in segment.steps
        if step.traits.rank
    ]
    assert len(ranks) > 20
    for half in (10, 20, 30):
        at = [index for index, rank in enumerate(ranks) if rank <= half]
        gaps = [second - first for first, second in pairwise([-1, *at, len(ranks)])]
        assert max(gaps) <= 2 * len(ranks) / len(at) + 1
    assert all(
        inner.traits.rank > step.traits.rank
        for segment in script.segments
        if isinstance(segment, Segment)
        for step in segment.steps
        if step.traits.rank
        for inner in walk((step,))
        if inner is not step and inner.traits.rank
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_becomes_a_script_or_nothing(text: str) -> None:
    _, found = passages(text)
    if found:
        script, _ = script_of(text)
        assert spoken(script)


def test_odd_texts_come_to_an_end() -> None:
    """Texts that make a careless pattern try every pair of places."""
    for text in (
        "*a " * 9_000,
        "[" * 20_000,
        "[a](" * 9_000,
        "# " + " " * 50_000 + "x y",
        ". " * 20_000,
        "(a " * 9_000,
    ):
        passages(text)
