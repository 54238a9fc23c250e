"""What calmcast itself says to those who are handed a class, in their language: one table of strings each.

A table is `templates/strings/LANGUAGE.json`, strings by short ids. `{name}` is a placeholder; a string that depends on
a number is `{"one": ..., "other": ...}` (CLDR's categories) and takes that number as `n`. Wherever one is used stands
`t("id")`, in Python, in HTML and in the page's script, so that a test finds those that are missing or no longer used.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

Text = str | Mapping[str, str]
"""A string, or one for `one` and one for `other` numbers."""
Overrides = Mapping[str, Mapping[str, str]]
"""A teacher's own words: by language, then by id. One text takes the place of both where numbers have two."""

FALLBACK = "en"
"""The language of those that have no table."""
_TABLES = "templates/strings"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_USED = re.compile(r'(?<![\w.])t\("([a-z0-9.-]+)"')


@dataclass(frozen=True, slots=True)
class Strings:
    """The strings of one language: `t("id", name="Anna")`."""

    language: str
    """Of the strings, which is English where there is no table: a BCP 47 tag's first part."""
    texts: Mapping[str, Text]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a string with its placeholders filled. Raises KeyError where there is no such string.

        A placeholder that got no value stays as it is; one inside a value is not filled.
        """
        return filled(self.form(key, values.get("n")), values)

    def form(self, key: str, n: object = None) -> str:
        """Return a string as it stands, the one for the number `n` where there are two."""
        text = self.texts[key]
        return text if isinstance(text, str) else text["one" if n == 1 else "other"]


def filled(text: str, values: Mapping[str, object]) -> str:
    """Return the text with each `{name}` replaced by the value of that name, where there is one."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


def placeholders(text: Text) -> frozenset[str]:
    """Return the names of a string's placeholders."""
    forms = (text,) if isinstance(text, str) else text.values()
    return frozenset(name for form in forms for name in _PLACEHOLDER.findall(form))


def used(source: str) -> tuple[str, ...]:
    """Return the ids that a template, script or module asks for, each once, in order."""
    return tuple(dict.fromkeys(_USED.findall(source)))


def strings(language: str, overrides: Overrides | None = None) -> Strings:
    """Return the strings for a BCP 47 tag: those of its language, else English, with a teacher's own laid over them.

    Overrides for `de` hold for `de-AT` as well, those for `de-at` win there; a language that has no table can get one
    so. Ids that no table has are passed over.
    """
    tag = language.strip().replace("_", "-").casefold()
    first = tag.partition("-")[0]
    found = first if first in languages() else FALLBACK
    own = {name.casefold(): texts for name, texts in (overrides or {}).items()}
    laid_over = {**own.get(found, {}), **own.get(first, {}), **own.get(tag, {})}
    shipped = table(found)
    return Strings(found, {**shipped, **{key: text for key, text in laid_over.items() if key in shipped}})


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a table, in order."""
    folder = files("calmcast.publish.handout").joinpath(_TABLES)
    return tuple(sorted(file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json")))


@cache
def table(language: str) -> Mapping[str, Text]:
    """Return the shipped table of a language that has one."""
    file = files("calmcast.publish.handout").joinpath(_TABLES, f"{language}.json")
    texts: dict[str, Text] = json.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(texts)
