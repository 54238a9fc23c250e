"""The files of a workspace as models: scripts with their segments in place, voices, lexicons.

Files are read here and nowhere else; every problem in any of them comes back with its place.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

from calmcast.diagnostics import Problem, Severity, SourceRef, errors_in
from calmcast.errors import ScriptError
from calmcast.model.script import Script, Segment, Version
from calmcast.model.settings import WorkspaceSettings
from calmcast.model.voice import Lexicon, Voice
from calmcast.script.language.builder import build_script, build_segment
from calmcast.script.language.compose import compose
from calmcast.script.language.grammar import SCRIPT
from calmcast.script.language.nodes import Document, Mapping, Node
from calmcast.script.language.profiles import build_lexicon, build_voice
from calmcast.script.language.reader import MOST_BYTES, read
from calmcast.seen import looked_at
from calmcast.text import counted, instead_of, suggestion
from calmcast.workspace.folder import LEXICONS, Folder, normal
from calmcast.workspace.lineage import Lineage, Read, Source, follow
from calmcast.workspace.settings import NO_FILE, SettingsFile, workspace_settings

T = TypeVar("T")
_FILES_KEPT = 128
"""A segment is in many scripts, a voice speaks each: so many files are not read anew while their bytes are the same."""
Build = Callable[[Node | None, str, str], tuple[T | None, tuple[Problem, ...]]]
"""Makes a model of a document, its name and its file as shown; returns it, or None, and the problems."""


@dataclass(frozen=True, slots=True)
class LoadedScript:
    """A script file as read: what could be built of it, what is wrong with it, and what it was made from."""

    name: str
    script: Script | None
    """Composed: every segment in its place. None where the script itself cannot be built."""
    problems: tuple[Problem, ...]
    sources: tuple[Source, ...]
    """The script's file, each that it extends, each segment's, in the order of use, and that of the settings."""
    extends: tuple[str, ...] = ()
    """The names of what it extends, the nearest first."""

    def without_warnings(self) -> "LoadedScript":
        """Return the script with errors alone: for one that nobody wrote as a script."""
        return replace(self, problems=tuple(p for p in self.problems if p.severity is Severity.ERROR))


@dataclass(frozen=True, slots=True)
class Library:
    """What a workspace holds."""

    folder: Folder
    settings_file: SettingsFile[WorkspaceSettings] = NO_FILE
    """What the teacher has settled for scripts that do not say; what is wrong in it is wrong with every script."""

    @classmethod
    def of(cls, folder: Folder) -> "Library":
        """Return what a folder holds, by its settings."""
        return cls(folder, workspace_settings(folder))

    @property
    def settings(self) -> WorkspaceSettings:
        return self.settings_file.settings

    @property
    def usual_voice(self) -> str:
        """The name of the voice that speaks where nobody names one."""
        return self.settings.voice or SCRIPT.field("voice").default or ""

    def script(self, name_or_path: str) -> LoadedScript:
        """Return a script by name or path with its segments in place.

        Raises ScriptError where there is no such file; what is wrong inside it, or in what it extends, is among
        the problems.
        """
        return self._composed(self.lineage(name_or_path))

    def written(self, name: str, text: str, shown: str) -> LoadedScript:
        """Return a script from its text, as if a file of this name held it; `shown` is its name in problems."""
        first: Read = _built(text.encode(errors="replace"), name, shown, self._build_script)
        return self._composed(follow(first, name, None, self.folder, self._read_script))

    def lineage(self, name_or_path: str) -> Lineage:
        """Return a script by name or path and what it extends, as built. Raises ScriptError as `script`."""
        path = self.folder.script(name_or_path)
        return follow(self._read_script(path), normal(path.stem), path, self.folder, self._read_script)

    def generations(self, lineage: Lineage) -> tuple[LoadedScript, ...]:
        """Return a script, what it extends and so on, each composed, with the problems of composing it alone."""
        path = lineage.paths[0]
        scripts, _ = lineage.generations(self.shelf(path).fetch)
        composed = []
        for script in scripts:
            shelf = self.shelf(path)
            complete, problems = compose(script, shelf.fetch, shelf.missing)
            composed.append(LoadedScript(script.name, complete, (*shelf.problems, *problems), tuple(shelf.sources)))
        return tuple(composed)

    def shelf(self, beside: Path | None) -> "Shelf":
        """Return the segments that a script can reach: those beside its path first, then the workspace's."""
        return Shelf(self, self.folder.segments(beside=beside))

    def _composed(self, lineage: Lineage) -> LoadedScript:
        path, shelf = lineage.paths[0], self.shelf(lineage.paths[0])
        # What is left out is looked at for safety alone: it is no source of the script, and its faults do not matter.
        scripts, changes = lineage.generations(self.shelf(path).fetch)
        problems, complete = [*self.settings_file.problems, *lineage.problems, *changes], None
        if scripts:
            complete, found = compose(scripts[0], shelf.fetch, shelf.missing)
            problems += (*shelf.problems, *found)
        ordered = tuple(sorted(problems, key=lambda problem: problem.source))
        settled = [self.settings_file.source] if self.settings_file.source else []
        sources = (*lineage.sources, *shelf.sources, *settled)
        return LoadedScript(lineage.name, complete, ordered, sources, lineage.extends)

    def _read_script(self, path: Path) -> Read:
        return self.load(path, self._build_script)

    @property
    def _build_script(self) -> Build[Script | Version]:
        return _script_builder(self.settings)

    def segment(self, name: str) -> tuple[Segment | None, tuple[Problem, ...]]:
        """Return a segment by name as its file has it, and what is wrong with it."""
        shelf = self.shelf(None)
        return shelf.fetch(name), tuple(shelf.problems)

    def voice(self, name: str) -> Voice:
        """Return a voice profile by name. Raises ScriptError with its problems."""
        known = self.folder.voices()
        path = known.get(normal(name))
        if path is None:
            raise ScriptError(f"there is no voice `{name}`", instead_of(name, known))
        voice, problems, _ = self.load(path, build_voice)
        if voice is None or errors_in(problems):
            raise ScriptError(f"the voice `{name}` cannot be used", problems=problems)
        return voice

    def missing_lexicons(self, voice: Voice) -> tuple[Problem, ...]:
        """Return a problem for each lexicon that a voice names and that is not there."""
        paths = self.folder.lexicons()
        missing = (name for name in voice.lexicons if normal(name) not in paths)
        return tuple(
            Problem(
                "unknown-lexicon",
                f"there is no lexicon `{name}`",
                voice.lexicon_source or voice.source,
                self._instead_of_lexicon(name) or instead_of(name, paths),
            )
            for name in missing
        )

    def _instead_of_lexicon(self, name: str) -> str | None:
        """Return a hint where the lexicon lies there as W3C's PLS, which is not read."""
        path = self.folder.root / LEXICONS / f"{name}.pls"
        if not looked_at(path).is_file():
            return None
        return f"write the words of {path.name} into {name}.yaml beside it, one a line: - {{word: psoas, say: so-as}}"

    def lexicons(self, voice: Voice) -> tuple[Lexicon, ...]:
        """Return the lexicons that a voice names, in order. Raises ScriptError with their problems.

        One's own of a name that ships adds to the one that ships, and wins where both have a word.
        """
        lexicons, problems = list[Lexicon](), list(self.missing_lexicons(voice))
        for name in voice.lexicons:
            for path in self.folder.lexicon(name):
                lexicon, found, _ = self.load(path, build_lexicon)
                problems += found
                lexicons += [lexicon] if lexicon else []
        if errors_in(problems):
            raise ScriptError(f"a lexicon of the voice `{voice.name}` cannot be used", problems=tuple(problems))
        return tuple(lexicons)

    def load(self, path: Path, build: "Build[T]") -> "tuple[T | None, tuple[Problem, ...], Source]":
        """Return what `build` makes of a YAML file, every problem found, and the file's name and hash.

        Raises ScriptError where the file cannot be read.
        """
        return _built(self._read(path), normal(path.stem), self.folder.shown(path), build)

    def document(self, name: str, path: Path) -> Document:
        """Return a script's or a segment's file as written. Raises ScriptError where it cannot be read as YAML."""
        data = self._read(path)
        node, problems = read(data, self.folder.shown(path))
        if not isinstance(node, Mapping):
            raise ScriptError(f"{path} cannot be read", "mend what is shown above", problems)
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = data.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
        return Document(name, text, node)

    def _read(self, path: Path) -> bytes:
        hint = "check the name; `calmcast scripts` lists what there is"
        try:
            if looked_at(path).exists() and not path.is_file():
                reason = "it is a folder" if path.is_dir() else "it is no ordinary file"
                raise ScriptError(f"{path} cannot be read: {reason}", hint)
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)  # more is refused, whatever it is
        except OSError as error:
            reason = (error.strerror or "no reason given").lower()
            raise ScriptError(f"{path} cannot be read: {reason}", hint) from error


