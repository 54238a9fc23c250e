"""What a tag of any kind tells of a track's words and of its voice, held against the manifest."""

from calmcast.model.manifest import Manifest
from calmcast.text import one_line
from calmcast.verify.findings import Fault

_ENDS = ("…", "...")


def marks_due(manifest: Manifest) -> list[tuple[str, str]]:
    """Return what machines should be told of a track's voice, (name, value)."""
    told_of = ("SYNTHETIC_VOICE", manifest.synthetic_voice), ("VOICE", manifest.spoken_by)
    return [(name, value) for name, value in told_of if value]


def words_off(manifest: Manifest, words: str | None) -> list[Fault]:
    """Return where the words in a tag are not those of the lines; an ellipsis at their end: there was no more room."""
    due = [(line, text) for line in manifest.lines if (text := one_line(line.text))]
    if words is None:
        return [Fault("the words are not there")] if due else []
    there = [row for row in words.split("\n") if row]
    whole = there[-1:] not in [[end] for end in _ENDS]
    rows = there if whole else there[:-1]
    faults = [
        Fault(f"“{row}” stands there, and not “{text}”", line.start)
        for row, (line, text) in zip(rows, due, strict=False)
        if row != text
    ]
    if len(rows) > len(due) or (whole and len(rows) < len(due)):
        faults.append(Fault(f"there are {len(rows)} lines, and not {len(due)}"))
    return faults
