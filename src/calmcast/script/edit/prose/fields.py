"""What a text says of itself, in fields: `Duration: 10 minutes`. They are not spoken; a title is taken for one."""

import re
from collections import Counter
from dataclasses import dataclass

from calmcast.script.edit.prose.durations import time_in
from calmcast.script.edit.prose.manuscript import Rows, speech
from calmcast.script.edit.prose.silences import silence
from calmcast.script.edit.prose.vocabulary import vocabulary

_FIELD = re.compile(
    r"\s*(?:[-#>]+ )?[*_]{0,3}(?P<key>[^\W\d_][\w .'’&/()-]{0,40}?)[*_]{0,3}\s*"
    r"(?P<sign>:|=|\s[-–—]\s)[*_]{0,3}\s*(?P<value>.*)"
)
_EVERYWHERE = vocabulary(
    "duration runtime music soundtrack ambience audio sfx fx tags keywords author source copyright "
    "wordcount wpm volume "
    "pace pacing tempo tone recording note notes instruction instructions directions tip tips cue cues narration "
    "variation variations modification modifications homework todo fixme optional action visual visuals onscreen "
    "scene camera credits credit licence license reference "
    "references disclaimer bpm filename hashtags prompt dauer anmerkung "
    "hinweis musik quelle requisiten nb durée"
)
"""What these name is told to whoever reads, wherever it stands."""
_AT_THE_ENDS = _EVERYWHERE | vocabulary(
    "length time timing by writer narrator date level difficulty sound sounds voice category categories type format "
    "genre topic theme title subject purpose intention goal goals objective objectives focus audience age ages props "
    "prop equipment materials material supplies needed setup position posture prep preparation setting environment "
    "lighting temperature language version revision status count words speed file track album artist series episode "
    "edited modified revised total week lesson class course module unit session summary description "
    "synopsis abstract about overview benefits "
    "thema ziel ziele zielgruppe niveau hilfsmittel datum kurs stunde ort lehrer lehrerin leitung schwerpunkt "
    "contraindications caution cautions warning producer studio publisher contact website email phone mood style key "
    "slug layout draft created updated published id url image name teacher instructor place location room need"
)
_ADDED = vocabulary(
    "total estimated approximate approx recommended suggested script background target practice meditation relaxation "
    "of the for and to your a an word reading running run voice overall full what you need will youll ll "
    "required music "
    "facilitator facilitators leader reader speaker director directors host guide therapist staff student students "
    "sound target teaching self teacher teachers teachers' instructors instructor s recording production"
)
_TITLE = frozenset({"title", "script title", "titel", "meditation title", "name of meditation"})
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?<!\bmin)(?<!\bstd)(?<!\bsek)[.!?…][\"”’')]*(?:\s|$)", re.IGNORECASE)
_LASTS = re.compile(
    r"[\s*_(]*(?:(?:total|estimated|approx\w*\.?|running) )*(?:duration|length|time|runtime)\s+"
    r"((?:of |about |is |approx\w*\.? |~ ?)*\d[\d\s.,–-]*(?:min|hour|sec|hr)\w*)[\s.*_)]*",
    re.IGNORECASE,
)
_LONGEST = 2_000
_MOST_KEY_WORDS = 5
_UNKNOWN_KEY_WORDS = 3
_LONGEST_HEAD_ROW = 10
"""Words of a row without a field that may stand at the head, too: a title, a name."""
_HEAD_REACHES = 40
_PLAIN_HEAD_ROWS, _FEWEST_UNKNOWN, _WORDS_OF_A_TITLE = 3, 2, 2
_LENGTH = re.compile(r"(?:(?:about|around|approx\w*\.?|ca\.?|~)\s*)?\d[\d\s–-]*(?:min|hour|h\b|hr)", re.IGNORECASE)
_LEAST_LENGTH_S = 60
NO_FIELDS = vocabulary(
    "inhale exhale breathe breath pause rest left right remember notice first second third then now next finally step",
    "day in out and so here again hold release repeat this today part count",
)
"""These words begin what is said to a listener, however often."""


@dataclass(frozen=True, slots=True)
class Field:
    """A row that tells something of the text."""

    key: str
    value: str
    is_everywhere: bool
    is_known: bool


