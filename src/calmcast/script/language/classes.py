"""A document -> a class: its tracks, and who gets a set of their own, with every problem found on the way."""

from datetime import date

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.classes import Choice, ClassPlan, Client, TrackPlan, Wishes
from calmcast.model.sound import Bed
from calmcast.script.language.class_grammar import CLASS, CLIENT, TRACK
from calmcast.script.language.class_values import parse_quality
from calmcast.script.language.fields import Problems, Value, Values, as_scalar, parse_plain, read_fields
from calmcast.script.language.kinds import Field, Kind
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.sounds import parse_bed
from calmcast.text import shorten

MOST_TRACKS = 200
"""So many tracks may a class have, and so many clients."""
_LONGEST_NAME = 80


def build_class(node: Node | None, name: str, file: str) -> tuple[ClassPlan | None, tuple[Problem, ...]]:
    """Return the class that a document holds (None where it cannot be built) and its problems."""
    if not isinstance(node, Mapping):
        hint = "begin with title: and tracks: (`calmcast new NAME --class` writes one to start from)"
        what = "a class is a mapping of keys to values" if node else "this file is empty"
        return None, (Problem("not-a-class", what, node.source if node else SourceRef(file, 1, 1), hint),)
    if node.get("segments") is not None and node.get("tracks") is None:
        hint = "scripts live in scripts/, classes in scripts/classes/; a class has tracks:"
        return None, (Problem("not-a-class", "this is a script, not a class", node.source, hint),)
    problems: Problems = []
    read = read_fields(node, CLASS, _parse, problems, "a class")
    tracks = read.get("tracks", tuple) or ()
    if not tracks:
        return None, tuple(problems)
    plan = ClassPlan(
        name=name,
        title=read.text("title"),
        teacher=read.text("teacher"),
        about=read.text("about"),
        contact=read.text("contact"),
        quality=parse_quality(read.text("quality")),
        published=read.get("date", date),
        published_source=read.places.get("date"),
        url=read.text("url"),
        wishes=_wishes(read),
        tracks=tracks,
        clients=read.get("for", tuple) or (),
        source=node.source,
    )
    return plan, tuple(problems)


def _parse(node: Node, field: Field, problems: Problems) -> Value | None:
    parsers = {
        Kind.TRACKS: _tracks,
        Kind.CLIENTS: _clients,
        Kind.SETTINGS: _settings,
        Kind.LENGTHS: parse_lengths,
        Kind.BED: parse_bed,
    }
    return parsers.get(field.kind, parse_plain)(node, field, problems)


def _wishes(read: Values) -> Wishes:
    return Wishes(
        options=read.get("options", tuple) or (),
        voice=read.get("voice", str),
        voice_source=read.places.get("voice"),
        bed=read.get("bed", Bed),
        stereo=read.get("stereo", bool),
    )


def _tracks(node: Node, field: Field, problems: Problems) -> tuple[TrackPlan, ...] | None:
    if not isinstance(node, Sequence) or not node.items:
        hint = "write tracks: and, under it, a list of scripts, each with a hyphen: - psoas-release"
        problems.append(Problem("wrong-form", "`tracks` is a list of scripts", node.source, hint))
        return None
    if len(node.items) > MOST_TRACKS:
        message = f"a class has {MOST_TRACKS} tracks at most, and this one {len(node.items)}"
        problems.append(Problem("too-many", message, node.source, "make two classes of it"))
        return None
    read = [_track(item, problems) for item in node.items]
    return tuple(track for track in read if track)


def _track(node: Node, problems: Problems) -> TrackPlan | None:
    if isinstance(node, Scalar):
        node = Mapping(((Scalar("script", node.source), node),), node.source)
    if not isinstance(node, Mapping):
        hint = "write - psoas-release, or - script: psoas-release with lengths: under it"
        problems.append(Problem("wrong-form", "a track is one script, not a list", node.source, hint))
        return None
    read = read_fields(node, TRACK, _parse, problems, "a track")
    if not read.complete:
        return None
    return TrackPlan(
        script=read.text("script"),
        script_source=read.places["script"],
        lengths=read.get("lengths", tuple) or (),
        title=read.text("title"),
        note=read.text("note"),
        wishes=_wishes(read),
        source=node.source,
    )


def parse_lengths(node: Node, field: Field, problems: Problems) -> tuple[tuple[int, SourceRef], ...] | None:
    """Return each of one length or several, in samples, with its place."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if isinstance(node, Scalar) and "," in node.text:
        hint = f"write a list: lengths: [{', '.join(part.strip() for part in node.text.split(','))}]"
        problems.append(Problem("wrong-form", "several lengths are a list", node.source, hint))
        return None
    length = Field(field.name, Kind.LENGTH, field.help, "10 min")
    if not items:
        problems.append(Problem("empty", "`lengths` is empty", node.source, f"write lengths: {field.example}"))
        return None
    read = [(parse_plain(item, length, problems), item.source) for item in items]
    return tuple((samples, source) for samples, source in read if isinstance(samples, int))


def _settings(node: Node, field: Field, problems: Problems) -> tuple[Choice, ...] | None:
    if not isinstance(node, Mapping):
        message = "`options` says what is chosen, by option"
        problems.append(Problem("wrong-form", message, node.source, f"write options: {field.example}"))
        return None
    settings, text = list[Choice](), "high bolster"
    for key, value in node:
        scalar = as_scalar(value, Field(key.text, Kind.TEXT, "", text), problems)
        if scalar and not key.faulty:
            settings.append(Choice(key.text.strip(), " ".join(scalar.text.split()), key.source, scalar.source))
    return tuple(settings)


def _clients(node: Node, field: Field, problems: Problems) -> tuple[Client, ...] | None:
    if not isinstance(node, Mapping) or len(node.entries) > MOST_TRACKS:
        message = f"`for` names those who get a set of their own ({MOST_TRACKS} at most)"
        problems.append(Problem("wrong-form", message, node.source, f"write for: {field.example}"))
        return None
    read = [_client(key, value, problems) for key, value in node]
    return tuple(client for client in read if client)


def _client(key: Scalar, node: Node, problems: Problems) -> Client | None:
    name = " ".join(key.text.split())
    if not name or len(name) > _LONGEST_NAME:
        most = f"a name has at most {_LONGEST_NAME} characters, and this one {len(name)}"
        message = most if name else "this name is empty"
        problems.append(Problem("bad-name", message, key.source, "write the name that stands on the page: Mara"))
        return None
    if isinstance(node, Scalar) and not node.text and not node.faulty:
        node = Mapping((), node.source)
    if not isinstance(node, Mapping):
        hint = f"write {shorten(name)}: {{options: {{head: high bolster}}}}"
        problems.append(Problem("wrong-form", f"what is for {shorten(name)} is a mapping", node.source, hint))
        return None
    read = read_fields(node, CLIENT, _parse, problems, f"what is for {shorten(name)}")
    return Client(name, read.text("note"), _wishes(read), key.source)
