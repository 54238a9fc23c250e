"""What a text says of itself, in fields: `Duration: 10 minutes`. They are not spoken; a title is taken for one."""

import re
from dataclasses import dataclass

from calmcast.script.edit.prose.manuscript import Row, Rows, speech
from calmcast.script.edit.prose.vocabulary import vocabulary

_FIELD = re.compile(
    r"\s*(?:[-#>]+ )?[*_]{0,3}(?P<key>[^\W\d_][\w .'’&/()-]{0,40}?)[*_]{0,3}\s*"
    r"(?P<sign>:|=|\s[-–—]\s)[*_]{0,3}\s*(?P<value>.*)"
)
_EVERYWHERE = vocabulary(
    "duration runtime music soundtrack ambience audio sfx fx tags keywords author source copyright "
    "wordcount wpm volume "
    "pace pacing tempo tone recording note notes instruction instructions directions tip tips cue cues narration "
    "credits credit licence license reference references disclaimer bpm filename hashtags prompt dauer anmerkung "
    "hinweis musik durée"
)
"""What these name is told to whoever reads, wherever it stands."""
_AT_THE_ENDS = _EVERYWHERE | vocabulary(
    "length time timing by writer narrator date level difficulty sound sounds voice category categories type format "
    "genre topic theme title subject purpose intention goal goals objective objectives focus audience age ages props "
    "prop equipment materials material supplies needed setup position posture prep preparation setting environment "
    "lighting temperature language version revision status count words speed file track album artist series episode "
    "week lesson class course module unit session summary description synopsis abstract about overview benefits "
    "contraindications caution cautions warning producer studio publisher contact website email phone mood style key "
    "slug layout draft created updated published id url image name teacher instructor place location room need"
)
_ADDED = vocabulary(
    "total estimated approximate approx recommended suggested script background target practice meditation relaxation "
    "of the for and to your a an word reading running run voice overall full what you need will youll ll "
    "required music "
    "sound target teaching teacher teachers teachers' instructors instructor s recording production"
)
_TITLE = frozenset({"title", "script title", "titel", "meditation title", "name of meditation"})
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[.!?…][\"”’')]*(?:\s|$)")
_MOST_KEY_WORDS = 5
_UNKNOWN_KEY_WORDS = 3
_LONGEST_HEAD_ROW = 10
"""Words of a row without a field that may stand at the head, too: a title, a name."""
_HEAD_REACHES = 40


@dataclass(frozen=True, slots=True)
class _Field:
    key: str
    value: str
    is_everywhere: bool
    is_known: bool


def fields(rows: Rows) -> Rows:
    """Leave out fields: those that tell the reader something, and at the head and the end all that look like fields."""
    found = {index: field for index, row in speech(rows) if (field := _field(row.text))}
    head, tail = _head(rows, found), _tail(rows, found)
    why = {index: "a field" for index, field in found.items() if field.is_everywhere or index in tail}
    doubtful = {index for index in head if not found[index].is_known}
    why |= dict.fromkeys(head, "a field at the head")
    for index in sorted(why):
        if not found[index].value:
            why |= dict.fromkeys(_items_below(rows, index), "a field")
    made = list[Row]()
    for index, row in enumerate(rows):
        if index in head and found[index].key in _TITLE and found[index].value:
            made.append(row.saying(f"# {found[index].value}"))
        elif index in why and (found.get(index) is None or found[index].value or rows_below(rows, index)):
            made.append(row.out(why[index], doubtful=index in doubtful))
        else:
            made.append(row)
    return tuple(made)


def rows_below(rows: Rows, index: int) -> bool:
    """Return whether items follow a row: what a field without a value names."""
    return bool(_items_below(rows, index))


def _items_below(rows: Rows, index: int) -> list[int]:
    """Return the items that follow a field without a value."""
    found, place = list[int](), index + 1
    while place < len(rows) and (not rows[place].may_be_spoken or rows[place].text.startswith("- ")):
        if rows[place].may_be_spoken:
            found.append(place)
        place += 1
    return found


def _field(text: str) -> _Field | None:
    match = _FIELD.fullmatch(text) if len(text) < 2_000 else None
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
    if not known and (
        len(words) > _UNKNOWN_KEY_WORDS or not match["value"].strip(" *_") or not match["key"][:1].isupper()
    ):
        return None
    return _Field(key, match["value"].strip(" *_"), everywhere, known)


def _head(rows: Rows, found: dict[int, _Field]) -> set[int]:
    """Return the fields before the first words that are spoken; unknown ones only where several stand together."""
    head, plain = list[int](), 0
    for index, row in list(speech(rows))[:_HEAD_REACHES]:
        if index in found:
            head.append(index)
            continue
        if row.text.startswith("- ") and head and not found[head[-1]].value:
            continue
        plain += 1
        is_title = len(row.text.split()) <= _LONGEST_HEAD_ROW and not _SENTENCE.search(row.text)
        if plain > 3 or not is_title:
            break
    if not any(found[index].is_known for index in head) and len(head) < 2:
        return set()
    return {
        index for index in head
        if found[index].is_known or any(abs(index - other) <= 2 for other in head if other != index)
    }  # fmt: skip


def _tail(rows: Rows, found: dict[int, _Field]) -> set[int]:
    """Return the known fields after the last words that are spoken."""
    tail = set[int]()
    for index, _ in reversed(list(speech(rows))):
        if index not in found or not found[index].is_known:
            break
        tail.add(index)
    return tail
