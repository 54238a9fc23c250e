"""A version and the script that it extends -> the script that they come to."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Insertion, Script, Segment, SegmentRef, Version
from calmcast.model.steps import Step, Use, walk
from calmcast.model.traits import Role, Traits
from calmcast.script.language.compose import Fetch
from calmcast.script.language.fields import warning
from calmcast.text import shorten, suggestion

SAFETY: Mapping[Role, str] = {
    "setup": "the setting up",
    "notice": "the word about feelings",
    "check": "a comfort check",
    "exit": "the way out",
}
"""What a part with one of these roles does for the listener: a version that leaves it out is told so."""

Item = Segment | SegmentRef


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands, stood, or comes to stand."""

    was: Item | None
    """In what is extended; None: put in by the version."""
    now: Item | None
    """In the version; None: left out."""
    source: SourceRef
    """Where the version says so; the base's own place where it says nothing."""
    after: str | None = None
    """The name of what it was put in after."""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(folded(name_of(item)) for item in (self.was, self.now) if item)


def apply(version: Version, base: Script, fetch: Fetch) -> tuple[Script, tuple[Problem, ...]]:
    """Return the script that a version comes to, and what is wrong with its changes.

    `base` is as it was built, its segments not yet fetched; `fetch` returns a segment by name, to look whether one
    that is left out was there for safety. A segment is named by its file's name, or by its title where it was
    written in place, in any case. A `replace` or an `insert` beside a segment that the base has not is an error,
    a `drop` of one a warning: the base may have lost it since.
    """
    places, problems = placed(version, base)
    segments = tuple(place.now for place in places if place.now)
    if not segments:
        message = f"nothing is left of `{version.base}`"
        problems += (Problem("nothing-left", message, version.source, "leave at least one segment in"),)
    script = Script(
        name=version.name,
        title=version.title or base.title,
        about=base.about if version.about is None else version.about,
        language=version.language or base.language,
        voice=version.voice or base.voice,
        voice_source=version.voice_source if version.voice else base.voice_source,
        lengths=base.lengths if version.length is None else (version.length,),
        gap=version.gap or base.gap,
        segments=segments,
        source=version.source,
        options=(*base.options, *version.options),
        allow=(*base.allow, *version.allow),
        bed=version.bed or base.bed,
        bells=base.bells if version.bells is None else version.bells,
        stereo=base.stereo if version.stereo is None else version.stereo,
        way_out=version.way_out or base.way_out,
        teacher=version.teacher or base.teacher,
        picture=version.picture or base.picture,
        picture_source=version.picture_source if version.picture else base.picture_source,
    )
    return script, (*problems, *_safety(places, fetch))


def placed(version: Version, base: Script) -> tuple[tuple[Place, ...], tuple[Problem, ...]]:
    """Return every place of the base and of the version, in the order of the track, and what names none."""
    places, problems = [Place(item, item, item.source) for item in base.segments], list[Problem]()
    for name, item, source in version.replace:
        problems += _replace(places, name, item, source, version.base)
    for insertion in version.insert:
        problems += _insert(places, insertion, version.base)
    for name, source in version.drop:
        problems += _drop(places, name, source, version.base)
    return tuple(places), tuple(problems)


def name_of(item: Item) -> str:
    """Return what a version calls a segment by."""
    return item.segment if isinstance(item, SegmentRef) else item.name


