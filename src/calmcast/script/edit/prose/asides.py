"""What stands in brackets, tags and ornaments among the words: a pause, a bell, a blank, a direction, or words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from calmcast.script.edit.prose.durations import time_in
from calmcast.script.edit.prose.items import Aside, Item, Ring, Said, WrittenSilence
from calmcast.script.edit.prose.sentences import sentences
from calmcast.script.edit.prose.silences import Silence, silence, silence_inside, time_alone
from calmcast.script.edit.prose.vocabulary import vocabulary

_PAUSE_INSIDE = (
    r"(?=[^*_~—–\n]{0,40}\b(?i:pause|silence|wait|beat|bell|gong|chime)s?\b|\d+\s?(?i:s|sec|secs|seconds|min)\b)"
)
_MARK = re.compile(
    r"\[\[\s*slnc\s+(?P<slnc>\d{1,6})\s*\]\]"
    r"|\[(?P<square>[^\[\]]{0,300})\]|\{\{?(?P<curly>[^{}]{0,300})\}\}?|<(?P<pointed>[^<>]{0,300})>"
    r"|\((?P<round>[^()]{1,300})\)|(?P<dots>…)"
    r"|(?:(?<=\s)|^)/(?P<slash>\d{1,4}(?:[.,]\d{1,3})?\s?(?:ms|s|secs?|m|min)?|p|pause)(?![\w/])"
    r"|;\s?(?P<phrase>\d{1,4}(?:\.\d{1,3})?\s?(?:s|ms)?)\s*$"
    rf"|(?P<ornament>[*_~]{{1,3}}|-{{2,4}}|\|{{1,2}}|—|–)\s*{_PAUSE_INSIDE}(?P<inside>[^*~—–|"
    rf"\[\]]{{1,60}}?)\s*(?P=ornament)"
    r"|(?<!\w)(?P<emphasis>[*_]{1,3})(?P<stressed>[^*_]{3,40})(?P=emphasis)(?!\w)"
    r"|(?P<line>_{3,})|%(?P<percent>[A-Z][A-Z_ ]{1,30})%"
)
_ELLIPSIS = re.compile(r"\s*(?:\.\s?){2,}\.?|\s*…+")
_DOUBLED = re.compile(r"([()])\1+")
_BELL_ALONE = re.compile(
    r"(?:(?:ring|sound|strike|play|chime) )?(?:the |a |one )?(?:\w+ )?(?:bells?|gong|chimes?|tingsha)"
    r"(?: (?:rings?|sounds?|chimes?|once|twice|three times|\d+ ?x))*\.?",
    re.IGNORECASE,
)
_BELL = re.compile(r"\b(?:bells?|gong|chimes?|singing bowl|bowl|ding|tingsha)\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\^?\d{1,3}|[a-z]|\*+|[†‡§]")
_OWN_TIME = re.compile(r"\d{1,3}(?:\.\d)?s")
_BREATH_S = 4
_BREATHS = re.compile(
    r"(?:(?:take )?(?:a |one )?(?:deep |slow |long |audible )*)?(?:inhales?|exhales?|breaths?|breathes?|"
    r"breathing|sighs?|"
    r"in-?breath|out-?breath|breathe? (?:in|out)|inhalation|exhalation)(?: (?:deeply|slowly|in|out|here))*"
)
_FILL_IN = re.compile(r"(?:please )?(?:insert|enter|fill in|type|your|choose|pick|select)\b")
_PLACES = vocabulary(
    "name names number numbers date day place location city town studio teacher instructor company school color colour",
    "word words mantra phrase intention affirmation season month year age website email address",
    "organization organisation",
    "group class object animal x xx xxx n title client participant student listener person part body",
    "event business host firstname",
)
_BESIDE_PLACES = vocabulary(
    "your the a an their of here s first last client's student's participant's listener's or in my"
)
_STAGE = vocabulary(
    "music fade fades fading faded narrator speaker reader students student participants participant listeners clients",
    "whisper whispers whispered whispering volume sfx script recording soundtrack audio softly quietly",
    "optional note cue",
    "laughter laughs applause ambient repeat repeats repeated slower louder softer quieter sound sounds",
    "teacher instructor",
    "warmly tenderly spoken aloud instrumental inaudible murmurs continues voiceover demonstrate demonstrates cont",
)
_SOUNDS = vocabulary("music sfx soundtrack applause laughter instrumental")
_ADVERBS = vocabulary(
    "slowly gently softly quietly calmly warmly tenderly soothingly lovingly kindly smiling smile smiles whispering",
    "reassuringly steadily lower higher slower softer quieter louder brightly evenly sleepily deeply lightly firmly",
)
_COUNTED = re.compile(r"\d|(?:about|around|approx\w*\.?|ca\.?|~|total)\s", re.IGNORECASE)
_TO_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_TIMES_OVER = re.compile(r"(?:repeat\b.*|[x×]\s?\d+|\d+\s?[x×]|\d+ times|.*\bother side\b.*|both sides)")
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
    words = _ELLIPSIS.sub("… ", _DOUBLED.sub(r"\1", text.replace(_OPENS, "").replace(_CLOSES, "")))
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
    if _BELL_ALONE.fullmatch(inside):
        return Ring()
    if not bracketed and not is_stressed:
        return Aside(inside, _ASIDE) if _is_stage(inside) else None
    content = inside.strip("()[]{} ")
    if _BELL.search(content) and len(content.split()) <= 4:
        return Ring()
    if _BREATHS.fullmatch(content.lower().strip(" .")) and bracketed:
        return WrittenSilence(_BREATH_S, words, "a breath")
    if bracketed and _blank(content, inside[0]) and inside[0] in "{[":
        return None
    if bracketed and inside[0] in "([":
        return silence_or_aside(content, inside)
    return Aside(inside, _ASIDE) if not bracketed and is_direction(content) else None


def _is_stage(text: str) -> bool:
    """Return whether a short line without a stop tells what sounds: `Intro music`."""
    words = text.casefold().split()
    return len(words) <= 4 and text[-1:].isalnum() and any(word in _SOUNDS for word in words)


def silence_or_aside(content: str, written: str) -> Item:
    found = silence_inside(content) if written[0] == "[" else None
    return _written(found, written) if found else Aside(written, _ASIDE)


def is_direction(content: str) -> bool:
    """Return whether words in brackets tell a reader how, and nobody who rests what."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", content.casefold())
    if not words or _TO_YOU.search(content):
        return bool(_TIMES_OVER.fullmatch(content.casefold().strip(" .")))
    if len(words) <= 3 and any(word in _ADVERBS | _STAGE for word in words):
        return True
    return any(word in _STAGE for word in words) or bool(_TIMES_OVER.fullmatch(content.casefold().strip(" .")))