def fields(rows: Rows) -> Rows:
    """Leave out fields: those that tell the reader something, and at the head and the end all that look like fields."""
    found = _found(rows)
    head, tail = _head(rows, found), _tail(rows, found)
    why = {index: "a field" for index, field in found.items() if field.is_everywhere or index in tail}
    doubtful = {index for index in head if not found[index].is_known}
    why |= dict.fromkeys(head, "a field at the head")
    for index in sorted(why):
        if not found[index].value:
            below = _items_below(rows, index)
            why |= dict.fromkeys(below, "a field")
            if not below:
                del why[index]
    return tuple(
        row.saying(f"# {found[index].value}")
        if index in head and found[index].key in _TITLE
        else row.out(why[index], doubtful=index in doubtful)
        if index in why
        else row
        for index, row in enumerate(rows)
    )


def _found(rows: Rows) -> dict[int, Field]:
    """Return the fields by their rows; what nobody knows and comes again is none."""
    found = {index: field for index, row in speech(rows) if (field := field_of(row.text))}
    counts = Counter(field.key for field in found.values())
    return {index: field for index, field in found.items() if field.is_known or counts[field.key] == 1}


def _items_below(rows: Rows, index: int) -> list[int]:
    """Return the items that follow a field without a value."""
    found, place = list[int](), index + 1
    while place < len(rows) and (not rows[place].may_be_spoken or rows[place].text.startswith("- ")):
        if rows[place].may_be_spoken:
            found.append(place)
        place += 1
    return found


def field_of(text: str) -> Field | None:
    """Return the field that a row is; None for words."""
    if len(text) > _LONGEST or silence(text):
        return None
    if lasts := _LASTS.fullmatch(text):
        return Field("duration", lasts[1], is_everywhere=True, is_known=True)
    match = _FIELD.fullmatch(text)
    if match is None:
        return None
    key = match["key"].casefold().strip()
    words = _WORD.findall(key)
    if len(words) > _MOST_KEY_WORDS:
        return None
    known = all(word in _AT_THE_ENDS | _ADDED for word in words) and any(word in _AT_THE_ENDS for word in words)
    everywhere = known and any(word in _EVERYWHERE for word in words)
    if match["sign"] != ":" and not known:
        return None
    value = match["value"].strip(" *_")
    is_like_one = len(words) <= _UNKNOWN_KEY_WORDS and match["key"][:1].isupper() and NO_FIELDS.isdisjoint(words)
    if not known and not (is_like_one and value and not _SENTENCE.search(value)):
        return None
    return Field(key, value, everywhere, known)


def _head(rows: Rows, found: dict[int, Field]) -> set[int]:
    """Return the fields before the first words that are spoken; unknown ones only where several stand together.

    How long it lasts is one there, also without a colon, and is put into `found`.
    """
    head, plain = list[int](), 0
    for place, (index, row) in enumerate(list(speech(rows))[:_HEAD_REACHES]):
        if place and index not in found and _tells_length(row.text):
            found[index] = Field("duration", row.text, is_everywhere=False, is_known=True)
        if index in found and (place or found[index].is_known or len(found[index].value.split()) < _WORDS_OF_A_TITLE):
            head.append(index)
            continue
        if row.text.startswith("- ") and head and not found[head[-1]].value:
            continue
        plain += 1
        is_title = len(row.text.split()) <= _LONGEST_HEAD_ROW and not _SENTENCE.search(row.text)
        if plain > _PLAIN_HEAD_ROWS or not is_title:
            break
    if not any(found[index].is_known for index in head) and len(head) < _FEWEST_UNKNOWN:
        return set()
    return {
        index for index in head
        if found[index].is_known or any(abs(index - other) <= 2 for other in head if other != index)
    }  # fmt: skip


def _tells_length(text: str) -> bool:
    """Return whether a short row says how long something lasts: `Approx. 10 minutes | Beginners`."""
    words = text.strip(" *_()[]")
    if len(words.split()) > _LONGEST_HEAD_ROW or not _LENGTH.match(words) or text.startswith("#"):
        return False
    time = time_in(words, bare=False)
    return time is not None and time.seconds >= _LEAST_LENGTH_S and words[-1] not in ".!?"


def _tail(rows: Rows, found: dict[int, Field]) -> set[int]:
    """Return the known fields after the last words that are spoken."""
    tail = set[int]()
    for index, _ in reversed(list(speech(rows))):
        if index not in found or not found[index].is_known:
            break
        tail.add(index)
    return tail
