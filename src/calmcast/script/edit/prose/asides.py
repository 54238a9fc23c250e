"""What stands in brackets, tags and ornaments among the words: a pause, a bell, a blank, a direction, or words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from calmcast.script.edit.prose.directions import (
    BREATH_S,
    breaths,
    is_bell,
    is_bell_alone,
    is_direction,
    is_manner,
    is_sound,
)
from calmcast.script.edit.prose.durations import time_in
from calmcast.script.edit.prose.items import Aside, Item, Ring, Said, WrittenSilence
from calmcast.script.edit.prose.placeholders import blank_name
from calmcast.script.edit.prose.sentences import sentences
from calmcast.script.edit.prose.silences import Silence, silence, silence_inside, time_alone
from calmcast.script.edit.prose.vocabulary import vocabulary

_PAUSE_INSIDE = (
    r"(?=[^*_~—–\n]{0,40}\b(?i:pause|silence|wait|beat|bell|gong|chime)s?\b|\d+\s?(?i:s|sec|secs|seconds|min)\b)"
)
_MARK = re.compile(
    r"\[\[\s*slnc\s+(?P<slnc>\d{1,6})\s*\]\]"
    r"|\[\[\s*(?P<command>(?:rate|volm|pbas|pmod|char|nmbr|inpt|emph|rset|cmnt)\b[^\[\]]{0,60})\]\]"
    r"|\[(?P<square>[^\[\]]{0,300})\]|\{\{?(?P<curly>[^{}]{0,300})\}\}?|<(?P<pointed>[A-Za-z][^<>]{0,300})>"
    r"|\((?P<round>[^()]{1,300})\)|(?P<dots>…)"
    r"|(?:(?<=\s)|^)/(?P<slash>\d{1,4}(?:[.,]\d{1,3})?\s?(?:ms|s|secs?|m|min)?|p|pause)(?![\w/])"
    r"|(?:(?<=\s)|^)//\s*(?P<after>[^/]{2,60})$"
    r"|;\s?(?P<phrase>\d{1,4}(?:\.\d{1,3})?\s?(?:s|ms)?)\s*$"
    rf"|(?P<ornament>[*_~]{{1,3}}|-{{2,4}}|\|{{1,2}}|—|–)\s*{_PAUSE_INSIDE}(?P<inside>[^*~—–|"
    rf"\[\]]{{1,60}}?)\s*(?P=ornament)"
    r"|(?<!\w)(?P<emphasis>[*_]{1,3})(?P<stressed>[^*_]{3,40})(?P=emphasis)(?!\w)"
    r"|\b(?P<capitals>PAUSE:? \d{1,3}(?: ?(?i:s|secs?|seconds?|mins?|minutes?)\b)?)(?= {0,3}(?:[.!?…](?!\d)|$))"
    r"|(?P<line>_{3,})|%(?P<percent>[A-Z][A-Z_ ]{1,30})%"
)
_ELLIPSIS = re.compile(r"\s*(?:\.\s?){2,}\.?|\s*…+")
_STRESSED = re.compile(r"[*_]{1,3}(\[[^\[\]]{1,300}\]|\([^()]{1,300}\)|\{[^{}]{1,300}\})[*_]{1,3}")
"""Brackets in emphasis; the brackets say enough."""
_NEAR = 80
"""So far back a mark looks for what stands before it: more than blanks come to, see `furniture`."""
_DOUBLED = re.compile(r"([()])\1+")
_FOOTNOTE = re.compile(r"\^?\d{1,3}|[a-z]|\*+|[†‡§]")
_OWN_TIME = re.compile(r"\d{1,3}(?:\.\d)?s")
_COUNTED = re.compile(r"\d|(?:about|around|approx\w*\.?|ca\.?|~|total)\s", re.IGNORECASE)
_ENDS = ".!?…"
_LEADS = vocabulary(
    "is my the a an to of for with in at dear your named called from say word words i'm am are welcome by"
)
"""After these, a sentence would break off without what stands in brackets."""
_ASIDE, _TIME, _BLANK = "perhaps a direction", "a time without a pause word", "to fill in"
_OPENS, _CLOSES = "\ue000", "\ue001"
_UNFILLED = re.compile(f"{_OPENS}([^{_CLOSES}]*){_CLOSES}")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read: what was answered for its blanks, and whether its signs mean English words."""

    answers: Mapping[str, str]
    english: bool = True