def folded(name: str) -> str:
    """Return a name as a version's names are compared: composed Unicode, in any case, any space one space."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _replace(places: list[Place], name: str, item: Item, source: SourceRef, base: str) -> Iterator[Problem]:
    found = _of_base(places, name)
    if not found:
        yield _unknown(places, name, source, base)
    for index in found:
        place = places[index]
        if place.now is not place.was:
            hint = "keep one of the two"
            yield Problem("replaced-twice", f"`{shorten(name)}` is replaced a second time", source, hint)
            return
        places[index] = replace(place, now=_standing_for(item, place.was), source=source)


def _of_base(places: list[Place], name: str) -> list[int]:
    """Return where the base has a segment of this name."""
    return [i for i, place in enumerate(places) if place.was and folded(name_of(place.was)) == folded(name)]


def _standing_for(item: Item, was: Item | None) -> Item:
    """Return what takes a place. A bare name stands there under the conditions of what stood there, and over its bed.

    What the other was for, and what it was called, it does not take over.
    """
    bare = isinstance(item, SegmentRef) and item.traits == Traits() and item.bed is None
    if isinstance(item, SegmentRef) and isinstance(was, SegmentRef) and bare:
        traits = replace(was.traits, role=None, id=None, untranslated=False, allow=())
        return replace(item, traits=traits, bed=was.bed)
    return item


def _insert(places: list[Place], insertion: Insertion, base: str) -> Iterator[Problem]:
    wanted = folded(insertion.beside)
    matches = [index for index, place in enumerate(places) if wanted in place.names]
    if not matches:
        yield _unknown(places, insertion.beside, insertion.source, base)
        return
    # What comes round several times has its first time to precede, and its last to follow.
    index = matches[-1] if insertion.after else matches[0]
    if insertion.after:
        together = set(places[index].names)
        index += 1
        # Those already put in here stay first: they follow each other as they are written.
        while index < len(places) and places[index].after in together:
            together |= places[index].names
            index += 1
    after = wanted if insertion.after else None
    places.insert(index, Place(None, insertion.segment, insertion.segment.source, after))


def _drop(places: list[Place], name: str, source: SourceRef, base: str) -> Iterator[Problem]:
    found = _of_base(places, name)
    if not found:
        unknown = _unknown(places, name, source, base)
        yield warning("nothing-to-drop", unknown.message, source, unknown.hint)
    for index in found:
        place = places[index]
        if place.now and place.now is not place.was:
            message = f"`{shorten(name)}` is replaced and left out at once"
            yield Problem("replaced-and-dropped", message, source, "keep one of the two")
            return
        places[index] = replace(place, now=None, source=source)


def _unknown(places: list[Place], name: str, source: SourceRef, base: str) -> Problem:
    names = dict.fromkeys(name_of(place.was) for place in places if place.was)
    there = f"there is: {', '.join(names)}"
    close = suggestion(name, names)
    hint = f"{close} {there}" if close else there
    return Problem("unknown-segment", f"`{base}` has no segment `{shorten(name)}`", source, hint)


def _safety(places: tuple[Place, ...], fetch: Fetch) -> Iterator[Problem]:
    """Yield a warning for each segment that goes and was there for safety, with nothing put in its place."""
    put_in = frozenset(role for place in places if not place.was and place.now for role in _roles(place.now, fetch))
    for place in places:
        if place.was is None or place.now is place.was:
            continue
        lost = _roles(place.was, fetch) - put_in
        if place.now:
            if any(code == "safety-segment" for code, _ in _traits(place.now, fetch).allow):
                continue
            lost -= _roles(place.now, fetch)
        name = name_of(place.was)
        if lost:
            what = " and ".join(text for role, text in SAFETY.items() if role in lost)
            role = next(role for role in SAFETY if role in lost)
            hint = f"keep `{name}`, or mark what takes its place with role: {role}"
            yield warning("safety-segment", f"this leaves out {what}: `{name}`", place.source, hint)
        elif not _roles(place.was, fetch) and _kept(place.was, fetch) and not (place.now and _kept(place.now, fetch)):
            message = f"this leaves out `{name}`, which is kept in every track"
            hint = "it is better kept" if place.now is None else "add keep: yes to what takes its place"
            yield warning("safety-segment", message, place.source, hint)


def _traits(item: Item, fetch: Fetch) -> Traits:
    """Return what a segment carries, with what its place adds: keep, role, allow."""
    if isinstance(item, Segment):
        return item.traits
    found = fetch(item.segment)
    own = found.traits if found else Traits()
    return replace(
        own,
        keep=own.keep or item.traits.keep,
        role=item.traits.role or own.role,
        allow=(*own.allow, *item.traits.allow),
    )


def _kept(item: Item, fetch: Fetch) -> bool:
    # A replacement with a role of its own was thought about as much.
    traits = _traits(item, fetch)
    return traits.keep or traits.role is not None


def _roles(item: Item, fetch: Fetch) -> frozenset[Role]:
    """Return the safety roles of a segment and of every step inside it."""
    segment = fetch(item.segment) if isinstance(item, SegmentRef) else item
    found = {_traits(item, fetch).role, *(_step_roles(segment.steps, fetch, set()) if segment else ())}
    return frozenset(role for role in found if role in SAFETY)


def _step_roles(steps: tuple[Step, ...], fetch: Fetch, seen: set[str]) -> frozenset[Role]:
    """Return the roles of steps; a segment in `seen` is not looked into again."""
    found = set[Role]()
    for step in walk(steps):
        found |= {step.traits.role} if step.traits.role else set()
        if isinstance(step, Use) and step.segment not in seen:
            seen.add(step.segment)
            used = fetch(step.segment)
            found |= {used.traits.role} if used and used.traits.role else set()
            found |= _step_roles(used.steps, fetch, seen) if used else frozenset()
    return frozenset(found)
