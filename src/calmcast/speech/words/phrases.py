"""A line split into phrases, each short enough to say in one breath, with the silence after each."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from calmcast.model.voice import Phrase, Pronounced, Utterance
from calmcast.units import SAMPLE_RATE

LONGEST_WORDS = 30
"""The most words in a phrase: more are not said in one breath."""
LONGEST_CHARACTERS = 250
"""The most characters in a phrase: some engines crash on very long text."""
SHORTEST_WORDS = 3
"""The fewest words a phrase may have where it ends or begins inside a sentence: `Now,` alone is a stumble."""

_PLAIN = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'", "ʼ": "'",
    "“": " ", "”": " ", "„": " ", "‟": " ", "«": " ", "»": " ", "″": " ", '"': " ",
    "‐": "-", "‑": "-", "−": "-", "‒": "–", "―": "—", "&": " and ", "°": "°",
    "*": " ", "_": " ", "#": " ", "~": " ", "^": " ", "|": " ", "\\": " ",
    "<": " ", ">": " ", "{": " ", "}": " ", "[": " ", "]": " ",
}  # fmt: skip
"""Plainer forms, and signs that an engine takes for markup or reads aloud as `asterisk`."""

_INVISIBLE = {"Cf", "Me"}
"""Unicode categories that go without a trace: zero-width characters, soft hyphens, keycaps."""
_UNSPOKEN = {"So", "Sk", "Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}
"""Unicode categories that become a space: emoji, controls, every kind of space."""

_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\s+", " "),
        (r"(?<![\d.,:-])(\d{1,3})\s*[–-]\s*(?=\d{1,3}(?![\d-]))", r"\1 to "),
        (r"[.…](?: ?[.…])+", "…"),
        (r"\s*[–—]+\s*|\s*--+\s*|(?:^|\s)-(?:\s|$)", ", "),
        (r"\s*[()]\s*", ", "),
        (r"(?<!\w)'|'(?!\w)", ""),
        (r"!+", "!"),
        (r"[!?]*\?[!?]*", "?"),
        (r"(?<=[!?])[.…]+", ""),
        (r"…+(?=\s*$|\s+[^\Wa-z_])", "."),
        (r"…+\s*", ", "),
        (r"\s+(?=[,;:.!?])", ""),
        (r"[,;:]+(?=[,;:.!?])|(?<=[.!?])[,;:]+", ""),
        (r"(?<=[a-z]{2}[.!?])(?=[A-Z][a-z])", " "),
        (r"\s+", " "),
    )
)
"""In this order, after `_PLAIN`. Engines read `...` as "dot dot dot" and pass over a dash, so both become what they
mean: a comma's lift, or the end of a sentence."""

_STOP = re.compile(r"([.!?]) (?=(\S))")
_SAYABLE = re.compile(r"[^\W_]\S*")
_CLAUSE_END = re.compile(r"(?<=[,;:]) ")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-HJ-Z]")
_ABBREVIATIONS = frozenset(["e.g", "i.e", "dr", "mr", "mrs", "ms", "prof", "st", "vs", "cf", "approx", "sr", "jr"])
_BEFORE_NUMBERS = frozenset({"no", "nos", "fig", "p", "pp"})
_ABBREVIATIONS_THAT_END = frozenset({"a.m", "p.m", "etc", "min", "sec"})
"""These may end a sentence too, and do where a capital follows."""


def utterance(
    pieces: tuple[str | int, ...],
    phrase_gap: int,
    sentence_gap: int,
    apply_lexicon: Callable[[str], tuple[str | Pronounced, ...]],
    pace: int | None = None,
) -> Utterance:
    """Return a line as the voice will say it: its phrases in order, each with the silence after it.

    `pieces` are the line's texts and fixed silences (samples at 44 100 Hz), as in `model.script.Line`. The silence
    is `sentence_gap` after a sentence, `phrase_gap` after a phrase within one (both in samples), the fixed silence
    where one stands between two pieces, and 0 after the last phrase: a silence before the first words or after the
    last is not part of what is said. A text with nothing to say in it (signs, emoji) gives no phrase, and the
    silences around it add up. No phrase is longer than LONGEST_WORDS and LONGEST_CHARACTERS as written.

    With a `pace` in words a minute, a phrase and the gap after it last at least as long as its words take at that pace,
    and longer by what a sentence's gap is longer than a phrase's; fixed silences stay as they are.
    """
    said: list[Phrase] = []
    for piece in _joined(pieces):
        if isinstance(piece, str):
            for text, gap, runs_on in _phrases(piece, phrase_gap, sentence_gap):
                lasts = _words(text) * 60 * SAMPLE_RATE // pace + gap - phrase_gap if pace and gap else 0
                said.append(Phrase(apply_lexicon(text), gap, lasts, runs_on))
        elif said:
            said[-1] = replace(said[-1], silence=said[-1].silence + piece)
    if said:
        said[-1] = replace(said[-1], silence=0)
    return Utterance(tuple(said))


