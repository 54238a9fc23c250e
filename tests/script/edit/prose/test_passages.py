"""Blocks -> title and passages: Markdown, plain text, very long text, odd text."""

import time

import pytest

from calmcast.script.edit.prose.passages import LONGEST_TITLE, MOST_PASSAGES, Passage
from tests.script.edit.prose.reading import paragraphs, read, short

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
    prose = read(MARKDOWN)
    assert prose.title == "By the lake"
    assert [passage.title for passage in prose.passages] == ["Welcome to this evening", "Arriving", "Letting go"]
    assert paragraphs(prose) == [
        ["Welcome to this evening.", 10],
        ["Let everything be as it is."],
        ["the sky.", "the water."],
        ["It goes: by itself.", 6, "bell"],
    ]


def test_a_first_line_without_a_stop_is_the_title() -> None:
    assert read("An evening scan\n\nWelcome.\n\nRest.\n").title == "An evening scan"
    assert read("Breathe in.\n\nWelcome.\n\nRest.\n").title == ""
    assert read("An evening scan\nFor the floor\n\nWelcome.\n\nRest.\n").title == "An evening scan"
    assert read("Let your body be heavy\n\nlet it rest\n\nbe here").title == ""
    assert read("Let Your Body Rest\n\nLie down.\n\nBe here.").title == "Let Your Body Rest"
    assert read("Rest and breathe\n\nLie down.\n\nBe here.").title == "Rest and breathe"


@pytest.mark.parametrize("headings", [0, 40])
def test_a_long_text_has_passages_of_a_usual_length_each_titled_once(headings: int) -> None:
    parts = [
        f"{f'## Part about {n // 2}' if headings else ''}\n\n" + "Let the floor hold you a little more. " * 9
        for n in range(40)
    ]
    passages = read("\n\n".join(parts)).passages
    assert 8 <= len(passages) <= MOST_PASSAGES
    titles = [passage.title for passage in passages]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= LONGEST_TITLE


@pytest.mark.parametrize(
    "text",
    [
        "*a " * 9_000, "[" * 20_000, "[a](" * 9_000, "# " + " " * 50_000 + "x y", ". " * 20_000, "(a " * 9_000,
        "**a** (2" * 9_000, "- " * 20_000, "-- pause " * 9_000, "{" * 20_000, "\\a{" * 9_000, "|" * 30_000,
        "a: " * 9_000, '"' * 20_000, "1. " * 9_000, "© " * 9_000, "pause " * 9_000, "5 and " * 9_000, "_" * 30_000,
        "~~~\n" * 9_000, "1:30 " * 9_000, "left hand " * 4_000, "Breathe in. " * 4_000, "a\n" * 9_000,
        "# a\n\n" * 5_000,
        "/2s " * 9_000,
    ],
)  # fmt: skip
def test_odd_texts_come_to_an_end_soon(text: str) -> None:
    """Texts that make a careless pattern try every pair of places."""
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 4


def test_no_rest_parts_what_is_begun_from_what_undoes_it() -> None:
    filling = "Let the floor hold you a little more, for as long as you like to lie here."
    for number in range(1, 40):
        texts = [filling] * 40
        texts[number : number + 3] = ["Clench both fists.", "Keep them so.", "Let them go."]
        passages = read("\n\n".join(texts)).passages
        assert len(passages) > 1
        assert any({"Clench both fists.", "Let them go."} <= set(_texts(passage)) for passage in passages)


def _texts(passage: Passage) -> list[str]:
    items = [placed.item for paragraph in passage.paragraphs for placed in paragraph]
    return [each for each in short(tuple(items)) if isinstance(each, str)]
