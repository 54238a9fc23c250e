"""What the checks of a script's text find, kept by that text: what has not changed is not looked at again."""

import json
from functools import cache
from pathlib import Path

import calmcast
from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.model.script import Script
from calmcast.seen import looked_at, presence
from calmcast.store.store import content_key, kept
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace

FORMAT = 1
"""Goes up when findings are written in another way."""

_RULES = "text.py", "script/language/*.py", "script/lint/*.py", "speech/words/*.py"
"""The modules that decide what is found. They are not imported where nothing is looked at."""


def text_faults(
    workspace: Workspace, loaded: LoadedScript, script: Script, known_words: tuple[str, ...] | None
) -> tuple[Problem, ...]:
    """Return what is wrong with the structure and the words of a script.

    `script`: that of `loaded`. `known_words` are those whose pronunciation is known; None: nobody knows them.
    """
    voices = sorted(workspace.folder.voices())

    def look() -> bytes:
        from calmcast.script.lint.checks import check
        from calmcast.script.lint.spoken import check_own_words, check_words
        from calmcast.speech.words.phonemes import unknown_signs

        found = [*check(script, voices), *check_own_words(script, unknown_signs)]
        found += check_words(script, known_words) if known_words is not None else ()
        return json.dumps([_row(problem) for problem in found]).encode("ascii")

    about = loaded.name, loaded.sources, voices, known_words
    data = kept(workspace.store, content_key("findings", FORMAT, _rules(), *about), look)
    return tuple(_problem(*row) for row in json.loads(data))


@cache
def _rules() -> tuple[str, ...]:
    """Return what tells the rules from those of another version."""
    home = Path(calmcast.__file__).parent
    files = (path for pattern in _RULES for path in sorted(home.glob(pattern)))
    return tuple(f"{path.relative_to(home).as_posix()} {presence(str(looked_at(path)))}" for path in files)


def _row(problem: Problem) -> tuple[str | int | None, ...]:
    place = problem.source
    where = place.file, place.line, place.column, place.width, place.excerpt
    return (problem.code, problem.message, problem.hint, problem.severity, *where)


def _problem(
    code: str, message: str, hint: str | None, severity: str, *where: *tuple[str, int, int, int, str]
) -> Problem:
    return Problem(code, message, SourceRef(*where), hint, Severity(severity))
