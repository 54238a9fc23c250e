"""The words of a script, as someone hears them who lies with closed eyes."""

import re
from collections.abc import Iterator
from functools import cache

from calmcast.model.steps import Line
from calmcast.script.language.fields import warning
from calmcast.script.lint.gentle import RULES, Rule
from calmcast.script.lint.placed import MOST_LOOKED_AT, Finding, PlacedPart, lines, place_of
from calmcast.text import shorten

MOST_WORDS = 18
"""A longer line is hard to follow with closed eyes."""

_SENTENCE = re.compile(r"[^.!?…]{1,1000}[.!?…]*")
"""What has no end is looked at piece by piece: the time it takes stays in proportion to its length."""


def check_words_of_care(parts: tuple[PlacedPart, ...]) -> Iterator[Finding]:
    """Yield what is hard to hear in the lines of an English script."""
    said = tuple((where, line) for where, line in lines(parts) if where.english)
    following, found = (*(line for _, line in said[1:]), None), cache(_found)
    for (where, line), after in zip(said, following, strict=False):
        for rule, match, sentence, start in found(line.text[:MOST_LOOKED_AT].replace("’", "'")):
            never_open = "open" in match["words"].lower()
            if rule.code == "eyes" and not never_open and _eyes_may_stay_open(where, line, after):
                continue
            place = place_of(line, start + match.start("words"), start + match.end("words"))
            message = rule.said.format(match["words"].lower())
            yield where, warning(rule.code, message, place, rule.gentler(match, sentence))


def check_length_of_lines(parts: tuple[PlacedPart, ...]) -> Iterator[Finding]:
    """Yield the lines that are too long to follow, in any language."""
    hint = f"lines of at most {MOST_WORDS} words, one idea each, are easier to follow lying down"
    for where, line in lines(parts):
        if (words := len(line.text.split())) > MOST_WORDS:
            yield where, warning("long-line", f"`{shorten(line.text)}` has {words} words", line.source, hint)


def _found(text: str) -> tuple[tuple[Rule, re.Match[str], str, int], ...]:
    """Return each rule that a text breaks: the match in its sentence, the sentence, and where that begins."""
    broken = list[tuple[Rule, re.Match[str], str, int]]()
    for part in _SENTENCE.finditer(text):
        sentence, taken = part[0], list[tuple[int, int]]()
        for rule in RULES:
            for match in rule.words.finditer(sentence):
                start, end = match.span("words")
                if any(start < other_end and other < end for other, other_end in taken):
                    continue
                if not rule.excused(match, sentence):
                    taken.append((start, end))
                    broken.append((rule, match, sentence, part.start()))
    return tuple(broken)


def _eyes_may_stay_open(where: PlacedPart, line: Line, after: Line | None) -> bool:
    """Return whether the choice stands in the same line, in the next one, or in the options."""
    following = after.text[:MOST_LOOKED_AT] if after else ""
    return (
        "eyes" in where.asks
        or re.search(r"\bopen\b", f"{line.text[:MOST_LOOKED_AT]} {following}", re.IGNORECASE) is not None
        or re.match(r"(?:or|if|unless)\b", following, re.IGNORECASE) is not None
    )
