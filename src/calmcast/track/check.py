"""What is wrong with a script as a whole: its words, its sounds, its voices, and its length."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from calmcast.diagnostics import Problem, Severity
from calmcast.errors import CalmcastError
from calmcast.model.script import Script
from calmcast.model.sound import BedSound
from calmcast.planning.layout import feasible_lengths
from calmcast.script.language.fields import warning
from calmcast.script.language.options import choose, settle
from calmcast.script.lint.placed import allowed_anywhere, placed
from calmcast.script.lint.sounding import Fault, check_sounds
from calmcast.track.check_picture import picture_faults
from calmcast.track.check_text import text_faults
from calmcast.track.check_voices import known_voice, known_words, spoken_faults, voice_faults
from calmcast.track.estimate import estimated
from calmcast.units import format_clock, format_length
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace

_DOUBT = 0.85
"""Estimated bounds are this far off at most; nothing is said of lengths that may do."""


def load_script(workspace: Workspace, name_or_path: str) -> LoadedScript:
    """Return a script with everything that is wrong with it. Raises ScriptError where there is no such file."""
    return checked(workspace, workspace.library.script(name_or_path))


def checked(workspace: Workspace, loaded: LoadedScript) -> LoadedScript:
    """Return a script with what the checks find added to its problems."""
    if loaded.script is None:
        return loaded
    script, soundbox = loaded.script, workspace.soundbox
    voice = known_voice(workspace, script.voice)
    broken = any(problem.severity is Severity.ERROR for problem in loaded.problems)
    found = (
        *text_faults(workspace, loaded, script, None if broken else known_words(workspace, voice)),
        *check_sounds(script, soundbox.strike_fault, soundbox.bed_fault),
        *(spoken_faults(workspace, script, voice) if voice else ()),
        *picture_faults(workspace, script.picture, script.picture_source),
    )
    if broken:
        # what could not be read may be what a warning misses
        found = tuple(problem for problem in found if problem.severity is Severity.ERROR)
    problems = sorted((*loaded.problems, *found), key=lambda problem: problem.source)
    return replace(loaded, problems=tuple(problems))


def inspected(
    workspace: Workspace,
    loaded: LoadedScript,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> tuple[Problem, ...]:
    """Return what is wrong with a script that `load` gave, with its voices, sound files and length.

    Sound files are read to their ends; `progress` is told which is being read, how much of it, and how much there
    is.
    """
    script = loaded.script
    if script is None:
        return loaded.problems
    problems = (*loaded.problems, *voice_faults(workspace, script))
    if any(p.severity is Severity.ERROR for p in loaded.problems):
        return problems

    def bed_fault(made_of: BedSound) -> Fault | None:
        return workspace.soundbox.bed_file_fault(made_of, partial(progress, made_of.name))

    unusable = check_sounds(script, lambda strike: None, bed_fault)
    return (*problems, *unusable, *_own_length(workspace, script))


def _own_length(workspace: Workspace, script: Script) -> tuple[Problem, ...]:
    """Return a warning for each of its own lengths that a script cannot have; of one that has none, where it has no
    length at all.
    """
    if "own-length" in allowed_anywhere(placed(script)):
        return ()
    usual = "change its length:, or its words and silences; `calmcast plan` shows the exact bounds"
    faults = filter(None, (length_fault(workspace, script, {}, length) for length in script.lengths or (None,)))
    return tuple(warning("own-length", f"this script {why}", script.source, hint or usual) for why, hint in faults)


def length_fault(
    workspace: Workspace, script: Script, choices: Mapping[str, str], length: int | None
) -> tuple[str, str | None] | None:
    """Return why a composed script cannot last so many samples, by estimate, and what to do; None: it may.

    No `length`: why it cannot be made at all.
    """
    try:
        values = choose(script.options, choices)
        least, most = feasible_lengths(estimated(workspace, settle(script, values)))
    except CalmcastError as error:
        return f"cannot be made: {error.message}", error.hint
    if length is None or (_DOUBT * least <= length and (most is None or length * _DOUBT <= most)):
        return None
    bound = format_clock(least if length < least else most or 0)
    return f"cannot last {format_length(length)}; by estimate the nearest it can is {bound}", None
