"""The text of a new script: one of its own, and one that starts from another or is composed of segments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from textwrap import indent

from calmcast.model.script import Option, Script, Segment, SegmentRef
from calmcast.model.sound import NO_BED, Bed
from calmcast.model.steps import walk
from calmcast.script.edit.writing import written
from calmcast.script.language.overrides import AS_WRITTEN, Overrides
from calmcast.script.language.version import SAFETY, Item, name_of
from calmcast.units import format_length

SCHEMA = "calmcast.schema.json"
"""The file in `scripts/` that tells an editor what a script may hold."""

_ALWAYS = ("notice", "gentle-exit")
"""Segments that a new script has, whatever is asked for."""

QUIET = """\
- use: comfort-check        # asks after comfort, in other words each time: every few minutes
- use: small-things         # something to notice, each time another
  optional: yes             # left out where there is no time for it
- role: announce            # tells of the silence that follows
  one of:                   # each time the next of these
    - I'll be quiet for a while. Move whenever you like.
    - Here comes some more quiet, and all of it is yours.
    - I'll leave you to rest again. There is nothing to keep track of.
    - And now a longer quiet. Let the floor, or the chair, do the work.
- rest: {about: 35s, least: 15s, most: 1 min}
- rest: {about: 20s, least: 10s, most: 35s}
  from: 14 min              # only in tracks at least this long"""
"""The steps of a quiet that comes as often as there is time: nobody is forgotten in it, or surprised by it."""

_SCRIPT = """\
# yaml-language-server: $schema={schema}
# Your script: change anything. Two spaces for each step inwards; a line with a colon in it goes in "quotes".
#   calmcast check {name}      shows mistakes, with the line
#   calmcast plan {name}       shows what happens when
#   calmcast render {name}     makes the track
{fields}
# bed: rain                       # a sound under the voice; calmcast sounds lists them
# way-out: coming-back-early      # what calmcast exit is made of; left out, the way out below
segments:
  # A segment written in place. Each segment is a chapter of the track.
  - title: Welcome
    steps:
      - bell: soft
      - pause: 4s
      - Welcome. For a little while, nobody needs anything from you.
      - Listen to as much of this as you like, and let the rest go by.
      - pause: 4s                 # grows and shrinks with the track, by default from half to double
  - title: Getting comfortable
    role: setup                   # what gets people ready: its pauses leave time to do what is said
    steps:
      - Gather something soft for your head, and maybe a blanket.
      - pause: {{about: 12s, least: 6s, most: 30s}}
      - Lie down or sit, in a way that is kind to you today.
      - There is more than one good way.
      - pause: {{about: 8s, least: 4s, most: 20s}}
      - Let your head be held, and your legs, and anything else that would like it.
      - pause: {{about: 6s, least: 4s, most: 15s}}
      - If something presses or pulls, change it now, or later on. Any moment is a good one.
  # A name stands for a file in scripts/segments/: your own first, then those that ship (calmcast segments).
  - notice                        # a word about feelings that may come: good before a long rest
{segments}
  - title: Quiet
    repeat: 1 or more             # as often as there is time: a longer track has more of it
    steps:
{quiet}
  - gentle-exit                   # the way out
  - title: Goodbye
    keep: yes                     # never shortened
    steps:
      - Thank you for taking this time. Keep whatever was good in it for the rest of your day.
      - pause: 3s
      - bell: soft
"""

_ASKED = "  - comfort-check                 # so that nobody waits long to be asked\n"
_ASKED_LATER = """\
  - use: comfort-check            # in longer tracks, so that nobody waits long to be asked
    from: 6 min
"""

_VERSION = """\
# yaml-language-server: $schema={schema}
# Your version of `{base}`. What is not said here is as it is there, also when that changes.
#   calmcast diff {name}       says what this version changes
#   calmcast check {name}      shows mistakes, with the line
#   calmcast render {name}     makes the track
extends: {extends}
{fields}

# What follows is left as it is in `{base}`. To change something, take the # and the space after it away.
#
{left}
"""


README = """\
# Relaxation tracks

This folder is for calmcast. Open a terminal here.

    calmcast scripts                                   lists the scripts there are
    calmcast render psoas-release --length "10 min"    makes a track, into output/
    calmcast new my-class                              writes a script of your own, into scripts/
    calmcast new tuesday --class                       writes a class: tracks that are handed out together
    calmcast playlist tuesday                          makes all of it, with a page to play it
    calmcast check                                     shows mistakes, with the line

- `scripts/` holds your scripts, `scripts/segments/` the parts they share, `scripts/classes/` your classes. A file of
  yours with the name of one that ships takes its place.
- `calmcast.yaml` holds what is the same in all of them: your name, your voice, your lengths.
- `voices/` holds your voices, `voices/lexicon/` how words are pronounced.
- `output/` is where tracks land: an MP3 to play, and beside it captions (.vtt, .lrc) and what is in it (.json).
"""


def in_shell(name: str) -> str:
    """Return a script's name as a command line takes it."""
    return f'"{name}"' if " " in name else name


def script_text(name: str, fields: Mapping[str, str], usual_voice: str, segments: tuple[str, ...]) -> str:
    """Return a script to start from; `segments` are the names of those in its middle.

    `usual_voice` speaks where `fields` names none.
    """
    lines = [f"{key}: {written(value)}" for key, value in fields.items()]
    if "voice" not in fields:
        lines.append(f"# voice: {written(usual_voice):24} # who speaks; calmcast voices lists them")
    if "length" not in fields:
        lines.append("# length: 10 min                  # where it is to be another than in calmcast.yaml")
    return _SCRIPT.format(
        schema=SCHEMA,
        name=in_shell(name),
        fields="\n".join(lines),
        quiet=indent(QUIET, " " * 6),
        segments=_wished([segment for segment in segments if segment not in _ALWAYS]),
    )


