"""A full copy of a script under another name, with all that it is made of; to change freely, or to translate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from calmcast.script.edit.copies import renamed, with_field
from calmcast.script.edit.templates import SCHEMA, in_shell
from calmcast.script.edit.translation import translated
from calmcast.script.edit.writing import Edit, edited, inserted
from calmcast.script.language.nodes import Document

_HINT = "# yaml-language-server:"


@dataclass(frozen=True, slots=True)
class Copied:
    """What is copied, and what it is called then."""

    name: str
    scripts: tuple[Document, ...]
    """The script and what it extends, the nearest first."""
    segments: tuple[Document, ...]

    @property
    def names(self) -> dict[str, str]:
        """The new name of each segment by its old one."""
        return {document.name: f"{self.name}-{document.name}" for document in self.segments}

    def script_name(self, index: int) -> str:
        """Return the new name of the script, or of what it extends."""
        if index == 0:
            return self.name
        old = self.scripts[index].name
        twice = any(document.name == old for document in self.scripts[1:index])
        return f"{self.name}-{old}" + f"-{index}" * twice


def copied_files(
    plan: Copied, fields: Mapping[str, str], language: str | None, voice: str | None
) -> tuple[tuple[PurePosixPath, str], ...]:
    """Return the files of a full copy, each with its path in `scripts/`, the script last.

    `fields` are what the new script says in its own way, as written. With a language it is a copy to translate, spoken
    by `voice`; None: there is no voice for it.
    """
    if language:
        fields = {"language": language, **({"voice": voice} if voice else {}), **fields}
    documents = (*plan.scripts, *plan.segments)
    translations = translated(documents) if language else ((),) * len(documents)
    files = list[tuple[PurePosixPath, str]]()
    for index, (document, translation) in enumerate(zip(documents, translations, strict=True)):
        is_script = index < len(plan.scripts)
        edits = [*_moved(plan, document, index), *translation, inserted((1, 1), _head(plan, index, language, voice))]
        if is_script:
            own = fields if index == 0 else {key: fields[key] for key in ("language", "voice") if key in fields}
            edits += [with_field(document, key, value) for key, value in own.items()]
        new = plan.script_name(index) if is_script else f"segments/{plan.names[document.name]}"
        path = PurePosixPath(f"{new}.yaml")
        files.append((path, _without_old_head(edited(document.text.rstrip("\n") + "\n", edits))))
    return tuple(reversed(files))


def _moved(plan: Copied, document: Document, index: int) -> Iterator[Edit]:
    yield from renamed(document, plan.names)
    if index < len(plan.scripts) - 1:
        yield with_field(document, "extends", plan.script_name(index + 1))


def _head(plan: Copied, index: int, language: str | None, voice: str | None) -> str:
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


def _translating(plan: Copied, language: str, voice: str | None) -> Iterator[str]:
    old = plan.scripts[0].name
    yield f"# `{old}`, to be translated ({language}): this file, and those in segments/ that begin with"
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
