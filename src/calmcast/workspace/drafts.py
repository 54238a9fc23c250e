"""New files in a workspace: a script that starts from another or from a text, and where they are written."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from calmcast.diagnostics import errors_in
from calmcast.errors import PublishError, ScriptError
from calmcast.files import locked, write_bytes
from calmcast.inside import check_inside
from calmcast.script.edit.copies import references
from calmcast.script.edit.full_copy import Copied, copied_files
from calmcast.script.edit.settings_text import settings_text
from calmcast.script.edit.templates import README, SCHEMA, version_text
from calmcast.script.language.fields import parse_name
from calmcast.script.language.nodes import Document
from calmcast.script.language.profiles import build_voice
from calmcast.script.language.reference import schema_text
from calmcast.script.language.version import name_of
from calmcast.units import UnitError
from calmcast.workspace.folder import CLASSES, LEXICONS, SCRIPTS, SEGMENTS, VOICES, Folder, normal, ships
from calmcast.workspace.library import Library
from calmcast.workspace.lineage import Lineage

File = tuple[Path, str]
"""Where a file is to stand in the workspace, and its text."""
_WAIT_S = 10.0
"""So long another process that writes new files here is waited for."""

Ask = Callable[[str, str], str]
"""Asks somebody a question; returns what they say, or what is given where they say nothing."""


def file_name(text: str) -> str:
    """Return a script's name from what was typed. Raises ScriptError for what can be no file's name."""
    try:
        return parse_name(text.strip().removesuffix(".yaml"))
    except UnitError as error:
        raise ScriptError(str(error), error.hint) from error


def usual_title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def copy(library: Library, script: str, name: str, fields: Mapping[str, str], language: str | None) -> tuple[File, ...]:
    """Return the files of a full copy, the script last; with a language it is a copy to translate.

    `fields` are what the new script says in its own way, as written. Raises ScriptError where the script has errors.
    """
    lineage = _faultless(library, script)
    names = (normal(path.stem) for path in lineage.paths if path)
    scripts = tuple(library.document(n, path) for n, path in zip(names, lineage.paths, strict=True) if path)
    plan = Copied(name, scripts, _segments(library, lineage, scripts))
    voice = _voice_for(library, language) if language else None
    return tuple((SCRIPTS / path, text) for path, text in copied_files(plan, fields, language, voice))


def version(library: Library, name: str, base: str, given: Mapping[str, str], ask: Ask) -> File:
    """Return a version of a script; `given` are its fields, `ask` asks for its title. Raises ScriptError."""
    path = SCRIPTS / f"{name}.yaml"
    lineage = _faultless(library, base)
    if library.folder.base(lineage.name, library.folder.root / path) is None:
        hint = "--copy makes a copy of it; or put it into scripts/"
        raise ScriptError(f"a version starts from a script in scripts/, and {base} is none", hint)
    own, _ = lineage.generations(library.shelf(lineage.paths[0]).fetch)
    composed = library.generations(lineage)[0].script
    fields = {"title": given.get("title") or ask("Title", usual_title(name)), **given}
    used = {name_of(segment) for segment in own[0].segments}
    others = tuple(other for other in library.folder.segments() if other not in used)
    return path, version_text(name, lineage.name, fields, own[0], composed or own[0], others)


def settled(library: Library, tag: str | None = None) -> dict[str, str]:
    """Return the language of a new script, and its voice where that has to be another than the usual one."""
    language = tag or library.settings.language or "en-US"
    voice = None if library.settings.voice and not tag else _voice_for(library, language)
    return {"language": language, **({"voice": voice} if voice and voice != library.usual_voice else {})}


def hides(here: Folder, name: str, files: Sequence[File]) -> bool:
    """Return whether files, the last a script of this name, will take the place of a script that ships."""
    path = files[-1][0]
    return name in here.scripts() and path.parent == SCRIPTS and not (here.root / path).exists()


def write(here: Folder, files: Sequence[File], *, force: bool) -> Path:
    """Write all files and what editors read; return the path of the last. Raises PublishError where one is there."""
    paths = [here.root / path for path, _ in files]
    write_bytes(here.root / SCRIPTS / SCHEMA, schema_text().encode())
    with _alone(here.root / SCRIPTS):
        there = [path for path in paths if path.exists()]
        if there and not force:
            others = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
            hint = "choose another name, or say --force to replace it"
            raise PublishError(f"{there[0]} is there already{others}", hint)
        for path, (_, text) in zip(paths, files, strict=True):
            write_bytes(path, text.encode())
    return paths[-1]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else write new files there meanwhile: of two at once of one name, one is to find the other's."""
    with ExitStack() as held:
        try:
            if os.name == "posix":
                held.enter_context(locked(folder, _WAIT_S))
        except BlockingIOError as error:
            raise PublishError(
                f"another calmcast is writing into {folder}", "run it again when that has ended"
            ) from error
        yield


def prepare(here: Folder) -> None:
    """Make the folders of a workspace, its settings and its README; what is there stays. Raises PublishError.

    What editors read is nobody's own, and is written anew: it knows the language as it is now.
    """
    for part in (SCRIPTS, SEGMENTS, CLASSES, VOICES, LEXICONS, Path("output")):
        check_inside(here.root / part / "file")
        try:
            (here.root / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or "").lower()
            raise PublishError(f"{here.root / part} cannot be made: {reason}", "choose another folder") from error
    write_bytes(here.root / SCRIPTS / SCHEMA, schema_text().encode())
    texts = {here.root / "README.md": README, here.settings: settings_text(f"{SCRIPTS.as_posix()}/{SCHEMA}")}
    for path, text in texts.items():
        if not path.exists():
            write_bytes(path, text.encode())


def _faultless(library: Library, script: str) -> Lineage:
    """Return a script to start from, and what it extends. Raises ScriptError with all its problems."""
    loaded = library.script(script)
    if loaded.script is None or errors_in(loaded.problems):
        hint = "mend what is shown above, or start from another script"
        raise ScriptError(f"`{script}` cannot be started from: it has errors", hint, loaded.problems)
    return library.lineage(script)


def _segments(library: Library, lineage: Lineage, scripts: Sequence[Document]) -> tuple[Document, ...]:
    """Return every segment that scripts are made of, in the order in which they are named."""
    paths = library.folder.segments(beside=lineage.paths[0])
    found = dict[str, Document]()
    waiting = [scalar.text for document in scripts for scalar in references(document.node)]
    while waiting:
        old = normal(" ".join(waiting.pop(0).split()))
        if old in paths and old not in found:
            found[old] = library.document(old, paths[old])
            waiting += [scalar.text for scalar in references(found[old].node)]
    return tuple(found.values())


def _voice_for(library: Library, language: str) -> str | None:
    """Return the name of a voice of a language.

    The same region comes before another, then the usual voice before others, and one's own before one that ships.
    """
    found, tongue = list[tuple[bool, bool, bool, str]](), language.partition("-")[0]
    for name, path in library.folder.voices().items():
        voice, _, _ = library.load(path, build_voice)
        if voice and voice.language.partition("-")[0] == tongue:
            found.append((voice.language != language, name != library.usual_voice, ships(path), name))
    return min(found)[-1] if found else None