def items(text: str, reading: Reading) -> tuple[Item, ...]:
    """Return what a paragraph, or a line, comes to; a direction in the midst of a sentence stands before it."""
    plain = _STRESSED.sub(r"\1", text.replace(_OPENS, "").replace(_CLOSES, ""))
    words = _ELLIPSIS.sub("… ", _DOUBLED.sub(r"\1", plain))
    found, said, position = list[Item](), "", 0
    for mark in _MARK.finditer(words):
        made = _meaning(mark, words, reading)
        if made is None:
            continue
        said, position = said + words[position : mark.start()], mark.end()
        match made:
            case str():
                said += made
            case Aside() if said.strip() and said.rstrip()[-1] not in _ENDS:
                whole = max(map(said.rfind, _ENDS)) + 1
                found += (*_sentences(said[:whole], reading), made)
                said = f"{said[whole:].rstrip()} "
            case _:
                found += _sentences(said, reading, ended=bool(mark["dots"]) and not _goes_on(words, mark))
                found.append(made)
                said = ""
    return (*found, *_sentences(said + words[position:], reading))


def alone(text: str, *, is_beside_heading: bool, reading: Reading) -> Item | None:
    """Return what a whole paragraph or line is that is nothing but a direction; None where it has words to speak."""
    words = text.strip()
    if len(words) > 400:
        return None
    if words.startswith(("!!", "??")):
        return Aside(words, _ASIDE)
    inside = words.strip("*_~ ")
    bracketed = (
        inside[:1] in ("(", "[", "{") and inside[-1:] in (")", "]", "}") and not set(inside[1:-1]) & set("()[]{}")
    )
    if pause := silence(words, bracketed=bracketed):
        return _written(pause, words)
    if (bracketed or _COUNTED.match(inside)) and (pause := time_alone(words)):
        if is_beside_heading:
            return Aside(inside, "how long a part is meant to last")
        return _written(pause, words)
    is_stressed = inside != words and not set(inside) & set("*_")
    if is_bell_alone(inside):
        return Ring()
    if not bracketed and not is_stressed:
        return Aside(inside, _ASIDE) if is_sound(inside) else None
    content = inside.strip("()[]{} ")
    if is_bell(content):
        return Ring()
    if bracketed and (count := breaths(content)):
        return WrittenSilence(BREATH_S * count, words, "a breath")
    if bracketed and blank_name(content, inside[0]) and inside[0] in "{[":
        return None
    if bracketed and inside[0] in "([":
        return silence_or_aside(content, inside)
    return Aside(inside, _ASIDE) if not bracketed and is_direction(content) else None


def silence_or_aside(content: str, written: str) -> Item:
    found = silence_inside(content) if written[0] == "[" else None
    return _written(found, written) if found else Aside(written, _ASIDE)


def _meaning(mark: re.Match[str], text: str, reading: Reading) -> Item | str | None:
    """Return what a mark asks for, words to put in its place, or None where it is words to speak."""
    written = mark[0].strip()
    match mark.lastgroup:
        case "slnc":
            return _seconds(int(mark["slnc"]) / 1000, written)
        case "command":
            return ""
        case "dots":
            return WrittenSilence(2 if _goes_on(text, mark) else 4)
        case "slash" | "phrase":
            return _of_number(mark["slash"] or mark["phrase"], written)
        case "after":
            return Aside(written, _ASIDE) if is_direction(mark["after"]) else None
        case "capitals":
            found = silence(mark["capitals"])
            return _written(found, written) if found else None
        case "inside":
            return _in_ornament(mark["inside"], written)
        case "stressed":
            content = mark["stressed"].strip(" .:")
            opens = text[max(0, mark.start() - _NEAR) : mark.start()].rstrip()[-1:] in ".!?…"
            return Aside(written, _ASIDE) if opens and is_manner(content) else None
        case "line":
            return _filled("blank", reading)
        case "percent":
            return _filled(mark["percent"].lower(), reading)
        case _:
            return _in_brackets(mark, written, reading)


