"""Words -> sentences, in lines short enough to follow with closed eyes, as a voice reads them."""

import re

from calmcast.script.edit.prose.items import Said
from calmcast.script.edit.prose.vocabulary import vocabulary

MOST_WORDS = 18
"""A longer sentence is divided: it is hard to follow with closed eyes."""

_END = re.compile(r"(?<![.!?])[.!?]+[\"”’')]*\s+|[。！？]")
_ABBREVIATIONS = vocabulary(
    "mr mrs ms dr st prof sr jr rev hon vs e.g i.e approx fig ph.d m.d b.a m.a b.sc m.sc u.s u.k dept inc ltd ed eds",
    "cf al est mt ft vol vols usw bzw z.b d.h ca dipl rn",
)
"""After these a full stop ends no sentence."""
_BEFORE_NUMBERS = vocabulary("no nos vol p pp fig ch chap sec min approx nr art pt vols bd")
"""Nor after these, where a number follows."""
_SOMETIMES_LAST = vocabulary("a.m p.m etc")
"""These end a sentence where a capital follows."""
_STRONG = (".", "!", "?", ";", ":", "—", "–")
_LINKING = vocabulary("and but or so while as because until when where which that then with")
_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\w)1 ?[×✕xX](?=[\s.,;:!?)]|$)"), "once"),
    (re.compile(r"(?<!\w)(\d{1,3}) ?[×✕](?!\s*\d)|(?<!\w)(\d{1,3}) ?[xX](?=[\s.,;:!?)]|$)(?!\s*\d)"), r"\1\2 times"),
    (re.compile(r"(?<!\w)(?<!\d )[×✕xX] ?(\d{1,3})(?=[\s.,;:!?)]|$)"), r"\1 times"),
    (re.compile(r"\s*(?:<-+>|[↔⇔])\s*"), " and "),
    (re.compile(r"\s*(?:(?<![-=])[-=]++>|[→⇒➔➜➝])\s*"), ", then "),
    (re.compile(r"(?<=\w)\s+&\s+(?=\w)"), " and "),
    (re.compile(r"(?<=\d)\s*½"), " and a half"),
    (re.compile(r"½"), "half"),
    (re.compile(r"(?<=\d)\s*°\s*C\b"), " degrees Celsius"),
    (re.compile(r"(?<=\d)\s*°\s*F\b"), " degrees Fahrenheit"),
    (re.compile(r"(?<=\d)\s*°"), " degrees"),
    (re.compile(r"\bw/o\s"), "without "),
    (re.compile(r"\bw/\s?(?=\w)"), "with "),
    (re.compile(r"(?<!\w)~\s?(?=\d)"), "about "),
    (re.compile(r"(?<!\w)#\s?(?=\d)"), "number "),
    (re.compile(r"(?<=[.!?…])\s+/+\s+"), " "),
    (re.compile(r"\s+/+\s+"), ", "),
    (re.compile(r"\s*\|+\s*"), ", "),
)
"""Signs that voices misread, and what they mean; in English."""
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTED = re.compile(r"(?<![\w.–-])(\d{1,2}) times\b")
_TORN, _LOOSE = re.compile(r"\s+([,;:!?…])(?=\w)"), re.compile(r"\s+([.,;:!?…])")
_MARKS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|\^\d+\^|[\[\]{}<>|•●]")


def as_said(text: str, *, english: bool = True) -> str:
    """Return a text without marks, its signs as words: `3×` as `three times`."""
    clean = " ".join(text.split())
    for pattern, words in _SAID if english else ():
        clean = pattern.sub(words, clean)
    if english:
        clean = _COUNTED.sub(_counted, clean)
    clean = " ".join(_MARKS.sub(" ", clean).split())
    return _LOOSE.sub(r"\1", _TORN.sub(r"\1 ", clean)).lstrip(",; ")


def _counted(match: re.Match[str]) -> str:
    number = int(match[1])
    return f"{_NUMBERS[number - 2]} times" if 2 <= number <= len(_NUMBERS) + 1 else match[0]


def sentences(text: str, *, english: bool = True) -> list[Said]:
    """Return the sentences of words without directions."""
    clean = as_said(text, english=english)
    parts, begin = list[str](), 0
    for end in _END.finditer(clean):
        if not _ends(clean, begin, end):
            continue
        parts.append(clean[begin : end.end()].strip())
        begin = end.end()
    parts.append(clean[begin:].strip())
    return [Said(lines(part), _pause_s(part)) for part in parts if any(sign.isalnum() for sign in part)]


def _ends(text: str, begin: int, end: re.Match[str]) -> bool:
    """Return whether a full stop ends a sentence that begins there, or stands after an abbreviation."""
    follows = text[end.end() : end.end() + 8].lstrip("\"“‘'(")[:1]
    if follows.islower():
        return False
    if not end[0].startswith(".") or end[0].strip() != ".":
        return True
    word = text[max(begin, end.start() - 20) : end.start()].rpartition(" ")[2].lstrip("\"“‘'(").casefold()
    if word in _SOMETIMES_LAST:
        return follows.isupper()
    if word in _BEFORE_NUMBERS and follows.isdigit():
        return False
    initial = len(word) == 1 and word.isalpha() and word != "i"
    return word not in _ABBREVIATIONS and not initial


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
