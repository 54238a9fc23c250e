"""A class and its scripts: what is wrong with it, and which tracks it asks for, for whom."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from calmcast.diagnostics import Problem, SourceRef, errors_in
from calmcast.errors import ScriptError
from calmcast.model.classes import Choice, ClassPlan, Client, TrackPlan, Wishes
from calmcast.model.script import Option, Script, every_line
from calmcast.publish.names import ascii_name
from calmcast.script.language.classes import build_class
from calmcast.script.language.fields import unknown, warning
from calmcast.script.language.options import no_such_choice
from calmcast.script.language.overrides import Overrides
from calmcast.text import instead_of, shorten
from calmcast.track.check import length_fault, load_script
from calmcast.track.check_voices import settings_faults, voice_faults
from calmcast.track.way_out import way_out
from calmcast.workspace.folder import normal
from calmcast.workspace.library import LoadedScript, sound
from calmcast.workspace.lineage import Source
from calmcast.workspace.own_strings import own_strings
from calmcast.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LoadedClass:
    """A class's file as read: what could be built of it, its scripts, and what is wrong with either."""

    name: str
    file: Path
    plan: ClassPlan | None
    scripts: Mapping[str, LoadedScript]
    """By name, those that are there."""
    problems: tuple[Problem, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class TrackOrder:
    """A track that a class asks for."""

    script: str
    choices: tuple[tuple[str, str], ...]
    """What is chosen, by option."""
    voice: str | None
    """None: the script's own."""
    wishes: Overrides
    length: int | None
    """In samples; None: the script's own."""
    title: str
    """Empty: the script's own."""
    note: str
    source: SourceRef


@dataclass(frozen=True, slots=True)
class OrderedSet:
    """The tracks of a class for everybody, or for one client."""

    client: Client | None
    orders: tuple[TrackOrder, ...]


def load_class(workspace: Workspace, name_or_path: str) -> LoadedClass:
    """Return a class by name or path with all that is wrong with it. Raises ScriptError where there is no such file."""
    library = workspace.library
    path = library.folder.class_file(name_or_path)
    plan, problems, source = library.load(path, build_class)
    name = normal(path.stem)
    if plan is None:
        return LoadedClass(name, path, None, {}, problems, source)
    hers = library.settings
    known = library.folder.scripts()
    wanted = dict.fromkeys(normal(track.script) for track in plan.tracks)
    scripts = {name: load_script(workspace, name) for name in wanted if name in known}
    built = [script.script for script in scripts.values() if script.script]
    plan = replace(
        plan,
        teacher=plan.teacher or _shared(script.teacher for script in built) or hers.name,
        contact=plan.contact or hers.contact,
        picture=_shared(script.picture for script in built) or hers.picture,
        strings=own_strings(hers),
    )
    of_scripts = frozenset(problem for script in scripts.values() for problem in script.problems)
    settled = (p for p in settings_faults(workspace) if p in of_scripts)  # told here, they are told once
    found = (*settled, *problems, *_wrong_in(workspace, plan, scripts))
    loaded = LoadedClass(name, path, plan, scripts, found, source)
    return replace(loaded, problems=tuple(sorted((*found, *_ways_out(loaded)), key=lambda problem: problem.source)))


def _shared(said: Iterable[str]) -> str:
    """Return what all scripts of a class say; empty where they say different things."""
    found = {*said}
    return found.pop() if len(found) == 1 else ""


def inspected_class(workspace: Workspace, name_or_path: str) -> tuple[Problem, ...]:
    """Return all that is wrong with a class, its scripts and, by estimate, its lengths. Raises as `load_class`."""
    loaded = load_class(workspace, name_or_path)
    problems = [*loaded.problems, *(problem for script in loaded.scripts.values() for problem in script.problems)]
    problems += (p for each in loaded.scripts.values() if each.script for p in voice_faults(workspace, each.script))
    if not errors_in(problems):
        problems += _lengths(workspace, loaded)
    return tuple(dict.fromkeys(problems))


def _lengths(workspace: Workspace, loaded: LoadedClass) -> Iterator[Problem]:
    """Yield a warning for each length that by estimate its script cannot have, for some client or for all."""
    told, faults = set[SourceRef](), dict[tuple[object, ...], tuple[str, str | None] | None]()
    for tracks in ordered(loaded):
        for order in tracks.orders:
            script = loaded.scripts[order.script]
            if order.length is None or order.source in told or script.script is None:
                continue
            key = (order.script, order.choices, order.length)  # most clients get the same
            if key not in faults:
                faults[key] = length_fault(workspace, script.script, dict(order.choices), order.length)
            if fault := faults[key]:
                told.add(order.source)
                whom = f" for {tracks.client.name}" if tracks.client else ""
                yield warning("no-such-length", f"{order.script}{whom}: {fault[0]}", order.source, fault[1])


def _ways_out(loaded: LoadedClass) -> Iterator[Problem]:
    """Yield a warning where tracks of a class that could be made have no way out, naming each of their scripts."""
    if errors_in((*loaded.problems, *(p for script in loaded.scripts.values() for p in script.problems))):
        return
    without, asked = dict[str, SourceRef](), set[tuple[object, ...]]()
    for order in (order for tracks in ordered(loaded) for order in tracks.orders):
        script, key = loaded.scripts[order.script], (order.script, order.choices)
        if script.script is None or key in asked or not _brings_back(script.script):
            continue
        asked.add(key)
        try:
            way_out(script, dict(order.choices))
        except ScriptError as error:
            without.setdefault(error.message, order.source)
    if without:
        message = f"some tracks will have no way to come back early: {'; '.join(without)}"
        hint = "add way-out: and a segment's name to each of these scripts, or role: exit to what brings people back"
        yield warning("no-way-out", message, min(without.values()), hint)


def _brings_back(script: Script) -> bool:
    """Return whether a way out is expected of a script: somebody speaks, and nobody allowed that there is none."""
    return any(every_line(script)) and "no-way-out" not in dict(script.allow)


def ordered(loaded: LoadedClass) -> tuple[OrderedSet, ...]:
    """Return the tracks that a class without errors asks for: those for everybody first, then each client's."""
    plan = loaded.plan
    if plan is None:
        return ()
    return tuple(OrderedSet(client, tuple(_orders(plan, client, loaded.scripts))) for client in (None, *plan.clients))


def _orders(plan: ClassPlan, client: Client | None, scripts: Mapping[str, LoadedScript]) -> Iterator[TrackOrder]:
    for track in plan.tracks:
        loaded = scripts[normal(track.script)]
        levels = [plan.wishes, track.wishes, *([client.wishes] if client else [])]
        bed = next((wishes.bed for wishes in reversed(levels) if wishes.bed), None)
        stereo = next((wishes.stereo for wishes in reversed(levels) if wishes.stereo is not None), None)
        voice = next((wishes.voice for wishes in reversed(levels) if wishes.voice), None)
        options = loaded.script.options if loaded.script else ()
        chosen = {
            option.name: setting.value
            for wishes in levels
            for setting in wishes.options
            for option in options
            if _named(option, setting) and _has(option, setting)
        }
        overrides = Overrides(bed, stereo=stereo, bed_levels=True)
        for length, source in track.lengths or _usual_lengths(track, loaded.script):
            yield TrackOrder(
                loaded.name, tuple(sorted(chosen.items())), voice, overrides, length, track.title, track.note, source
            )


def _usual_lengths(track: TrackPlan, script: Script | None) -> tuple[tuple[int | None, SourceRef], ...]:
    """Return the lengths of a track that says none: each of the workspace's, where its script says none either."""
    several = script.lengths if script and len(script.lengths) > 1 else (None,)
    return tuple((length, track.source) for length in several)


def _wrong_in(workspace: Workspace, plan: ClassPlan, scripts: Mapping[str, LoadedScript]) -> Iterator[Problem]:
    """Yield what is wrong with a class, given those of its scripts that are there."""
    known = workspace.folder.scripts()
    for track in plan.tracks:
        loaded = scripts.get(normal(track.script))
        if loaded is None:
            hint = instead_of(track.script, known)
            if normal(track.script) in workspace.folder.classes():
                hint = f"`{track.script}` is a class: name the scripts that it has"
            yield Problem("unknown-script", f"there is no script `{track.script}`", track.script_source, hint)
        elif loaded.script:
            yield from _settings(track.wishes, (loaded,), f"the script `{loaded.name}`")
        yield from _wishes(workspace, track.wishes)
    for wishes in (plan.wishes, *(client.wishes for client in plan.clients)):
        yield from _settings(wishes, tuple(scripts.values()), "any script of this class")
        yield from _wishes(workspace, wishes)
    yield from _same_folder(plan.clients)
    yield from _same_track(plan)
    if plan.name in known:
        message = f"there is a script `{plan.name}`, too: check and plan take that one"
        yield warning("same-name", message, plan.source, "give the class's file another name")


def _wishes(workspace: Workspace, wishes: Wishes) -> Iterator[Problem]:
    """Yield what is wrong with a voice and a bed."""
    voices = workspace.folder.voices()
    if wishes.voice and normal(wishes.voice) not in voices and wishes.voice_source:
        yield unknown("voice", wishes.voice, wishes.voice_source, voices)
    fault = workspace.soundbox.bed_fault(wishes.bed.made_of) if wishes.bed and wishes.bed.made_of else None
    if fault and wishes.bed:
        yield Problem("unknown-bed", fault[0], wishes.bed.source, fault[1])


def _settings(wishes: Wishes, scripts: tuple[LoadedScript, ...], where: str) -> Iterator[Problem]:
    """Yield what is wrong with choices, each of which at least one of these scripts must know."""
    complete = [loaded.script for loaded in scripts if loaded.script]
    for setting in wishes.options if complete else ():
        found = [(script, option) for script in complete for option in script.options if _named(option, setting)]
        fitting = [script for script, option in found if _has(option, setting)]
        if not found:
            names = dict.fromkeys(option.name for script in complete for option in script.options)
            message = f"there is no option `{shorten(setting.option)}` in {where}"
            yield Problem("unknown-option", message, setting.source, instead_of(setting.option, names))
        for _, option in [] if fitting else found[:1]:
            choices = tuple(dict.fromkeys(choice for _, other in found for choice in other.choices))
            yield no_such_choice(option.name, setting.value, choices, setting.value_source)
        for script, option in found if fitting else []:
            if script not in fitting:
                message = f"the script `{script.name}` has no `{shorten(setting.value)}` for `{option.name}`"
                hint = f"there it stays as usual, `{option.usual}`; it has: {', '.join(option.choices)}"
                yield warning("other-choices", message, setting.value_source, hint)


def _same_folder(clients: tuple[Client, ...]) -> Iterator[Problem]:
    names = dict[str, Client]()
    for client in clients:
        other = names.setdefault(ascii_name(client.name, "client"), client)
        if other is not client:
            message = f"{shorten(client.name)} and {shorten(other.name)} are one name for files"
            yield Problem("same-folder", message, client.source, "add a letter or a number to one of the names")


def _same_track(plan: ClassPlan) -> Iterator[Problem]:
    """Yield a warning for each track that is the same as one before it."""
    seen = set[tuple[object, ...]]()
    for track in plan.tracks:
        wishes = track.wishes
        chosen = tuple(sorted((s.option.casefold(), s.value.casefold()) for s in wishes.options))
        for length, source in track.lengths or ((None, track.source),):
            key = (normal(track.script), length, chosen, wishes.voice, wishes.bed, wishes.stereo)
            if key in seen:
                yield warning("same-track", "this is the same track as one before it", source, "leave one of them out")
            seen.add(key)


def _named(option: Option, setting: Choice) -> bool:
    return option.name.casefold() == setting.option.casefold()


def _has(option: Option, setting: Choice) -> bool:
    return setting.value.casefold() in map(str.casefold, option.choices)


def runnable_class(loaded: LoadedClass) -> ClassPlan:
    """Return the class, or raise ScriptError with its problems where one of them is an error."""
    return sound(loaded.name, loaded.plan, loaded.problems)