def _in_brackets(mark: re.Match[str], written: str, reading: Reading) -> Item | str | None:
    kind = mark.lastgroup
    content = " ".join(mark[kind].split()) if kind else ""
    is_round = kind == "round"
    if content.lower() == "p":
        return _of_number("p", written)
    if found := silence(content, bracketed=True):
        return _written(found, written)
    if is_bell(content):
        return Ring()
    if not is_round and (found := silence_inside(content)):
        return _written(found, written)
    if is_round and (found := silence_inside(content)) and not found.guess:
        return _written(found, written)
    if count := breaths(content):
        return WrittenSilence(BREATH_S * count, written, "a breath")
    if name := blank_name(content, written[0]):
        return _filled(name, reading)
    if kind == "square" and _OWN_TIME.fullmatch(content):
        return _seconds(float(content[:-1]), written)
    time = time_in(content, bare=False)
    if time and (not is_round or len(content.split()) <= 4):
        return Aside(written, _TIME)
    if not is_round:
        if not content or _FOOTNOTE.fullmatch(content):
            return ""
        leads = mark.string[: mark.start()].rsplit(maxsplit=1)[-1:]
        if leads and leads[0].casefold() in _LEADS and not is_direction(content):
            return _filled(content, reading)
        return Aside(written, _ASIDE)
    return Aside(written, _ASIDE) if is_direction(content) else None


def _in_ornament(inside: str, written: str) -> Item | None:
    if found := silence(inside, bracketed=True):
        return _written(found, written)
    if is_bell(inside, 3):
        return Ring()
    return Aside(written, _TIME) if time_in(inside, bare=False) else None


def _filled(name: str, reading: Reading) -> str:
    """Return what was answered for a blank, else its mark."""
    return reading.answers.get(name, "") or f"{_OPENS}{name}{_CLOSES}"


def _of_number(content: str, written: str) -> Item:
    if content in ("p", "pause"):
        return WrittenSilence(6, written, "a pause without a length")
    time = time_in(content)
    return _seconds(time.seconds if time else 1, written)


def _written(found: Silence, written: str) -> WrittenSilence:
    return WrittenSilence(_whole(found.seconds), written, found.guess)


def _seconds(seconds: float, written: str) -> WrittenSilence:
    return WrittenSilence(_whole(seconds), written)


def _whole(seconds: float) -> int:
    return max(1, int(seconds + 0.5))


def _goes_on(text: str, mark: re.Match[str]) -> bool:
    """Return whether a sentence goes on after its dots."""
    return text[mark.end() : mark.end() + 8].lstrip()[:1].islower()


def _sentences(text: str, reading: Reading, *, ended: bool = False) -> list[Item]:
    """Return the sentences of words between marks; `ended`: the last one ends there, whatever it ends with."""
    if not text.strip():
        return []
    found = [_spoken(said) for said in sentences(text, english=reading.english)]
    if ended and found and isinstance(last := found[-1], Said) and last.lines[-1][-1].isalnum():
        found[-1] = Said((*last.lines[:-1], last.lines[-1] + "."), last.pause_s)
    return found


def _spoken(said: Said) -> Item:
    """Return a sentence; one that only asks for a pause is that pause, and one with a blank is not spoken."""
    if _OPENS in said.text:
        names = tuple(dict.fromkeys(_UNFILLED.findall(said.text)))
        return Aside(_UNFILLED.sub(lambda match: f"{{{match[1]}}}", said.text), _BLANK, names)
    pause = silence(said.text)
    if pause and (
        any(sign.isdigit() for sign in said.text) or (said.words == 1 and said.text.lower().startswith("pause"))
    ):
        return _written(pause, said.text)
    return said
