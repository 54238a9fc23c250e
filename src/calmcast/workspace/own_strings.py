"""A teacher's own words in place of calmcast's: whether they can stand there, and by language and id."""

from collections.abc import Iterator

from calmcast.diagnostics import Problem
from calmcast.model.settings import OwnString, WorkspaceSettings
from calmcast.publish.handout.strings import FALLBACK, Overrides, Text, languages, placeholders, table
from calmcast.text import shorten, suggestion


def own_strings(settings: WorkspaceSettings) -> Overrides:
    """Return a teacher's own words, by language and id."""
    found = dict[str, dict[str, str]]()
    for own in settings.strings:
        found.setdefault(own.language, {})[own.id] = own.text
    return found


def string_faults(settings: WorkspaceSettings) -> tuple[Problem, ...]:
    """Return what is wrong with a teacher's own words: ids and placeholders that are lost or unknown."""
    return tuple(problem for own in settings.strings for problem in _faults(own))


def _faults(own: OwnString) -> Iterator[Problem]:
    language = own.language.partition("-")[0].casefold()
    shipped = table(language if language in languages() else FALLBACK)
    if own.id not in shipped:
        hint = suggestion(own.id, shipped) or "docs/strings.md has all of them"
        yield Problem("unknown-string", f"there is no string `{shorten(own.id)}`", own.source, hint)
        return
    said, needed = placeholders(own.text), placeholders(shipped[own.id])
    for name in sorted(needed - said):
        hint = f"calmcast says: {_whole(shipped[own.id])}"
        yield Problem("lost-placeholder", f"`{own.id}` has to say {{{name}}} somewhere", own.text_source, hint)
    for name in sorted(said - needed):
        hint = suggestion(name, needed) or f"calmcast says: {_whole(shipped[own.id])}"
        yield Problem("unknown-placeholder", f"`{own.id}` knows no {{{name}}}", own.text_source, hint)


def _whole(text: Text) -> str:
    return text if isinstance(text, str) else text["other"]
