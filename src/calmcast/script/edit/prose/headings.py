"""Which line is a heading, what it is called, and how long it says that its part lasts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from calmcast.script.edit.prose.durations import time_in
from calmcast.script.edit.prose.silences import silence
from calmcast.script.edit.prose.vocabulary import vocabulary

GUESSED_LEVEL = 3
_BOLD = re.compile(r"(\*\*|__)([^*_]+)\1\s*(?P<time>[\[(][^\[\]()]{1,40}[\])])?:?")
_NUMBER = re.compile(
    r"(?:(?:part|step|section|phase|stage|chapter|teil)\s+(?:\d{1,2}|[ivx]{1,4}|one|two|three|four|five)\s*[:.–—-]\s+"
    r"|\d{1,2}(?:\.\d{1,2})*[.):]\s+|[IVX]{1,4}[.)]\s+|[A-H][.)]\s+)(?=\S)",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:part|step|section|phase|stage|chapter|teil)\b", re.IGNORECASE)
_TIMES = (
    re.compile(r"\s*[\[(]([^\[\]()]{1,40})[\])]\s*:?\s*$"),
    re.compile(r"(?:\s+[-–—|/]|\s*[,;]|:)\s+([^-–—|,/:]{1,30})$"),
    re.compile(r"(?<=[^\W\d_])\s+((?:(?:ca|approx)\.?\s*|~\s*)?\d{1,3}(?:\s*['′’]|\s?min\w{0,4}\.?))$", re.IGNORECASE),
)
"""How a time stands beside a title: in brackets, after a sign, after its last word (`Dragon left 4'`)."""
_HOURS = re.compile(r"(?<=\w)\s*[,:–—-]?\s+[\[(]?(\d{1,2}[:.]\d\d\s?[-–—]\s?\d{1,2}[:.]\d\d(?:\s*Uhr)?)[\])]?$")
_LEADS_TO_TIME = vocabulary(
    "for about another next last in hold rest stay pause silence wait the of to after within every around further sit",
    "für etwa noch nach ca stille ruhe bleib bleibe halte weitere um ungefähr",
)
"""After these, a time is part of what is said."""
_CUES = vocabulary("inhale exhale breathe hold release einatmen ausatmen atme halten om aum")
"""What begins with these is said to somebody who rests, also in capitals."""
_COUNTING = re.compile(r"\.\.|…|\d\s*,\s*\d")
_STAMP = re.compile(r"^[\[(]?(?:\d{1,2}:)?\d{1,2}:\d\d(?:\s*[-–—]\s*(?:\d{1,2}:)?\d{1,2}:\d\d)?[\])]?\s*[-–—:|]?\s+")
_OTHER_NAME = re.compile(r"(?<=\w)\s*\([^\W\d_][^()\d]{1,30}\)$")
"""What a pose is called in another language, beside its name: `Forward Fold (Uttanasana)`."""
_EMPHASIS = re.compile(r"[*_`~]+")
_SENTENCE = re.compile(r"[.!?…,;][\"”’')]*$|[;/]\s?\d[\w.]*$")
_SECTIONS = vocabulary(
    "introduction intro opening closing settling grounding arriving arrival centering welcome conclusion ending outro",
    "induction deepener deepening awakening visualization visualisation savasana shavasana closing",
    "beginning transition",
    "preparation reawakening emergence awakening body-scan exit",
    "ankommen einstimmung anfangsentspannung endentspannung schlussentspannung tiefenentspannung abschluss ausklang",
)
_NOTES = vocabulary(
    "note notes credit credits reference references source sources bibliography disclaimer instruction instructions",
    "materials material equipment props supplies tip tips variation variations modification modifications benefits",
    "contraindications purpose objective objectives overview summary description copyright license licence",
    "acknowledgements acknowledgments resources recording technical use about contents index outline changelog contact",
    "feedback comments permissions permission attribution author faq glossary footnotes appendix keywords metadata",
    "background anmerkungen hinweise quellen",
)
_BESIDE = vocabulary(
    "a an and any before by details for further general guidance guide guidelines how important information instructor",
    "instructors in links meditation music need needed of on optional or other practice practical production reader",
    "readers reading record script scripts session sound speaker suggested table tape teacher teachers",
    "teaching the this",
    "to usage useful version what when who with you your youll ll using facilitator facilitators therapist therapists",
    "yoga relaxation voice your's s timing safety history related preparation preparing setup staff leader leaders",
)
"""What stands under a heading of these words is for whoever reads, and not spoken."""
_SCRIPT = re.compile(
    r"(?:the )?(?:(?:meditation|relaxation|guided|full|main|complete|recording|yoga|nidra|practice|s[h]?avasana|class|"
    r"closing|opening) )*"
    r"(?:script|transcript|text|spoken text|words to read|meditation begins|begin(?: script|"
    r" recording)?)(?: begins| starts)?|(?:.{1,40}\W)?(?:text )?zum vorlesen\W?|vorlesetext",
    re.IGNORECASE,
)
NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_BYLINE = re.compile(
    r"(?i:written by|created by|read by|by|von|par|author:?|©)\s+"
    rf"{NAME}(?:,?\s+(?:{NAME}|&|and|de|van|von|la)){{0,6}}(?:,?\s+\d{{4}})?"
)
LONGEST_BYLINE = 8
_SMALL = vocabulary("a an and at by for from in into of on or out over the to with your")
_LONGEST, _WORDS_BELOW = 8, 4
_LEAST_AIM_S = 60
_BESIDE_A_TIME = vocabulary("about approx approximately duration length time ca around total long each or so to")


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    title: str
    aim: str = ""
    """How long its part is meant to last, as written."""
    is_guess: bool = False
    """Nothing but its looks says that it is one."""


def heading(text: str, *, marked: bool, follows: str = "") -> Heading | None:
    """Return the heading that a row is, or None where it is words to speak.

    `marked`: a sign or a style says that it is one. `follows`: the row below it, in the same paragraph.
    """
    if marked:
        return _titled(text, 1, guessed=False)
    words = text.split()
    if len(words) > _LONGEST + 4 or silence(text) or _ends_with_pause(text):
        return None
    if (bold := _BOLD.fullmatch(text)) and len(words) <= _LONGEST and _names(bold[2]):
        return _titled(f"{bold[2]} {bold['time'] or ''}", GUESSED_LEVEL, guessed=False)
    plain = _EMPHASIS.sub("", text).strip()
    aimed, aim = _without_time(plain)
    if aim and len(aimed.split()) <= _LONGEST and not _SENTENCE.search(aimed):
        return _titled(plain, GUESSED_LEVEL, guessed=False)
    if is_capital_title(plain):
        return _titled(plain, GUESSED_LEVEL, guessed=False)
    if follows:
        title = _OTHER_NAME.sub("", plain.rstrip(":").strip())
        named = names_script(title) or title.casefold() in _SECTIONS
        is_over_words = len(follows.split()) >= _WORDS_BELOW or not follows[:1].isalpha()
        is_numbered = _NUMBER.match(plain) is not None and plain.endswith(":")
        is_one = (named and is_over_words) or is_of_notes(title) or is_numbered
        is_plain = "," not in title and _NUMBER.match(title) is None and _is_titled(title.split())
        if not is_one and is_plain and follows[:1].isupper() and follows[-1:] in tuple(".!?…"):
            return _titled(plain, GUESSED_LEVEL, guessed=True)
        return _titled(plain, GUESSED_LEVEL, guessed=False) if is_one else None
    return _guessed(plain)


def _ends_with_pause(text: str) -> bool:
    """Return whether words stand there, and a pause after them: `Back. PAUSE 10`."""
    stop = max(map(text.rstrip(" .!?*_").rfind, (". ", "! ", "? ", "… ", ": ")))
    return stop > 0 and not text[:stop].isdigit() and silence(text[stop + 1 :]) is not None


def _guessed(text: str) -> Heading | None:
    """Return the heading that a line alone in its paragraph looks like."""
    number = _NUMBER.match(text)
    rest = text[number.end() :] if number else text
    title = _OTHER_NAME.sub("", rest.rstrip(":").strip())
    words = title.split()
    if not words or len(words) > _LONGEST or _SENTENCE.search(rest) or not title[-1].isalnum():
        return None
    if is_of_notes(title) or names_script(title) or names_script(rest.rstrip(":").strip()):
        return _titled(text, GUESSED_LEVEL, guessed=False)
    known = title.casefold() in _SECTIONS
    if not (number and title[:1].isupper()) and not known and not _is_titled(words):
        return None
    return _titled(text, GUESSED_LEVEL, guessed=True)


def _is_titled(words: Sequence[str]) -> bool:
    """Return whether each of a few words has a capital, as a title has them, and is no cue."""
    fits = 1 < len(words) <= _LONGEST - 2 and words[-1][-1].isalnum() and not _is_cue(" ".join(words))
    return fits and all(word[:1].isupper() or word in _SMALL or word[:1].isdigit() for word in words)


def _titled(text: str, level: int, *, guessed: bool) -> Heading | None:
    plain = _EMPHASIS.sub("", text).strip().rstrip(":").strip()
    named, aim = _without_time(_STAMP.sub("", plain))
    number = _NUMBER.match(named)
    if number and not _PART.match(named):
        named = named[number.end() :]
    title = named.strip(" :–—-|")
    if not any(sign.isalnum() for sign in title):
        return None
    if _is_capitals(title):
        title = re.sub(r'["“”]', "", title).capitalize()
    return Heading(level, title, aim, guessed)


def _without_time(text: str) -> tuple[str, str]:
    """Return a title without the time that stands beside it, and that time, as written; a pause is no such time."""
    if hours := _HOURS.search(text):
        return text[: hours.start()].strip(), hours[1]
    match = next((found for pattern in _TIMES if (found := pattern.search(text))), None)
    inside = match[1] if match else ""
    before = text[: match.start()].split() if match else []
    if match and match.re is _TIMES[-1] and before[-1].casefold() in _LEADS_TO_TIME:
        return text, ""
    time = time_in(inside, bare=False) if inside else None
    if match is None or time is None or time.seconds < _LEAST_AIM_S or silence(inside, bracketed=True):
        return text, ""
    beside = re.findall(r"[^\W\d_]+", (inside[: time.start] + inside[time.end :]).lower())
    if any(word not in _BESIDE_A_TIME for word in beside):
        return text, ""
    return text[: match.start()].strip(), inside.strip()


def is_capital_title(text: str) -> bool:
    """Return whether a line is a title by its capitals; cues for the breath and counting are none."""
    words = text.split()
    return _is_capitals(text) and len(words) < _LONGEST and _names(text) and not _is_cue(text)


def _is_cue(text: str) -> bool:
    """Return whether a line is said to somebody who breathes, or counts: `INHALE... 2, 3`."""
    first = re.match(r"[^\W\d_]+", text)
    return _COUNTING.search(text) is not None or (first is not None and first[0].casefold() in _CUES)


def _names(text: str) -> bool:
    """Return whether a text may be a title: its end is a word, or a colon."""
    return text.rstrip(" :")[-1:].isalnum() or text.rstrip().endswith(")")


def _is_capitals(text: str) -> bool:
    return text.isupper() and sum(sign.isalpha() for sign in text) > 3


def is_of_notes(title: str) -> bool:
    """Return whether a heading names what is for whoever reads: notes, credits, how to use it."""
    words = re.findall(r"[^\W\d_]+", title.casefold())
    known = all(word in _NOTES | _BESIDE for word in words)
    return known and any(word in _NOTES for word in words)


def names_script(title: str) -> bool:
    """Return whether a heading says that from here on the words themselves follow."""
    return _SCRIPT.fullmatch(title) is not None


def is_byline(text: str) -> bool:
    """Return whether a row says who wrote it: `by Mara Lind`."""
    return len(text.split()) <= LONGEST_BYLINE and _BYLINE.fullmatch(text.strip("*_ ()[]–—-~")) is not None
