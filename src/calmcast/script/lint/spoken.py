"""What a voice may not read as it was meant: digits, signs, capitals, addresses, words that it has never met."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

from calmcast.diagnostics import Problem
from calmcast.model.script import Script
from calmcast.script.language.fields import warning
from calmcast.script.language.lines import PLACEHOLDER
from calmcast.script.language.numbers import in_words
from calmcast.script.lint.lost_steps import lost_step
from calmcast.script.lint.placed import MOST_LOOKED_AT, Finding, PlacedPart, is_english, lines, place_of, placed, wanted
from calmcast.script.lint.unlike import unlike_english
from calmcast.text import shorten

_ADDRESS = re.compile(
    r"https?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|org|net|info|edu|co|uk|de|io)\b(?:/\S*)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d.,:/]*(?<![.,:/])\w*")
_CAPITALS = re.compile(r"(?<![\w'’])[A-Z]{2,}(?![\w])")
_READ_WELL = frozenset({"OK", "TV"})
_WORD = re.compile(r"(?<![\w'’])[^\W\d_]+(?:['’][^\W\d_]+)*")
_APOSTROPHE = re.compile("['’]")
_PLAIN = frozenset(".,;:!?…'\"’‘“”„«»‹›-–—()[]<> ")
_SIGNS = {"&": "and", "+": "plus", "%": "percent", "@": "at", "/": "or", "=": "is"}
_NEAR = 8
"""Characters before a word that show whether a sentence begins with it."""
_LEXICON = "add it to a lexicon (voices/lexicon/en.yaml):"


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Something that may be read wrongly: the code, where in the text, and what to do."""

    code: str
    start: int
    end: int
    message: str
    hint: str


def check_words(script: Script, lexicon_words: Collection[str]) -> tuple[Problem, ...]:
    """Return what an English voice may say wrongly in a composed script, each word once.

    `lexicon_words` are the words whose pronunciation is known. A script in another language has no such problems.
    """
    if not is_english(script):
        return ()
    parts = placed(script)
    return wanted(_first_of_each(parts, _known(lexicon_words)), parts)


def check_own_words(script: Script, unknown: Callable[[str, str], tuple[str, ...]]) -> tuple[Problem, ...]:
    """Return the signs in phonemes inside lines, `{psoas|/ˈsoʊæs/}`, that IPA does not have.

    `unknown` gives those of an alphabet and a text.
    """
    parts = placed(script)
    return wanted(_unknown_signs(parts, unknown), parts)


def _unknown_signs(parts: tuple[PlacedPart, ...], unknown: Callable[[str, str], tuple[str, ...]]) -> Iterator[Finding]:
    for where, line in lines(parts):
        for written, said in line.said:
            if len(said) > 2 and said[0] == said[-1] == "/" and (signs := unknown("ipa", said[1:-1])):
                message = f"the phonemes of `{shorten(written)}` have signs that IPA does not: {' '.join(signs)}"
                hint = "write IPA between the slashes, or a respelling without them: {psoas|so-as}"
                yield where, warning("unknown-sign", message, line.source, hint)


def _first_of_each(parts: tuple[PlacedPart, ...], known: re.Pattern[str] | None) -> Iterator[Finding]:
    """Yield each doubtful word where it comes first without being allowed."""
    seen, doubts_of = set[tuple[str, str]](), cache(partial(_doubts, known))
    for where, line in lines(parts):
        text = line.text
        if where.untranslated or ("spoken-step" not in where.allowed and lost_step(text)):
            continue
        for doubt in doubts_of(text, line.said):
            name = (doubt.code, text[doubt.start : doubt.end].casefold())
            if doubt.code not in where.allowed and name not in seen:
                seen.add(name)
                yield where, warning(doubt.code, doubt.message, place_of(line, doubt.start, doubt.end), doubt.hint)


def _known(words: Collection[str]) -> re.Pattern[str] | None:
    """Return the pattern of the words that a lexicon has, also in the possessive and the plural."""
    names = sorted(
        {" ".join(word.replace("-", " ").split()) for word in words if word.strip()}, key=lambda w: (-len(w), w)
    )
    if not names:
        return None
    either = "|".join(r"[\s-]+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{either})(?:['’]?s|['’])?(?!\w)", re.IGNORECASE)


def _doubts(known: re.Pattern[str] | None, written: str, said: tuple[tuple[str, str], ...]) -> tuple[_Doubt, ...]:
    text = unicodedata.normalize("NFC", written)
    text = (text if len(text) == len(written) else written)[:MOST_LOOKED_AT]
    for word, _ in said:
        text = text.replace(word, " " * len(word))
    for pattern in (PLACEHOLDER, known):
        text = pattern.sub(lambda match: " " * len(match[0]), text) if pattern else text
    doubts = list[_Doubt]()
    for pattern, doubt in ((_ADDRESS, _address), (_DIGITS, _digits), (_CAPITALS, _capitals), (_WORD, _word)):
        found = [(match, each) for match in pattern.finditer(text) if (each := doubt(match))]
        doubts += (each for _, each in found)
        text = _without(text, [match.span() for match, _ in found]) if found else text
    return (*doubts, *_signs(text))


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with spaces in place of some of it."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    return "".join(" " * len(piece) if index % 2 else piece for index, piece in enumerate(pieces))


def _address(match: re.Match[str]) -> _Doubt:
    message = f"`{shorten(match[0])}` is an address, and would be spelled out"
    return _Doubt("address", *match.span(), message, "leave it out: what is only heard cannot be followed")


def _digits(match: re.Match[str]) -> _Doubt:
    words = in_words(match[0])
    hint = f"write {words}" if words else "write the number as it is said"
    return _Doubt("digits", *match.span(), f"`{match[0]}` may be read in different ways", hint)


def _capitals(match: re.Match[str]) -> "_Doubt | None":
    word = match[0]
    if word in _READ_WELL:
        return None
    spelled = " ".join(word)
    hint = (
        f"write {word.lower()}; or, where letters are meant, {_LEXICON} - {{word: {word}, case: yes, say: {spelled}}}"
    )
    return _Doubt("capitals", *match.span(), f"`{word}` in capitals may be spelled out, or shouted at the eye", hint)


def _word(match: re.Match[str]) -> "_Doubt | None":
    word = _APOSTROPHE.split(match[0], maxsplit=1)[0]
    before = match.string[max(0, match.start() - _NEAR) : match.start()].rstrip(" \"'’“‘(")
    first = not before or before[-1] in ".!?…"
    if not unlike_english(word[:1].lower() + word[1:] if first else word):
        return None
    hint = f"listen with `calmcast say {word}`; write it as it sounds, or {_LEXICON} - {{word: {word}, say: ...}}"
    return _Doubt("unknown-word", match.start(), match.start() + len(word), f"a voice may not know `{word}`", hint)


def _signs(text: str) -> Iterator[_Doubt]:
    for match in re.finditer(r"[^\w\s]\ufe0f?|_+", text):
        sign = match[0]
        if sign in _PLAIN or unicodedata.category(sign[0]) in ("Mn", "Mc", "Cf", "Pd"):
            continue
        instead = f"write {_SIGNS[sign]}" if sign in _SIGNS else "write in words what is meant, or leave it out"
        yield _Doubt("sign", *match.span(), f"`{sign}` may be read aloud, or left out", instead)
