"""Who speaks, written before what is said: `Narrator:`. It is not spoken."""

import re
from collections import Counter
from dataclasses import dataclass

from calmcast.script.edit.prose.fields import NO_FIELDS, field_of
from calmcast.script.edit.prose.furniture import ORIGIN
from calmcast.script.edit.prose.manuscript import Row, Rows, speech
from calmcast.script.edit.prose.silences import silence
from calmcast.script.edit.prose.vocabulary import vocabulary

_LABEL = re.compile(
    r"\s*[*_\[(]{0,3}(?P<label>[^\W\d_][\w .'’&/#-]{0,30}?)"
    r"(?:\s*\((?P<manner>[^()]{1,40})\))?[\])*_]{0,3}\s*(?P<sign>:|—|–)[*_]{0,3}(?:\s+(?P<words>\S.*)|\s*)"
)
_SPEAKERS = vocabulary(
    "narrator speaker teacher instructor guide host voice voiceover vo reader leader facilitator therapist coach "
    "practitioner hypnotist assistant chatgpt trainer presenter announcer sprecher sprecherin"
)
_ADDED = vocabulary("the a yoga meditation over off male female voice main lead said and")
_MOST_WORDS = 4
_FEWEST = 2
_HEAD = 12
"""Rows at the head among which fields are looked for."""
_NEARLY_ALL, _ALL = 0.6, 0.9
"""Shares of the paragraphs: so many begin with labels that come again; with any, where each is one who speaks."""


@dataclass(frozen=True, slots=True)
class _Labelled:
    written: str
    name: str
    manner: str
    words: str
    is_speaker: bool


def labels(rows: Rows) -> Rows:
    """Take labels from rows: those of speakers wherever they stand, any other that nearly all paragraphs begin with."""
    found = {index: label for index, row in speech(rows) if (label := _labelled(row.text))}
    begins = [
        index for index, row in speech(rows)
        if not row.text.startswith("#") and (index in found or not index or not rows[index - 1].may_be_spoken)
    ]  # fmt: skip
    counts = Counter(label.name for label in found.values())
    repeated = {name for name, count in counts.items() if count >= _FEWEST}
    covered = sum(label.name in repeated for label in found.values())
    if covered < _NEARLY_ALL * len(begins):
        repeated = set()
    elif len(found) >= _ALL * len(begins):
        repeated = set(counts)
    chosen = {
        index
        for index, label in found.items()
        if (label.is_speaker or label.name in repeated) and not _is_among_fields(rows, index)
    }
    made = (_without(row, found[index]) if index in chosen else row for index, row in enumerate(rows))
    taken = (
        Row(rows[index].number, f"{found[index].written}:", "who speaks") for index in chosen if found[index].words
    )
    return (*made, *taken)


def _is_among_fields(rows: Rows, index: int) -> bool:
    """Return whether the row above or below tells something of the text: `Narrator` is a field there, too."""
    if index >= _HEAD:
        return False
    beside = [rows[near] for near in (index - 1, index + 1) if 0 <= near < len(rows)]
    return any(row.why == ORIGIN or _is_other_field(row.text) for row in beside)


def _is_other_field(text: str) -> bool:
    field = field_of(text)
    return field is not None and field.is_known and not _SPEAKERS.issuperset(field.key.split())


def _labelled(text: str) -> _Labelled | None:
    match = _LABEL.fullmatch(text) if len(text) < 20_000 else None
    if match is None or (text.lstrip(" *_")[:1] in ("[", "(") and not set(text[: match.start("sign")]) & set("])")):
        return None  # a direction in brackets: `[Teacher: wait]`
    name = match["label"].casefold().strip()
    words = re.findall(r"[^\W\d_]+", name.replace(".", ""))
    if not words or len(words) > _MOST_WORDS or not (NO_FIELDS | {"note", "option"}).isdisjoint(words) or silence(text):
        return None
    is_speaker = any(word in _SPEAKERS for word in words) and all(word in _SPEAKERS | _ADDED for word in words)
    if match["sign"] != ":" and not (is_speaker and match["label"].isupper()):
        return None
    return _Labelled(match["label"], name, match["manner"] or "", match["words"] or "", is_speaker)


def _without(row: Row, label: _Labelled) -> Row:
    if not label.words:
        return row.out("who speaks")
    words = label.words.removesuffix("**") if row.text.lstrip().startswith("**") else label.words
    return row.saying(f"({label.manner}) {words}" if label.manner else words)
