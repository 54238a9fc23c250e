"""Passages -> a script: what is left out where there is little time, and what never goes alone."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.script import Script, Segment
from calmcast.model.steps import Group, Line, Step, walk
from calmcast.script.edit.prose.abridge import script_text
from calmcast.script.edit.prose.passages import MOST_PASSAGES
from calmcast.script.edit.prose.sentences import MOST_WORDS
from calmcast.script.language.builder import build_script
from calmcast.script.language.reader import read as read_yaml
from tests.script.edit.prose.reading import read


def script_of(text: str) -> tuple[Script, str]:
    written, _ = script_text(read(text).passages)
    node, problems = read_yaml(f"title: T\n{written}".encode(), "x.yaml")
    assert problems == ()
    script, problems = build_script(node, "x", "x.yaml")
    assert problems == ()
    assert isinstance(script, Script)
    return script, written


def segments(script: Script) -> list[Segment]:
    return [segment for segment in script.segments if isinstance(segment, Segment)]


def spoken(script: Script) -> list[str]:
    return [step.text for segment in segments(script) for step in walk(segment.steps) if isinstance(step, Line)]


def contents(script: Script) -> list[list[str]]:
    """Return the lines of every content: with nothing that is optional, then one rank more each time."""
    return [[line for segment in segments(script) for line in _lines(segment.steps, rank)] for rank in range(101)]


def _lines(steps: tuple[Step, ...], most: int) -> list[str]:
    found = list[str]()
    for step in steps:
        if isinstance(step, Line):
            found.append(step.text)
        elif isinstance(step, Group) and (step.traits.rank or 0) <= most:
            found += _lines(step.steps, most)
    return found


def test_a_short_paragraph_is_left_out_as_a_whole_and_a_sentence_is_not_torn_by_its_dots() -> None:
    text = "A.\n\nLet your eyes close... or lower your gaze. Rest. More. [pause 9 seconds]\n\n(softly)\n\nZ."
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
          - pause: 3s
          - Rest.
          - pause: 3s
          - More.
          - pause: 9s
          # (softly)
      - rest: {about: 20s, least: 6s}
      - Z.
"""
    )


def test_a_sentence_with_a_blank_waits_in_a_comment() -> None:
    _, written = script_of("A.\n\nWelcome, {name}: rest. B.\n\nZ.")
    assert '# - "Welcome, {name}: rest."   # fill in what stands in {}\n' in written
    filled = written.replace('# - "Welcome', '- "Welcome').replace("{name}", "Mara")
    assert read_yaml(f"title: T\n{filled}".encode(), "x.yaml")[1] == ()


PAIRS = {
    "hold and release": ("Make two fists.", "Let them go."),
    "tense, over paragraphs": ("Squeeze your shoulders up.\n\nAnd hold them there.", "Now release."),
    "in and out": ("Breathe in through your nose.", "Breathe out through your mouth."),
    "in, and out": ("Take a slow breath in.\n\nWait a little.", "And out, with a sigh."),
    "lift and lower": ("Lift your right arm.\n\nFeel how heavy it is.", "Lower it again."),
    "over and back": ("Roll your head to the left.\n\nStay there.", "And back to the middle."),
    "left and right": ("Feel your left foot.\n\nAnd its sole.", "Feel your right foot."),
    "bend and lengthen": ("Bend your knees.\n\nRest like this.", "Straighten them out."),
    "eyes": ("Let your eyes close." + "\n\nBe here." * 20, "Open your eyes."),
    "in a long paragraph": (
        "Tense your legs. " + "Feel them work for you. " * 6,
        "Let them go. " + "Rest in that. " * 9,
    ),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_what_belongs_together_is_together_at_every_length(kind: str) -> None:
    first, second = PAIRS[kind]
    script, _ = script_of(f"Lie down.\n\nFeel the floor.\n\n{first}\n\n{second}\n\nSettle.\n\nBe.\n\nThat was all.")
    begun, undone = first.split("\n\n")[0].split(". ")[0].rstrip("."), second.split(". ")[0].rstrip(".")
    together = set[bool]()
    for lines in contents(script):
        has = [any(text in line for line in lines) for text in (begun, undone)]
        assert has[0] == has[1]
        together.add(has[0])
    assert True in together
    if kind not in ("eyes",):
        assert False in together


def test_what_undoes_the_always_spoken_end_is_always_spoken() -> None:
    script, _ = script_of("Lie down.\n\nRest.\n\nClose your eyes.\n\nBe.\n\nBreathe.\n\nOpen your eyes.")
    assert all("Close your eyes." in lines for lines in contents(script))


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
    assert max(len(line.split()) for line in spoken(script)) <= MOST_WORDS


def test_what_is_left_out_is_spread_evenly() -> None:
    text = prose(3_000, 60)
    script, _ = script_of(text)
    kept = " ".join(contents(script)[0])
    assert len(kept.split()) < 500
    assert kept.startswith(text.split("\n\n")[0].partition(".")[0])
    assert kept.split()[-3:] == text.split()[-3:]
    ranks = [step.traits.rank for segment in segments(script) for step in segment.steps if step.traits.rank]
    assert len(ranks) > 20
    for half in (10, 20, 30):
        at = [index for index, rank in enumerate(ranks) if rank <= half]
        gaps = [second - first for first, second in pairwise([-1, *at, len(ranks)])]
        assert max(gaps) <= 2 * len(ranks) / len(at) + 1
    assert all(
        inner.traits.rank > step.traits.rank
        for segment in segments(script)
        for step in segment.steps
        if step.traits.rank
        for inner in walk((step,))
        if inner is not step and inner.traits.rank
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_becomes_a_script_or_nothing(text: str) -> None:
    if read(text).passages:
        script, _ = script_of(text)
        assert spoken(script)


_WORDS = st.lists(
    st.sampled_from(
        ["Rest", "lie down", ".", ". ", "\n", "\n\n", "# ", "- ", "1. ", "[pause", "]", "(", ")", "{", "}", "**", "_",
         "---", "…", "Breathe in", "breathe out", "Narrator:", "5 seconds", "<b>", "</b>", "&amp;", "|", "\\",
         "``", "0:30", '"', ";5"]
    ),
    max_size=40,
)  # fmt: skip


@given(_WORDS)
def test_any_marks_become_a_script_or_nothing(words: list[str]) -> None:
    if read("".join(words)).passages:
        script, _ = script_of("".join(words))
        assert spoken(script)


def test_a_list_is_never_left_out_without_what_it_is_a_list_of() -> None:
    text = "Lie down.\n\nNotice:\n\n- Heels\n- Hips\n\nRest now,\n\nand be still\n\nthen breathe.\n\nZ.\n"
    script, _ = script_of(text)
    for lines in contents(script):
        assert ("Notice:" in lines) == ("Heels." in lines) == ("Hips." in lines)
        assert ("and be still" in lines) == ("then breathe." in lines)
    assert "Notice:" not in contents(script)[0]
