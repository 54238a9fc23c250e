"""A new script that is made of a text that somebody brings."""

from collections.abc import Mapping
from pathlib import Path

from calmcast.errors import ScriptError
from calmcast.script.edit.prose.abridge import script_text as abridged
from calmcast.script.edit.prose.manuscript import Findings, Manuscript
from calmcast.script.edit.prose.opened import MOST_BYTES as MOST_BYTES_OF_FILE
from calmcast.script.edit.prose.opened import manuscript
from calmcast.script.edit.prose.pipeline import Prose, understood
from calmcast.script.edit.templates import QUIET
from calmcast.script.edit.text_template import text_script
from calmcast.script.language.reader import MOST_BYTES
from calmcast.workspace.drafts import Ask, File, settled, usual_title
from calmcast.workspace.folder import SCRIPTS
from calmcast.workspace.library import Library

__all__ = ["MOST_BYTES_OF_FILE", "of_text"]


def of_text(
    library: Library, name: str, source: Path, data: bytes, given: Mapping[str, str], tag: str | None, ask: Ask
) -> tuple[File, Findings]:
    """Return a script made of the text in a file, and what was found in that; `data` is what the file `source` holds.

    Its placeholders are asked for. Raises ScriptError for what is no text, has no words, or is too long.
    """
    prose = _filled(manuscript(data, str(source)), tag, ask)
    if not prose.passages:
        hint = "name a file with the text to be spoken"
        if prose.findings.left_out:
            hint = f"all of it was taken for what is not spoken ({prose.findings.left_out[0].why}): leave only what is"
        raise ScriptError(f"there are no words in {source}", hint)
    tag = tag or (prose.language if prose.language != "en" else None)
    english = (tag or library.settings.language or "en").split("-")[0].lower() == "en"
    segments, needs = abridged(prose.passages, QUIET.split("\n") if english else ())
    fields = {
        "title": given.get("title") or prose.title or ask("Title", usual_title(name)),
        **settled(library, tag),
        "length": f"{needs.fullest} min",
        **given,
    }
    text = text_script(name, source.name, fields, segments, needs, asks=english)
    if len(text.encode()) > MOST_BYTES:
        hint = "divide it into parts, and make a track of each"
        raise ScriptError(f"{source} is too long for one track: a script of it would be larger than 1 MiB", hint)
    return (SCRIPTS / f"{name}.yaml", text), prose.findings


def _filled(text: Manuscript, tag: str | None, ask: Ask) -> Prose:
    """Return what a text is made of, with what somebody says for its placeholders, each asked for once."""
    prose = understood(text, language=tag)
    names = dict.fromkeys(blank.name for blank in prose.findings.blanks)
    answers = {name: answer for name in names if (answer := ask(f"What is said for {{{name}}}? (nothing: later)", ""))}
    return understood(text, answers, tag) if answers else prose
