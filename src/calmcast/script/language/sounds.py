"""Nodes -> what sounds besides the voice: bells, those of a whole track among them, beds, and tones to breathe with."""

from fractions import Fraction
from typing import get_args

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Bells, TimedBell
from calmcast.model.sound import NO_BED, Bed, BedSound, BreathSound, BreathTone, Strike
from calmcast.model.steps import Bell
from calmcast.model.traits import Traits
from calmcast.script.language.fields import Problems, Values, as_scalar, parse_plain, read_fields
from calmcast.script.language.grammar import STEPS
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.sound_grammar import BED, BELL_AT, BELL_EVERY, BELLS, BREATH_TONE
from calmcast.script.language.wording import NO
from calmcast.text import shorten, suggestion
from calmcast.units import SAMPLE_RATE

BELL = next(element for element in STEPS if element.name == "bell")
NONE = NO | {NO_BED}
"""What says that there is none."""
_QUICKEST = SAMPLE_RATE
"""No bell comes round sooner, in samples."""


def build_bell(node: Node, traits: Traits, problems: Problems) -> Bell | None:
    """Return a bell from its name or its fields, or None with the reason among the problems."""
    read = _fields(node, BELL, problems)
    return _bell(read, BELL, node, traits, problems) if read else None


def parse_bells(node: Node, field: Field, problems: Problems) -> Bells | None:
    """Return the bells of a whole track."""
    if _says_none(node):
        return Bells()
    if not isinstance(node, Mapping) or not node.entries:
        hint = f"write bells: {field.example}, or bells: none"
        problems.append(Problem("wrong-form", "`bells` says which bell rings when", node.source, hint))
        return None
    read = read_fields(node, BELLS, _parse, problems, "`bells`")
    timed = (*(read.get("every", tuple) or ()), *(read.get("at", tuple) or ()))
    steps = read.get("steps", bool)
    return Bells(read.get("start", Bell), read.get("end", Bell), read.get("between", Bell), timed, steps is not False)


def parse_bed(node: Node, field: Field, problems: Problems) -> Bed | None:
    """Return a bed, or the bed that is none."""
    if _says_none(node):
        return Bed(None, source=node.source)
    read = _fields(node, BED, problems)
    made_of = _made_of(read, BED, ("key", "seed"), node, problems) if read else None
    if read is None or made_of is None:
        return None
    sound, file, source = made_of
    bed = BedSound(sound, file, read.get("key", str), read.get("seed", int) or 0)
    return Bed(bed, read.get("level", float) or 0.0, read.get("dip", float) or 0.0, source)


def parse_breath_tone(node: Node, field: Field, problems: Problems) -> BreathTone | None:
    """Return a sound that follows a breath; None also where it is to be none."""
    read = None if _says_none(node) else _fields(node, BREATH_TONE, problems)
    if read is None or not read.complete:
        return None
    known: tuple[BreathSound, ...] = get_args(BreathSound)
    sound = next((sound for sound in known if sound == read.text("sound").casefold()), None)
    if sound is None:
        hint = suggestion(read.text("sound"), known) or f"there is: {', '.join(known)}; or none"
        message = f"there is no breath tone `{shorten(read.text('sound'))}`"
        problems.append(Problem("unknown-tone", message, read.places["sound"], hint))
        return None
    return BreathTone(sound, read.get("level", float) or 0.0, read.text("key"))


def _parse(node: Node, field: Field, problems: Problems) -> object | None:
    """Read a field of `bells`."""
    if field.kind is Kind.BELL:
        return build_bell(node, Traits(), problems)
    if field.kind is Kind.YES_NO:
        return parse_plain(node, field, problems)
    element = BELL_AT if field.kind is Kind.BELL_AT else BELL_EVERY
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(timed for item in items if (timed := _timed(item, element, problems)))


def _timed(node: Node, element: Element, problems: Problems) -> TimedBell | None:
    """Return a bell that rings by the clock."""
    if not isinstance(node, Mapping):
        message = f"each bell of `{element.name}` has a time and a sound"
        example = "{time: 3:00, sound: soft}"
        problems.append(Problem("wrong-form", message, node.source, f"write {element.name}: [{example}]"))
        return None
    for key, _ in node:
        if key.text == "wait":
            message = "a bell that rings by the clock never waits, and nothing waits for it"
            problems.append(Problem("misplaced-key", message, key.source, "leave wait out"))
    node = Mapping(tuple(entry for entry in node if entry[0].text != "wait"), node.source)
    read = read_fields(node, element, parse_plain, problems, f"`{element.name}`")
    bell = _bell(read, element, node, Traits(), problems)
    time = read.get("time", int)
    if bell is None or not read.complete:
        return None
    if element is BELL_AT:
        share = read.get("time", Fraction)
        return TimedBell(bell, at=time, share=None if share is None else float(share))
    if time is not None and time < _QUICKEST:
        hint = "write every: {time: 5 min, sound: soft}"
        problems.append(Problem("bad-duration", "no bell comes round within a second", read.places["time"], hint))
        return None
    return TimedBell(bell, every=time)


def _bell(read: Values, element: Element, node: Node, traits: Traits, problems: Problems) -> Bell | None:
    made_of = _made_of(read, element, ("pitch", "length"), node, problems)
    if made_of is None:
        return None
    sound, file, source = made_of
    strike = Strike(sound, read.get("pitch", str), read.get("length", int), file)
    wait = read.get("wait", bool) or False
    return Bell(strike, read.get("level", float) or 0.0, wait, traits, source)


def _made_of(
    read: Values, element: Element, made: tuple[str, ...], node: Node, problems: Problems
) -> tuple[str, str | None, SourceRef] | None:
    """Return the name of a sound or the path of a file, whichever is written, and its place.

    `made`: the fields of a sound that calmcast makes, which a file has not.
    """
    written = [name for name in ("sound", "file") if name in read.places]
    if not written:
        hint = f"add sound: {element.field('sound').example}"
        problems.append(Problem("missing-key", f"`{element.name}` needs `sound`, or `file`", node.source, hint))
        return None
    if len(written) > 1:
        message = "`sound` and `file` are two sounds in one place"
        problems.append(Problem("two-sounds", message, read.places["file"], "keep one of the two"))
        return None
    source = read.places[written[0]]
    if written == ["sound"]:
        return (read.text("sound"), None, source) if read.get("sound", str) else None
    for name in made:
        if name in read.places:
            message = f"a sound file has no `{name}`: it is heard as it is"
            problems.append(Problem("misplaced-key", message, read.places[name], f"leave {name} out"))
    return ("", read.text("file"), source) if read.get("file", str) else None


def _fields(node: Node, element: Element, problems: Problems) -> Values | None:
    """Return the fields of a sound that is written as its name or as a mapping."""
    if isinstance(node, Sequence):
        hint = f"write {element.name}: {element.field('sound').example}"
        message = f"`{element.name}` is one sound, not a list"
        problems.append(Problem("wrong-form", message, node.source, hint))
        return None
    if isinstance(node, Scalar):
        if as_scalar(node, Field(element.name, Kind.SOUND, "", element.field("sound").example), problems) is None:
            return None
        node = Mapping(((Scalar("sound", node.source), node),), node.source)
    return read_fields(node, element, parse_plain, problems, f"`{element.name}`")


def _says_none(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.faulty and node.text.strip().casefold() in NONE