def _wished(segments: Sequence[str]) -> str:
    """Return the segments that are wished for, as lines.

    A check stands between them, and before one that is alone; where they are few, only in longer tracks.
    """
    lines = [f"  - {written(segment)}\n" for segment in segments]
    check = _ASKED_LATER if len(lines) < 3 else _ASKED
    return (check.join(lines) if len(lines) > 1 else "".join(check + line for line in lines)).rstrip("\n")


def version_text(
    name: str, base: str, fields: Mapping[str, str], own: Script, composed: Script, others: tuple[str, ...]
) -> str:
    """Return a version of `base` that says `fields` in its own way and shows, as comments, what else can be changed.

    `own` is the base with its segments as it names them, `composed` with the segments themselves; `others` are the
    names of segments that it does not use.
    """
    parts = [_left_fields(fields, composed), *_left_segments(own, composed, others), _left_options(composed.options)]
    left = "\n#\n".join("\n".join(f"# {line}".rstrip() for line in part) for part in parts if part)
    return _VERSION.format(
        schema=SCHEMA,
        name=in_shell(name),
        base=base,
        extends=written(base),
        fields="\n".join(f"{key}: {written(value)}" for key, value in fields.items()),
        left=left,
    )


def _left_fields(fields: Mapping[str, str], base: Script) -> list[str]:
    present = {"about": base.about, "language": base.language, "voice": base.voice}
    return [f"{key}: {written(value)}" for key, value in present.items() if value and key not in fields]


def _left_segments(own: Script, composed: Script, others: tuple[str, ...]) -> Iterator[list[str]]:
    titles = [segment.title for segment in composed.chapters]
    names = [name_of(item) for item in own.segments]
    width = max(map(len, names))
    heading = ["The segments, in the order of the track: what each is called here, and its title."]
    if len(set(names)) < len(names):
        heading.append("One that comes several times is replaced or left out everywhere.")
    yield [*heading, ""] + [f"  {name:{width}}   {title}" for name, title in zip(names, titles, strict=False)]
    first, second = _examples(own, composed)
    yield [
        "replace:",
        f"  {written(first)}:            # or the name of a file in scripts/segments/, such as my-own",
        "    title: My own",
        "    steps:",
        "      - Your own words.",
        "      - pause: 6s",
    ]
    new = (
        f"    segment: {written(others[0])}" if others else "    segment: {title: In between, steps: [Your own words.]}"
    )
    yield ["insert:", f"  - after: {written(first)}            # or before:", new]
    yield ["drop:", f"  - {written(second)}"]


def _examples(own: Script, composed: Script) -> tuple[str, str]:
    """Return the segments that the examples change: those that are not there for safety, where there are any."""
    pairs = zip(own.segments, composed.segments, strict=False)
    free = [name_of(item) for item, segment in pairs if not _is_for_safety(segment)]
    names = list(dict.fromkeys((*free, *map(name_of, own.segments))))
    return names[0], names[min(1, len(names) - 1)]


def _is_for_safety(segment: Item) -> bool:
    if isinstance(segment, SegmentRef):
        return True
    return segment.traits.keep or any(part.traits.role in SAFETY for part in (segment, *walk(segment.steps)))


def _left_options(options: tuple[Option, ...]) -> list[str]:
    lines = ["options:                 # what is chosen where nobody says, and what there is"]
    for option in options:
        usual, asked = written(option.usual, flow=True), f"{option.ask}: " if option.ask else ""
        lines.append(f"  {written(option.name)}: {{default: {usual}}}   # {asked}{', '.join(option.choices)}")
    return lines


def composition(
    title: str,
    voice: str | None,
    length: int,
    names: Sequence[str],
    segments: Sequence[Segment | SegmentRef] = (),
    options: Sequence[tuple[str, str]] = (),
    wishes: Overrides = AS_WRITTEN,
) -> str:
    """Return the text of a script that is made of segments by name; `length` in samples, `voice` None: the usual one.

    `segments`: those of the names, where there are wishes; `options`: what is chosen other than usual.
    """
    own = [segment.bed for segment in segments] if wishes.bed else [None] * len(names)
    lines = [
        f"# yaml-language-server: $schema={SCHEMA}",
        f"title: {written(title)}",
        *([f"voice: {written(voice)}"] if voice else []),
        f"length: {format_length(length)}",
        *(["options:"] if options else []),
        *(f"  {name}: {written(value)}" for name, value in options),
        *([f"bed: {_bed(wishes.bed)}"] if wishes.bed else []),
        *(["bells: {steps: no}"] if not wishes.bells else []),
        *(["stereo: yes"] if wishes.stereo else []),
        "segments:",
        *(_part(name, bed, wishes.bed) for name, bed in zip(names, own, strict=True)),
    ]
    return "\n".join(lines) + "\n"


def _part(name: str, own: Bed | None, wanted: Bed | None) -> str:
    """Return a segment by name; a bed of its own gives way to what is wanted, and keeps its levels."""
    if wanted and own and own.made_of:
        return f"  - {{use: {written(name, flow=True)}, bed: {_bed(replace(own, made_of=wanted.made_of))}}}"
    return f"  - {written(name)}"


def _bed(bed: Bed) -> str:
    if bed.made_of is None:
        return NO_BED
    made = bed.made_of
    sound = f"file: {written(made.file, flow=True)}" if made.file else f"sound: {made.sound}"
    return f"{{{sound}, level: {bed.level:g} dB, dip: {bed.dip:g} dB}}"
