"""Scripts that start from another: a version of it, a full copy, a copy to translate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from calmcast.cli.templates import SCHEMA, in_shell
from calmcast.diagnostics import Severity
from calmcast.errors import ScriptError
from calmcast.script.edit.copies import Document, references, renamed, with_field
from calmcast.script.edit.translation import translated
from calmcast.script.edit.writing import Edit, edited, inserted
from calmcast.script.language.profiles import build_voice
from calmcast.workspace.folder import SCRIPTS, SEGMENTS, normal, ships
from calmcast.workspace.library import Library
from calmcast.workspace.lineage import Lineage

File = tuple[Path, str]
"""Where a file is to stand in the workspace, and its text."""

_HINT = "# yaml-language-server:"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is copied, and what it is called then."""

    name: str
    lineage: Lineage
    scripts: tuple[Document, ...]
    """The script and what it extends, the nearest first."""
    segments: tuple[Document, ...]
    names: Mapping[str, str]
    """The new name of each segment by its old one."""

    def script_name(self, index: int) -> str:
        """Return the new name of the script, or of what it extends."""
        if index == 0:
            return self.name
        old = self.scripts[index].name
        twice = any(document.name == old for document in self.scripts[1:index])
        return f"{self.name}-{old}" + f"-{index}" * twice


def faultless(library: Library, script: str) -> Lineage:
    """Return a script to start from, and what it extends. Raises ScriptError with all its problems."""
    loaded = library.script(script)
    if loaded.script is None or any(problem.severity is Severity.ERROR for problem in loaded.problems):
        hint = "mend what is shown above, or start from another script"
        raise ScriptError(f"`{script}` cannot be started from: it has errors", hint, loaded.problems)
    return library.lineage(script)


def copy(
    library: Library, script: str, name: str, fields: Mapping[str, str], language: str | None
) -> tuple[tuple[File, ...], bool]:
    """Return the files of a full copy, the script last, and whether a voice for `language` was found.

    `fields` are what the new script says in its own way, as written. With a language it is a copy to translate.
    Raises ScriptError where the script has errors.
    """
    plan = _planned(library, script, name)
    voice = voice_for(library, language) if language else None
    if language:
        fields = {"language": language, **({"voice": voice} if voice else {}), **fields}
    documents = (*plan.scripts, *plan.segments)
    translations = translated(documents) if language else ((),) * len(documents)
    files = list[File]()
    for index, (document, translation) in enumerate(zip(documents, translations, strict=True)):
        is_script = index < len(plan.scripts)
        edits = [*_moved(plan, document, index), *translation, inserted((1, 1), _head(plan, index, language, voice))]
        if is_script:
            own = fields if index == 0 else {key: fields[key] for key in ("language", "voice") if key in fields}
            edits += [with_field(document, key, value) for key, value in own.items()]
        folder = SCRIPTS if is_script else SEGMENTS
        new = plan.script_name(index) if is_script else plan.names[document.name]
        files.append((folder / f"{new}.yaml", _without_old_head(edited(document.text.rstrip("\n") + "\n", edits))))
    return tuple(reversed(files)), voice is not None


def _planned(library: Library, script: str, name: str) -> _Plan:
    lineage = faultless(library, script)
    names = (normal(path.stem) for path in lineage.paths if path)
    scripts = tuple(library.document(n, path) for n, path in zip(names, lineage.paths, strict=True) if path)
    paths = library.workspace.segments(beside=lineage.paths[0])
    segments, waiting = (
        dict[str, Document](),
        [scalar.text for document in scripts for scalar in references(document.node)],
    )
    while waiting:
        old = normal(" ".join(waiting.pop(0).split()))
        if old in paths and old not in segments:
            segments[old] = library.document(old, paths[old])
            waiting += [scalar.text for scalar in references(segments[old].node)]
    return _Plan(name, lineage, scripts, tuple(segments.values()), {old: f"{name}-{old}" for old in segments})


def _moved(plan: _Plan, document: Document, index: int) -> Iterator[Edit]:
    yield from renamed(document, plan.names)
    if index < len(plan.scripts) - 1:
        yield with_field(document, "extends", plan.script_name(index + 1))


def voice_for(library: Library, language: str) -> str | None:
    """Return the name of a voice of a language.

    The same region comes before another, then the usual voice before others, and one's own before one that ships.
    """
    found, tongue = list[tuple[bool, bool, bool, str]](), language.partition("-")[0]
    for name, path in library.workspace.voices().items():
        voice, _, _ = library.load(path, build_voice)
        if voice and voice.language.partition("-")[0] == tongue:
            found.append((voice.language != language, name != library.usual_voice, ships(path), name))
    return min(found)[-1] if found else None


def _head(plan: _Plan, index: int, language: str | None, voice: str | None) -> str:
    """Return the comment that opens a file of the copy."""
    is_script = index < len(plan.scripts)
    old = (*plan.scripts, *plan.segments)[index].name
    lines = [f"{_HINT} $schema={SCHEMA if is_script else f'../{SCHEMA}'}"]
    if index:
        lines.append(f"# A copy of `{old}`, for {plan.name} alone.")
    elif language:
        lines += _translating(plan, language, voice)
    else:
        lines += [f"# A copy of `{old}`, with segments of its own: change anything.", *_next(plan.name)]
    return "\n".join(lines) + "\n#\n"


def _translating(plan: _Plan, language: str, voice: str | None) -> Iterator[str]:
    yield f"# `{plan.lineage.name}`, to be translated ({language}): this file, and those in segments/ that begin with"
    yield f"# {plan.name}-. Put each line into {language} and take its `untranslated: yes` away; leave its id as it is."
    yield "# Titles, questions and breathing cues that are to be translated are marked too. An option's choices may"
    yield "# stay; where you change one, change it after every `when` as well."
    if voice is None:
        yield f"# There is no voice for {language} here, so the voice is as it was: put one into voices/, and name it."
    yield from _next(plan.name, f"calmcast check {in_shell(plan.name)}      lists what is left")


def _next(name: str, first: str = "") -> Iterator[str]:
    yield "#   " + (first or f"calmcast check {in_shell(name)}      shows mistakes, with the line")
    yield f"#   calmcast render {in_shell(name)}     makes the track"


def _without_old_head(text: str) -> str:
    """Return the text with the editor's hint of the copied file, now the second, taken out."""
    first, _, rest = text.partition("\n")
    kept = [line for line in rest.split("\n") if not line.startswith(_HINT)]
    return "\n".join([first, *kept])
