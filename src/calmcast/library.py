"""The files of a workspace as models: scripts with their segments in place, voices, lexicons.

Files are read here and nowhere else; every problem in any of them comes back with its place.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.errors import ScriptError
from calmcast.model.script import Script, Segment
from calmcast.model.voice import Lexicon, Voice
from calmcast.script.builder import build_script, build_segment
from calmcast.script.compose import compose
from calmcast.script.fields import suggestion
from calmcast.script.profiles import build_lexicon, build_voice
from calmcast.workspace import Workspace, normal

if TYPE_CHECKING:
    from calmcast.script.nodes import Node


T = TypeVar("T")
Build = Callable[["Node | None", str, str], tuple[T | None, tuple[Problem, ...]]]
"""Makes a model of a document, its name and its file as shown; returns it, or None, and the problems."""
Source = tuple[str, str]
"""A file as shown, and the SHA-256 of its bytes."""


@dataclass(frozen=True, slots=True)
class LoadedScript:
    """A script file as read: what could be built of it, what is wrong with it, and what it was made from."""

    name: str
    script: Script | None
    """Composed: every segment in its place. None where the script itself cannot be built."""
    problems: tuple[Problem, ...]
    sources: tuple[Source, ...]
    """The script's file and each segment's, in the order of use."""

    def without_warnings(self) -> "LoadedScript":
        """Return the script with errors alone: for one that nobody wrote as a script."""
        return replace(self, problems=tuple(p for p in self.problems if p.severity is Severity.ERROR))


@dataclass(frozen=True, slots=True)
class Library:
    """What a workspace holds."""

    workspace: Workspace

    def script(self, name_or_path: str) -> LoadedScript:
        """Return a script by name or path with its segments in place.

        Raises ScriptError where there is no such file; what is wrong inside it is among the problems.
        """
        path = self.workspace.script(name_or_path)
        script, problems, source = self.load(path, build_script)
        return self.composed(normal(path.stem), script, problems, (source,), path)

    def written(self, name: str, text: str, shown: str) -> LoadedScript:
        """Return a script from its text, as if a file of this name held it; `shown` is its name in problems."""
        script, problems, source = self._built(text.encode(errors="replace"), name, shown, build_script)
        return self.composed(name, script, problems, (source,), None)

    def composed(
        self,
        name: str,
        script: Script | None,
        problems: tuple[Problem, ...],
        sources: tuple[Source, ...],
        path: Path | None,
    ) -> LoadedScript:
        """Return a built script with its segments fetched: those beside `path` first, then the workspace's."""
        if script is None:
            return LoadedScript(name, None, tuple(sorted(problems, key=lambda problem: problem.source)), sources)
        shelf = _Shelf(self, self.workspace.segments(beside=path))
        complete, circles = compose(script, shelf.fetch, shelf.missing)
        everything = sorted((*problems, *shelf.problems, *circles), key=lambda problem: problem.source)
        return LoadedScript(name, complete, tuple(everything), (*sources, *shelf.sources))

    def segment(self, name: str) -> tuple[Segment | None, tuple[Problem, ...]]:
        """Return a segment by name as its file has it, and what is wrong with it."""
        shelf = _Shelf(self, self.workspace.segments())
        return shelf.fetch(name), tuple(shelf.problems)

    def voice(self, name: str) -> Voice:
        """Return a voice profile by name. Raises ScriptError with its problems."""
        path = self.workspace.voices().get(normal(name))
        if path is None:
            known = self.workspace.voices()
            hint = suggestion(name, known) or f"there is: {', '.join(known)}"
            raise ScriptError(f"there is no voice `{name}`", hint)
        voice, problems, _ = self.load(path, build_voice)
        if voice is None or _errors(problems):
            raise ScriptError(f"the voice `{name}` cannot be used", problems=problems)
        return voice

    def missing_lexicons(self, voice: Voice) -> tuple[Problem, ...]:
        """Return a problem for each lexicon that a voice names and that is not there."""
        paths = self.workspace.lexicons()
        missing = (name for name in voice.lexicons if normal(name) not in paths)
        return tuple(
            Problem(
                "unknown-lexicon",
                f"there is no lexicon `{name}`",
                voice.source,
                suggestion(name, paths) or f"there is: {', '.join(paths)}",
            )
            for name in missing
        )

    def lexicons(self, voice: Voice) -> tuple[Lexicon, ...]:
        """Return the lexicons that a voice names. Raises ScriptError with their problems."""
        paths = self.workspace.lexicons()
        lexicons, problems = list[Lexicon](), list(self.missing_lexicons(voice))
        for name in voice.lexicons:
            if normal(name) not in paths:
                continue
            lexicon, found, _ = self.load(paths[normal(name)], build_lexicon)
            problems += found
            lexicons += [lexicon] if lexicon else []
        if _errors(problems):
            raise ScriptError(f"a lexicon of the voice `{voice.name}` cannot be used", problems=tuple(problems))
        return tuple(lexicons)

    def load(self, path: Path, build: "Build[T]") -> "tuple[T | None, tuple[Problem, ...], Source]":
        """Return what `build` makes of a YAML file, every problem found, and the file's name and hash.

        Raises ScriptError where the file cannot be read.
        """
        return self._built(self._read(path), normal(path.stem), self.workspace.shown(path), build)

    def _built(
        self, data: bytes, name: str, shown: str, build: "Build[T]"
    ) -> "tuple[T | None, tuple[Problem, ...], Source]":
        from calmcast.script.reader import read

        source = (shown, hashlib.sha256(data).hexdigest())
        node, problems = read(data, shown)
        if node is None and problems:
            return None, problems, source
        built, more = build(node, name, shown)
        return built, (*problems, *more), source

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            reason = "it is a folder" if path.is_dir() else (error.strerror or "no reason given").lower()
            hint = "check the name; `calmcast scripts` lists what there is"
            raise ScriptError(f"{path} cannot be read: {reason}", hint) from error


@dataclass(slots=True)
class _Shelf:
    """The segments that one script can reach."""

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


def _errors(problems: "tuple[Problem, ...] | list[Problem]") -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)
