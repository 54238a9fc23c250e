"""The text of a new `calmcast.yaml`: every setting, each in a comment, with what it means."""

from textwrap import fill

from calmcast.script.language.settings_grammar import WORKSPACE_SETTINGS

_HEAD = """\
# yaml-language-server: $schema={schema}
# What holds for all of your scripts and classes that do not say otherwise. To settle something, take away the # and the
# space before its key. calmcast doctor shows what holds, and where it comes from.
"""


def settings_text(schema: str) -> str:
    """Return settings that settle nothing yet; `schema` is where the editors' schema is, from their folder on."""
    fields = (
        f"{fill(field.help, 118, initial_indent='# ', subsequent_indent='# ')}\n# {field.name}: {field.example}\n"
        for field in WORKSPACE_SETTINGS.fields
    )
    return "\n".join([_HEAD.format(schema=schema), *fields])
