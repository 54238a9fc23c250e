"""The text of a script that is made of a plain text."""

from collections.abc import Mapping

from calmcast.script.edit.prose.abridge import Needs
from calmcast.script.edit.templates import SCHEMA, in_shell
from calmcast.script.edit.writing import written

_TEXT = """\
# yaml-language-server: $schema={schema}
# Made from {source}: one segment for each part of the text, a line for each sentence or clause. Change anything.
#
# How it fits the length that you ask for. From about {fullest} min on everything is said, and a longer track has
# {more}.
# In a shorter track the silences shrink first; then what is marked `optional` is left out, the highest numbers
# first: sentences from the middle of paragraphs, then whole paragraphs, spread evenly over the text. The first and
# the last paragraph and each segment's first sentence are always said; the shortest track is about {barest} min.
# To keep something longer, give it a lower number; to keep it always, take its `optional` away.
#   calmcast plan {name} --length {example}      shows what is said at that length: read it over once
#   calmcast check {name}      shows mistakes, and words that could be gentler
#   calmcast render {name}     makes the track
# If your listeners lie down, a way out is good to have: add a line `  - gentle-exit` to the segments.
{fields}
allow:
{allow}
{segments}"""

_ALLOWED = {"no-check": "the words are those of the text; put a comfort check where one fits (role: check)"}
"""What nobody has to be told of a script that is made of a text, and why."""
_ALLOWED_IN_SILENCE = {"unannounced-silence": "a rest may grow beyond a minute; say so in the line before it"}


def text_script(name: str, source: str, fields: Mapping[str, str], segments: str, needs: Needs, *, asks: bool) -> str:
    """Return a script made of a plain text; `source` is its file, `segments` what its passages came to.

    `asks`: in longer tracks there are rounds of `QUIET` among them; else a rest grows, and its own words tell of it.
    """
    allowed = _ALLOWED if asks else _ALLOWED | _ALLOWED_IN_SILENCE
    return _TEXT.format(
        schema=SCHEMA,
        name=in_shell(name),
        source=source,
        barest=needs.barest,
        fullest=needs.fullest,
        example=max(needs.barest + 1, needs.fullest // 2),
        more="rounds of quiet, with a question after comfort in each" if asks else "longer rests",
        fields="\n".join(f"{key}: {written(value)}" for key, value in fields.items()),
        allow="\n".join(f"  {code}: {written(reason)}" for code, reason in allowed.items()),
        segments=segments,
    )
