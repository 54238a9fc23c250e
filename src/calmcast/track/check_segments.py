"""What is wrong with the segments of a folder that no script uses: each as if it stood alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from calmcast.diagnostics import Problem, Severity
from calmcast.script.language.builder import build_segment
from calmcast.script.lint.checks import check_parts
from calmcast.script.lint.sounding import check_sounds
from calmcast.script.lint.spoken import check_own_words, check_words
from calmcast.speech.words.phonemes import unknown_signs
from calmcast.track.check_voices import known_voice, known_words
from calmcast.workspace.folder import ships
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace

_OF_WHOLES = "no-choices"
"""The script that uses a segment may give an option its choices."""


def segment_faults(workspace: Workspace, scripts: Iterable[LoadedScript]) -> tuple[Problem, ...]:
    """Return what is wrong with every segment: how it is written, and where none of `scripts` uses it, what is in it.

    Nothing is said of what only a whole script has or lacks.
    """
    scripts, problems = tuple(scripts), list[Problem]()
    used = {file for loaded in scripts for file, _ in loaded.sources}
    language = _usual_language(workspace, scripts)
    for name, path in workspace.folder.segments().items():
        segment, found, (file, _) = workspace.library.load(path, build_segment)
        problems += found
        if segment and file not in used and not any(problem.severity is Severity.ERROR for problem in found):
            problems += _alone(workspace, name, file, language)
    return tuple(problems)


def _alone(workspace: Workspace, name: str, file: str, language: str | None) -> tuple[Problem, ...]:
    """Return what is wrong inside a segment, as a script of it alone shows it."""
    loaded = workspace.library.written(name, f"title: Alone\nsegments:\n  - use: {name}\n", file)
    if loaded.script is None:
        return ()
    script = replace(loaded.script, language=language or loaded.script.language)
    soundbox, words = workspace.soundbox, known_words(workspace, known_voice(workspace, script.voice))
    return (
        *(each for each in loaded.problems if each.source.file == file and each.code != _OF_WHOLES),
        *check_parts(script),
        *check_sounds(script, soundbox.strike_fault, soundbox.bed_fault),
        *(check_words(script, words) if words is not None else ()),
        *check_own_words(script, unknown_signs),
    )


def _usual_language(workspace: Workspace, scripts: Iterable[LoadedScript]) -> str | None:
    """Return the language that most of the folder's own scripts are in, where its settings name none; None: neither."""
    if workspace.library.settings.language:
        return workspace.library.settings.language
    own = {name for name, path in workspace.folder.scripts().items() if not ships(path)}
    written = (loaded.script for loaded in scripts if loaded.name in own)
    found = Counter(script.language for script in written if script).most_common(1)
    return found[0][0] if found else None