def plain_text(text: str) -> str:
    """Return text that no engine stumbles over: plain quotes and spaces, commas for dashes and brackets, no emoji."""
    plain = unicodedata.normalize("NFC", text).translate(_PLAINER)
    for pattern, replacement in _REWRITES:
        plain = pattern.sub(replacement, plain)
    return plain.strip(" ").lstrip(",;:.!? ")


def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isascii() and character.isprintable():
        return character
    if "\ufb00" <= character <= "\ufb06" or "\uff01" <= character <= "\uff5e":  # ligatures from a PDF, full width
        return "".join(map(_plain, unicodedata.normalize("NFKC", character)))
    category = unicodedata.category(character)
    if category in _INVISIBLE or "\ufe00" <= character <= "\ufe0f":
        return ""
    return " " if category in _UNSPOKEN else character


class _Plainer(dict[int, str]):
    """The plainer form of each character, for `str.translate`: found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


_PLAINER = _Plainer()


def _joined(pieces: tuple[str | int, ...]) -> Iterator[str | int]:
    """Yield the pieces plain, texts that stand side by side as one, texts with nothing to say left out."""
    text = ""
    for piece in (*pieces, None):
        if isinstance(piece, str):
            text += f" {piece}"
            continue
        if _words(plain := plain_text(text)):
            yield plain
            text = ""
        if piece is not None:
            yield piece


def _phrases(text: str, phrase_gap: int, sentence_gap: int) -> Iterator[tuple[str, int, bool]]:
    """Yield each phrase of a plain text, the silence after it (0 after the last), and whether its sentence goes on."""
    sentences = [[*_breaths(_clauses(sentence))] for sentence in _sentences(text)]
    for i, phrases in enumerate(sentences):
        yield from ((phrase, phrase_gap, True) for phrase in phrases[:-1])
        yield phrases[-1], sentence_gap * (i < len(sentences) - 1), False


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for stop in _STOP.finditer(text):
        sign, following = stop.groups()
        word = text[text.rfind(" ", start, stop.start()) + 1 or start : stop.start()].lstrip("'-")
        if (sign != "." or _ends(word, following)) and _words(text[start : stop.end()]):
            yield text[start : stop.end()].rstrip()
            start = stop.end()
    yield text[start:]


def _ends(word: str, following: str) -> bool:
    """Return whether a full stop after `word`, before the character `following`, ends a sentence."""
    if word.lower() in _BEFORE_NUMBERS:
        return not following.isdigit()
    if word.lower() in _ABBREVIATIONS_THAT_END:
        return following.isupper()
    return word.lower() not in _ABBREVIATIONS and not _INITIALS.fullmatch(word)


def _clauses(sentence: str) -> Iterator[str]:
    """Yield the parts of a sentence between its commas, colons and semicolons that can stand alone."""
    parts = _CLAUSE_END.split(sentence)
    left = _words(sentence)
    clause: list[str] = []
    words = 0
    for part in parts:
        clause.append(part)
        words, left = words + _words(part), left - _words(part)
        if min(words, left) >= SHORTEST_WORDS:
            yield " ".join(clause)
            clause, words = [], 0
    if clause:
        yield " ".join(clause)


def _breaths(clauses: Iterator[str]) -> Iterator[str]:
    """Yield the clauses, one that is too long in parts of about equal length, cut between words."""
    for clause in clauses:
        words = [*_whole_words(clause)]
        parts = max(-(-len(words) // LONGEST_WORDS), -(-len(clause) // LONGEST_CHARACTERS))
        most, part = -(-len(words) // parts), ""
        for word in words:
            if part and (part.count(" ") + 1 >= most or len(part) + 1 + len(word) > LONGEST_CHARACTERS):
                yield part
                part = ""
            part = f"{part} {word}" if part else word
        yield part


def _whole_words(text: str) -> Iterator[str]:
    """Yield the words; one that is longer than a phrase may be (it is no word) in pieces."""
    for word in text.split(" "):
        yield from (word[i : i + LONGEST_CHARACTERS] for i in range(0, len(word), LONGEST_CHARACTERS))


def _words(text: str) -> int:
    """Return how many words can be said in this text."""
    return len(_SAYABLE.findall(text))