@dataclass(slots=True)
class Shelf:
    """The segments that one script can reach, each built when it is first asked for."""

    library: Library
    paths: dict[str, Path]
    problems: list[Problem] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    built: dict[str, Segment | None] = field(default_factory=dict)

    def fetch(self, name: str) -> Segment | None:
        key = normal(name)
        if key not in self.built:
            self.built[key] = self._build(key)
        return self.built[key]

    def _build(self, name: str) -> Segment | None:
        path = self.paths.get(name)
        if path is None:
            return None
        segment, problems, source = self.library.load(path, build_segment)
        self.problems += problems
        self.sources.append(source)
        return segment

    def missing(self, name: str, source: SourceRef) -> Problem | None:
        if normal(name) in self.paths:
            return None
        hint = suggestion(name, self.paths) or f"there is: {', '.join(self.paths)}; `calmcast segments` lists them"
        return Problem("unknown-segment", f"there is no segment `{name}`", source, hint)


def _built(data: bytes, name: str, shown: str, build: Build[T]) -> tuple[T | None, tuple[Problem, ...], Source]:
    """Return what `build` makes of a file's bytes, every problem found, and the file's name and hash."""
    return cast("tuple[T | None, tuple[Problem, ...], Source]", _kept(data, name, shown, build))


@lru_cache(maxsize=_FILES_KEPT)
def _kept(data: bytes, name: str, shown: str, build: Build[Any]) -> tuple[Any, tuple[Problem, ...], Source]:
    source = (shown, hashlib.sha256(data).hexdigest())
    node, problems = read(data, shown)
    if node is None and problems:
        return None, problems, source
    built, more = build(node, name, shown)
    return built, (*problems, *more), source


@cache
def _script_builder(settings: WorkspaceSettings) -> Build[Script | Version]:
    return partial(build_script, settings=settings)


def sound(name: str, built: T | None, problems: tuple[Problem, ...]) -> T:
    """Return what was built of a file, or raise ScriptError with its problems where one of them is an error."""
    errors = errors_in(problems)
    if built is None or errors:
        raise ScriptError(
            f"{name} has {counted(errors, 'error')}", "mend what is shown above, and run it again", problems
        )
    return built
