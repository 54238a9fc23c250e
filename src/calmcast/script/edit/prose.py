"""A meditation written as plain text -> sentences short enough to speak, and the silences that it asks for."""

import re
from dataclasses import dataclass

from calmcast.units import SAMPLE_RATE, UnitError, parse_duration

MOST_WORDS = 18
"""A longer sentence is divided: it is hard to follow with closed eyes."""

_USUAL_S, _SHORT_S, _LONG_S, _BREATH_S = 6, 3, 20, 8


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, in lines of at most `MOST_WORDS` words."""

    lines: tuple[str, ...]
    pause_s: int
    """The silence that its end asks for."""

    @property
    def words(self) -> int:
        return sum(len(line.split()) for line in self.lines)

    @property
    def goes_on(self) -> bool:
        """Whether it belongs to the sentence before it, across a silence."""
        return self.lines[0].lstrip("\"“‘'(")[:1].islower()


@dataclass(frozen=True, slots=True)
class WrittenSilence:
    """A pause that the text names."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Ring:
    """A bell that the text asks for."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Something in square brackets that is no pause: a direction, which is not spoken."""

    text: str


Item = Said | WrittenSilence | Ring | Aside

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
    "fifty": 50, "sixty": 60, "ninety": 90, "a": 1, "an": 1, "a few": 3, "a couple of": 2,
}  # fmt: skip
_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_TIME = (
    rf"(?:(?:for|of|about|around|~)\s*)*(?:(?P<clock>\d+:\d\d)|(?P<half>half a)|(?P<n>\d{{1,3}}(?:\.\d)?|{_NUMBER}))"
    r"(?:\s*(?:-|–|to)\s*\d{1,3})?[\s-]*(?P<unit>seconds?|secs?|s|minutes?|mins?|m|breaths?)?\b\.?"
)
_PAUSE = r"(?:pause|silence|wait|beat|break)s?"
_DIRECTIONS = (
    re.compile(
        rf"(?:(?:a|take a|take|very|short|brief|little|small|long|longer|quiet)\s+)*{_PAUSE}"
        rf"(?:\s*[-–—:,])?\s*(?:{_TIME})?\.*",
        re.IGNORECASE,
    ),
    re.compile(rf"{_TIME}\s*(?:of\s+)?(?:pause|silence|quiet|break|rest)?\.*", re.IGNORECASE),
)
_ANY_TIME, _ANY_PAUSE = re.compile(_TIME, re.IGNORECASE), re.compile(rf"\b{_PAUSE}\b", re.IGNORECASE)
_BELL = re.compile(r"\b(?:bells?|gong|chimes?|singing bowl|ding)\b", re.IGNORECASE)
_MARK = re.compile(r"\[([^\[\]]*)\]|\{([^{}]*)\}|<([^<>]*)>|\(([^()]{1,60})\)|(?P<dots>…)")
_ELLIPSIS = re.compile(r"\s*(?:\.\s?){2,}\.?|\s*…+")
_END = re.compile(r"[.!?]+[\"”’')]*\s+|[。！？]")
_ABBREVIATIONS = frozenset(("mr", "mrs", "ms", "dr", "st", "prof", "vs", "e.g", "i.e", "approx", "fig"))
_STRONG = (".", "!", "?", ";", ":", "—", "–")
_LINKING = frozenset(
    ("and", "but", "or", "so", "while", "as", "because", "until", "when", "where", "which", "that", "then", "with")
)


def items(paragraph: str) -> tuple[Item, ...]:
    """Return what a paragraph of plain text, on one line, comes to."""
    text, found, position = _ELLIPSIS.sub("… ", paragraph), list[Item](), 0
    for mark in _MARK.finditer(text):
        direction = _direction(mark, text)
        if direction is None:
            continue
        said = _sentences(text[position : mark.start()])
        if mark["dots"] and said and not _goes_on(text, mark):
            said[-1] = _ended(said[-1])
        found += (*said, *direction)
        position = mark.end()
    return (*found, *_sentences(text[position:]))


