"""The text of a new class."""

from calmcast.model.script import Option
from calmcast.script.edit.templates import SCHEMA, in_shell
from calmcast.script.edit.writing import written
from calmcast.script.language.options import GUIDANCE

_CLASS = """\
# yaml-language-server: $schema=../{schema}
# Your class: change anything. Each line under `tracks:` is a script (calmcast scripts lists them).
#   calmcast check {name}      shows mistakes, with the line
#   calmcast plan {name}       shows all tracks, how long and how large
#   calmcast playlist {name}   makes what is missing or changed, in output/{name}/: open index.html there
title: {title}
# teacher: Your name                # the artist's name on a phone
# contact: rosa@example.org         # how those who listen write to you from the page; a telephone number, too
about: {about}
# voice: calm                       # for all tracks; left out, each script's own
# bed: rain                         # a sound under the voice; calmcast sounds lists them
# date: 2026-03-01                  # the first day that it can be had; left out, the day you first make it
# url: https://example.org/{folder}/   # where you put the folder on the web: with it comes a feed for podcast apps
# options:                          # for all tracks whose script asks this
{options}
tracks:
{tracks}
#   - script: {script}              # a track of its own words: what it says wins over the class
#     lengths: [5 min, 20 min]      # one length, or a track for each
#     title: The long rest
#     note: Best after dinner.      # stands beside it on the page
#     options: {{guidance: less}}
# for:                              # people who get the same tracks made for them, in a folder of their own
#   Mara:
#     options: {client}
#     note: Mind your wrist today.
"""


def class_text(
    name: str, title: str, about: str, tracks: tuple[tuple[str, str], ...], options: tuple[Option, ...]
) -> str:
    """Return a class to start from: `tracks` are scripts and their lengths, `options` those that the scripts have."""
    plain = [option for option in options if option.name != GUIDANCE.name] or [GUIDANCE]
    example = {option.name: option.choices[-1] for option in plain[:2]}
    flow = ", ".join(f"{written(name, flow=True)}: {written(value, flow=True)}" for name, value in example.items())
    return _CLASS.format(
        schema=SCHEMA,
        name=in_shell(name),
        folder=name.replace(" ", "-"),
        title=written(title),
        about=written(about),
        options="\n".join(
            f"#   {written(option.name)}: {written(option.usual)}   # {', '.join(option.choices)}" for option in plain
        ),
        tracks="\n".join(
            f"  - script: {written(script)}\n    lengths: {length}" if length else f"  - {written(script)}"
            for script, length in tracks
        ),
        script=written(tracks[0][0]),
        client=f"{{{flow}}}",
    )
