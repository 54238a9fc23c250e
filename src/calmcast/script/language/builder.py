"""Documents -> a Script or a Segment, with every problem found on the way.

Each function returns what it could build and adds to `problems` what it could not. No third party here.
"""

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Bells, Insertion, Script, Segment, SegmentRef, Version
from calmcast.model.settings import UNSETTLED, WorkspaceSettings
from calmcast.model.sound import Bed
from calmcast.model.traits import Glue, Traits
from calmcast.script.language.fields import Problems, Value, Values, read_fields
from calmcast.script.language.grammar import INSERTION, SCRIPT, SEGMENT, SEGMENT_USE, VERSION
from calmcast.script.language.kinds import Field, Kind
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.silences import glue
from calmcast.script.language.steps import list_items, parse_field
from calmcast.script.language.strays import STEP_ELEMENTS
from calmcast.script.language.traits import read_traits
from calmcast.units import SAMPLE_RATE

GAP = glue(SAMPLE_RATE * 9 // 10, SAMPLE_RATE * 4 // 10, SAMPLE_RATE * 18 // 10, stretches=True)
"""The silence between two lines with nothing between them, where a script does not say."""


def build_script(
    node: Node | None, name: str, file: str, settings: WorkspaceSettings = UNSETTLED
) -> tuple[Script | Version | None, tuple[Problem, ...]]:
    """Return the script that a document holds (None where it cannot be built) and its problems.

    What it does not say is as in `settings`. A document that `extends` another is a Version.
    """
    problems: Problems = []
    if not isinstance(node, Mapping):
        hint = "begin with title: and segments:, or have a script made of a text: calmcast new NAME --text FILE"
        return None, (_not_a("script", node, file, hint),)
    if node.get("steps") is not None and node.get("segments") is None:
        hint = "write segments: and, under it, a list of segments; what has steps: is a segment (scripts/segments/)"
        return None, (Problem("not-a-script", "a script has `segments`, not `steps`", node.source, hint),)
    if node.get("extends") is not None:
        return _version(node, name, problems), tuple(problems)
    read = read_fields(node, SCRIPT, _parse, problems, "a script")
    if not read.complete:
        return None, tuple(problems)
    return _script(read, node, name, settings), tuple(problems)


def _script(read: Values, node: Mapping, name: str, settings: WorkspaceSettings) -> Script:
    length = read.get("length", int)
    return Script(
        name=name,
        title=read.text("title"),
        about=read.text("about"),
        language=_said_or(read, "language", settings.language),
        voice=_said_or(read, "voice", settings.voice),
        voice_source=read.places.get("voice", settings.voice_source or node.source),
        lengths=settings.lengths if length is None else (length,),
        gap=read.get("gap", Glue) or GAP,
        segments=read.get("segments", tuple) or (),
        source=node.source,
        options=read.get("options", tuple) or (),
        allow=read.get("allow", tuple) or (),
        bed=read.get("bed", Bed) or settings.bed,
        bells=read.get("bells", Bells) or Bells(),
        stereo=read.get("stereo", bool) or False,
        way_out=_segment_of(read, "way-out"),
        teacher=_said_or(read, "teacher", settings.name),
        picture=_said_or(read, "picture", settings.picture),
        picture_source=read.places.get("picture", settings.picture_source),
    )


def build_segment(node: Node | None, name: str, file: str) -> tuple[Segment | None, tuple[Problem, ...]]:
    """Return the segment that a document holds (None where it cannot be built) and its problems."""
    problems: Problems = []
    if not isinstance(node, Mapping):
        return None, (_not_a("segment", node, file, "begin with title: and steps:"),)
    if node.get("segments") is not None:
        hint = "scripts live in scripts/, segments in scripts/segments/; a segment has steps:"
        return None, (Problem("not-a-segment", "this is a script, not a segment", node.source, hint),)
    segment = _segment(node, name, problems)
    return segment, tuple(problems)


def _version(node: Mapping, name: str, problems: Problems) -> Version | None:
    if segments := node.get("segments"):
        hint = "to change what it extends, write replace:, insert: or drop:"
        message = "a script that extends another has no `segments` of its own"
        problems.append(Problem("extends-and-segments", message, segments.source, hint))
        node = Mapping(tuple(entry for entry in node if entry[0].text != "segments"), node.source)
    read = read_fields(node, VERSION, _parse, problems, "a script that extends another")
    if not read.complete:
        return None
    drop = node.get("drop")
    places = [item.source for item in (drop.items if isinstance(drop, Sequence) else (drop,)) if item]
    return Version(
        name=name,
        base=read.text("extends"),
        base_source=read.places["extends"],
        title=read.get("title", str),
        about=read.get("about", str),
        language=read.get("language", str),
        voice=read.get("voice", str),
        voice_source=read.places.get("voice", node.source),
        length=read.get("length", int),
        gap=read.get("gap", Glue),
        options=read.get("options", tuple) or (),
        replace=read.get("replace", tuple) or (),
        insert=read.get("insert", tuple) or (),
        drop=tuple(zip(read.get("drop", tuple) or (), places, strict=False)),
        source=node.source,
        allow=read.get("allow", tuple) or (),
        bed=read.get("bed", Bed),
        bells=read.get("bells", Bells),
        stereo=read.get("stereo", bool),
        way_out=_segment_of(read, "way-out"),
        teacher=read.get("teacher", str),
        picture=read.get("picture", str),
        picture_source=read.places.get("picture"),
    )


def _not_a(what: str, node: Node | None, file: str, hint: str) -> Problem:
    if node is None or (isinstance(node, Scalar) and not node.text):
        return Problem("empty-file", "this file is empty", SourceRef(file, 1, 1), hint)
    form = "a list" if isinstance(node, Sequence) else "one text"
    return Problem(f"not-a-{what}", f"a {what} is a mapping of keys to values, and this is {form}", node.source, hint)


def _segment(node: Mapping, name: str | None, problems: Problems) -> Segment | None:
    read = read_fields(node, SEGMENT, _parse, problems, "a segment")
    if not read.complete:
        return None
    title = read.text("title")
    steps = read.get("steps", tuple) or ()
    return Segment(
        name or title,
        title,
        read.text("about"),
        steps,
        read_traits(read, problems),
        node.source,
        read.get("options", tuple) or (),
        read.get("bed", Bed),
    )


def _parse(node: Node, field: Field, problems: Problems) -> Value | None:
    """Read a field of any kind."""
    parsers = {
        Kind.SEGMENTS: _segments,
        Kind.SEGMENT: lambda node, _, problems: _segment_item(node, problems),
        Kind.REPLACE: _replacements,
        Kind.INSERT: _insertions,
    }
    return parsers.get(field.kind, parse_field)(node, field, problems)


def _segments(node: Node, field: Field, problems: Problems) -> tuple[Segment | SegmentRef, ...] | None:
    items = list_items(node, field, problems)
    if items is None:
        return None
    segments = (_segment_item(item, problems) for item in items)
    return tuple(segment for segment in segments if segment is not None)


def _segment_item(node: Node, problems: Problems) -> Segment | SegmentRef | None:
    if isinstance(node, Mapping):
        if node.get("use") is not None:
            read = read_fields(node, SEGMENT_USE, _parse, problems, "a segment used by name")
            traits = read_traits(read, problems)
            return (
                SegmentRef(read.text("use"), traits, read.places["use"], read.get("bed", Bed))
                if read.complete
                else None
            )
        steps = [key for key, _ in node if key.text in STEP_ELEMENTS and key.text != "steps"]
        if steps and node.get("title") is None:
            problems.append(_stray_step(steps[0].source))
            return None
        return _segment(node, None, problems)
    if isinstance(node, Scalar) and len(node.text.split()) > 3:
        problems.append(_stray_step(node.source))
        return None
    name = _parse(node, Field("segments", Kind.NAME, "", "[setup, settle]"), problems)
    return SegmentRef(name, Traits(), node.source) if isinstance(name, str) else None


def _said_or(read: Values, name: str, settled: str | None) -> str:
    """Return a field as it is written, else as it is settled, else its default."""
    return settled if settled and name not in read.places else read.text(name)


def _segment_of(read: Values, name: str) -> Segment | SegmentRef | None:
    """Return the segment of a field; None where it is not there, or wrong."""
    found = read.values.get(name)
    return found if isinstance(found, Segment | SegmentRef) else None


def _stray_step(source: SourceRef) -> Problem:
    hint = "begin a segment with - title: ... and put its steps under steps:, or name a segment's file"
    return Problem("stray-step", "a step stands here, where a script lists its segments", source, hint)


def _replacements(node: Node, field: Field, problems: Problems) -> Value | None:
    if not isinstance(node, Mapping):
        hint = f"write replace: {field.example}"
        problems.append(Problem("wrong-form", "`replace` names what goes and what comes", node.source, hint))
        return None
    found = []
    for key, value in node:
        segment = _segment_item(value, problems)
        if segment and (name := _named(key, problems)):
            found.append((name, segment, key.source))
    return tuple(found)


def _named(key: Scalar, problems: Problems) -> str | None:
    name = _parse(key, Field("segment", Kind.TEXT, "", "settle"), problems)
    return name if isinstance(name, str) else None


def _insertions(node: Node, field: Field, problems: Problems) -> Value | None:
    items = list_items(node, field, problems)
    return tuple(found for item in items or () if (found := _insertion(item, problems)))


def _insertion(node: Node, problems: Problems) -> Insertion | None:
    if not isinstance(node, Mapping):
        hint = f"write {INSERTION.example}"
        problems.append(Problem("wrong-form", "`insert` says which segment, and after which", node.source, hint))
        return None
    read = read_fields(node, INSERTION, _parse, problems, "`insert`")
    segment = _segment_of(read, "segment")
    sides = [side for side in ("after", "before") if side in read.places]
    if len(sides) != 1:
        message = "`insert` needs either `after` or `before`"
        problems.append(Problem("missing-key", message, node.source, "add after: with the name of a segment"))
        return None
    if segment is None or not read.text(sides[0]):
        return None
    return Insertion(segment, read.text(sides[0]), sides[0] == "after", read.places[sides[0]])