def silence(text: str) -> WrittenSilence | None:
    """Return the silence that a whole text is: `Pause`, `pause 10 seconds`, `(two minutes of silence)`."""
    words = " ".join(text.strip(" []().{}<>*_").split())
    for form in _DIRECTIONS:
        if (match := form.fullmatch(words)) and (_ANY_PAUSE.search(words) or match["unit"] or match["clock"]):
            return WrittenSilence(_seconds(match, words))
    return None


def _direction(mark: re.Match[str], text: str) -> tuple[Item, ...] | None:
    """Return what stands in brackets, or None where it is words to speak."""
    square, curly, pointed, round_, dots = mark.groups()
    if dots:
        return (WrittenSilence(2 if _goes_on(text, mark) else 4),)
    content = next(part for part in (square, curly, pointed, round_) if part is not None)
    if found := silence(content):
        return (found,)
    if _BELL.search(content) and len(content.split()) <= 4:
        return (Ring(),)
    time = _ANY_TIME.search(content)
    if _ANY_PAUSE.search(content) and (round_ is None or (time and time["unit"])):
        return (WrittenSilence(_seconds(time, content)),)
    if round_ is not None:
        return None
    return (Aside(" ".join(content.split())),) if square or curly else ()


def _goes_on(text: str, mark: re.Match[str]) -> bool:
    """Return whether a sentence goes on after its dots."""
    return text[mark.end() :].lstrip()[:1].islower()


def _ended(said: Said) -> Said:
    *lines, last = said.lines
    return Said((*lines, last + "." if last[-1].isalnum() else last), said.pause_s)


def _seconds(match: re.Match[str] | None, words: str) -> int:
    usual = (
        _LONG_S if "long" in words.lower() else _SHORT_S if re.search("short|brief|beat", words.lower()) else _USUAL_S
    )
    if match is None or not (match["n"] or match["clock"] or match["half"]):
        return usual
    if match["clock"]:
        try:
            return max(1, parse_duration(match["clock"]) // SAMPLE_RATE)
        except UnitError:
            return usual
    word = (match["n"] or "").lower()
    if not (match["unit"] or match["half"] or word[0].isdigit()):
        return usual
    number = 0.5 if match["half"] else float(_NUMBERS.get(word, 0) or word)
    unit = (match["unit"] or "s").lower()[0]
    return max(1, round(number * {"s": 1, "m": 60, "b": _BREATH_S}[unit])) if number else usual


def _sentences(text: str) -> list[Said]:
    clean = " ".join(text.translate(dict.fromkeys(map(ord, "[]{}<>"), " ")).split())
    parts, begin = list[str](), 0
    for end in _END.finditer(clean):
        before, follows = clean[begin : end.start()], clean[end.end() :].lstrip("\"“‘'(")[:1]
        word = before.rpartition(" ")[2].lstrip("\"“‘'(")
        initial = end[0].startswith(".") and (word.casefold() in _ABBREVIATIONS or (len(word) == 1 and word.isupper()))
        if follows.islower() or (initial and word != "I"):
            continue
        parts.append(clean[begin : end.end()].strip())
        begin = end.end()
    parts.append(clean[begin:].strip())
    return [Said(lines(part), _pause_s(part)) for part in parts if any(sign.isalnum() for sign in part)]


def _pause_s(sentence: str) -> int:
    end = sentence.rstrip("\"”’')")[-1:]
    return {"?": 5, "？": 5, ".": 3, "!": 3, "。": 3, "！": 3}.get(end, 2)


def lines(sentence: str) -> tuple[str, ...]:
    """Return a sentence in lines of at most `MOST_WORDS` words, divided where a clause ends."""
    words = sentence.split()
    count = len(words)
    if count <= MOST_WORDS:
        return (sentence,)

    def fitness(index: int) -> float:
        """Return how good a line would end before this word: a clause's end, near the middle."""
        last, next_ = words[index - 1], words[index].casefold()
        strength = 3 if last.endswith(_STRONG) else 2 if last.endswith(",") else 1 if next_ in _LINKING else 0
        return strength - 3 * abs(2 * index - count) / count

    best = max(range(3, count - 2), key=fitness)
    return (*lines(" ".join(words[:best])), *lines(" ".join(words[best:])))