def _meaning(mark: re.Match[str], text: str, reading: Reading) -> Item | str | None:
    """Return what a mark asks for, words to put in its place, or None where it is words to speak."""
    written = mark[0].strip()
    match mark.lastgroup:
        case "slnc":
            return _seconds(int(mark["slnc"]) / 1000, written)
        case "dots":
            return WrittenSilence(2 if _goes_on(text, mark) else 4)
        case "slash" | "phrase":
            return _of_number(mark["slash"] or mark["phrase"], written)
        case "inside":
            return _in_ornament(mark["inside"], written)
        case "stressed":
            content = mark["stressed"].strip(" .:")
            opens = not text[: mark.start()].strip() or text[: mark.start()].rstrip()[-1:] in ".!?…"
            return Aside(written, _ASIDE) if opens and _is_adverb(content) else None
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
    if _BELL.search(content) and len(content.split()) <= 4:
        return Ring()
    if not is_round and (found := silence_inside(content)):
        return _written(found, written)
    if is_round and (found := silence_inside(content)) and not found.guess:
        return _written(found, written)
    if _BREATHS.fullmatch(content.lower().strip(" .")):
        return WrittenSilence(_BREATH_S, written, "a breath")
    if name := _blank(content, written[0]):
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
    if _BELL.search(inside) and len(inside.split()) <= 3:
        return Ring()
    return Aside(written, _TIME) if time_in(inside, bare=False) else None


def _is_adverb(content: str) -> bool:
    words = content.casefold().split()
    return 1 <= len(words) <= 3 and all(word.strip(",") in _ADVERBS | _STAGE | {"and", "very"} for word in words)


def _blank(content: str, opens: str) -> str:
    """Return what a placeholder is called; empty where a bracket is none."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", content.casefold().replace("_", " "))
    if not words or len(words) > 8 or is_direction(content):
        return ""
    name = " ".join(words)
    if opens == "{":
        return content.strip()
    if _FILL_IN.match(name) and (opens != "(" or any(word in _PLACES for word in words)):
        named = re.sub(r"^(?:please )?(?:insert|enter|fill in|type|choose|pick|select)\s*", "", name)
        return named or name
    fitting = all(word in _PLACES | _BESIDE_PLACES for word in words) and any(word in _PLACES for word in words)
    return name if fitting and (opens != "(" or len(words) == 1) else ""


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
