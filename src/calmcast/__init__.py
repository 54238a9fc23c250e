"""calmcast: a script that reads like the class itself -> a relaxation track of exactly the chosen length.

The functions here are what the command line uses itself; docs/api.md shows each at work. Importing this imports nothing
else: each function loads what it needs.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

if TYPE_CHECKING:
    from calmcast.diagnostics import Problem
    from calmcast.model.timeline import Quality, Timeline
    from calmcast.script.language.overrides import Overrides
    from calmcast.track.performance import Performance, Progress
    from calmcast.track.render import Track
    from calmcast.workspace.library import LoadedScript
    from calmcast.workspace.workspace import Workspace

# Before numpy is loaded: its matrix products are small here, and threads for them cost more time and memory than they
# give. Whoever has said how many, for this library or for all, is left alone.
if "OMP_NUM_THREADS" not in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__all__ = ["check", "open_workspace", "perform", "plan", "render", "say"]

Length = int | str
"""Samples at 44 100 Hz, or as people write it: `10 min`, `12:30`, `90s`."""


class Manner(TypedDict, total=False):
    """How a script is performed; what is left out stays as the script has it."""

    options: "Mapping[str, str]"
    """What is chosen, by option: `{"legs": "knees bent"}`."""
    voice: "str | None"
    """The voice profile, in place of the script's own."""
    wishes: "Overrides | None"
    """Another bed, no bells, two channels."""
    estimate: bool
    """Nothing is spoken, and lengths are guessed."""
    progress: "Progress"
    """Called with what is being done, how much of it is done, and how much there is."""


def open_workspace(folder: Path | str = ".") -> "Workspace":
    """Return the workspace at a folder: its scripts, voices and sounds, those that ship, and what is kept of them.

    Nothing is written, and nothing read but its settings and the user's own. Raises ScriptError where the user's can't
    be used; what is wrong with its own is wrong with each of its scripts.
    """
    from calmcast.files import expanded
    from calmcast.workspace.workspace import Workspace

    return Workspace.at(expanded(folder))


def check(
    workspace: "Workspace", script: "str | LoadedScript", *, progress: "Progress | None" = None
) -> "tuple[Problem, ...]":
    """Return all that is wrong with a script, by name or path: errors and warnings, each with its place and a hint.

    Its voices, sound files and length are looked at too, and by estimate what its listener may miss; nothing is spoken.
    Raises ScriptError where there is no such script.
    """
    from calmcast.track.check import inspected, load_script
    from calmcast.track.performance import told_by_estimate

    loaded = load_script(workspace, script) if isinstance(script, str) else script
    return (*inspected(workspace, loaded, progress or _unseen), *told_by_estimate(workspace, loaded))


def perform(workspace: "Workspace", script: "str | LoadedScript", **manner: Unpack[Manner]) -> "Performance":
    """Return a script, by name or path, ready for any number of lengths; each speaks the lines that it needs.

    Lines that are kept from before are not spoken again. Raises ScriptError for a script with errors, or a choice that
    it does not have; SpeechError where nobody can speak it; SoundError where a sound file cannot be read. What is then
    made of it raises SpeechError where a line cannot be spoken.
    """
    from calmcast.script.language.overrides import AS_WRITTEN
    from calmcast.track.check import load_script
    from calmcast.track.performance import by_estimate

    loaded = load_script(workspace, script) if isinstance(script, str) else script
    chosen, voice, wishes = manner.get("options") or {}, manner.get("voice"), manner.get("wishes") or AS_WRITTEN
    if manner.get("estimate"):
        return by_estimate(workspace, loaded, chosen, wishes, voice)

    from calmcast.track.speak import speak

    return speak(workspace, loaded, chosen, voice, manner.get("progress") or _unseen, wishes)


def plan(
    workspace: "Workspace", script: "str | Performance", length: Length | None = None, **manner: Unpack[Manner]
) -> "Timeline":
    """Return what happens when in the track of a script that lasts exactly `length`; None: as long as it is by itself.

    `script`: a name, a path, or what `perform` gave. Raises as `perform`, and LengthError for a length that it cannot
    have, UnitError for one that is none.
    """
    performance = perform(workspace, script, **manner) if isinstance(script, str) else script
    timeline = performance.timeline(_samples(performance, length))
    workspace.settle()
    return timeline


def render(
    workspace: "Workspace",
    script: "str | Performance",
    length: Length | None = None,
    path: Path | str | None = None,
    *,
    quality: "Quality" = "standard",
    format: str | None = None,  # noqa: A002  # as the command line calls it
    place: str | None = None,
    **manner: Unpack[Manner],
) -> "Track":
    """Make the track of a script that lasts exactly `length`: a file, and beside it captions and manifest.

    `script`: a name, a path, or what `perform` gave. `path`: the file, or a folder for it; None: the workspace's
    `output/`. `format`: `mp3`, `m4a`, ...; None: what `path` ends in, else the usual one of `place`, which is `phone`
    where none is given (`publish.formats`, `publish.places`). Every file appears whole or not at all. Where its sound
    lies there in an MP3 under another title, that gets a new tag alone. Raises as `plan`, and PublishError where the
    track cannot be such a file, or cannot be written.
    """
    from calmcast.publish.formats import format_of
    from calmcast.publish.places import delivery as chosen
    from calmcast.track import render as track
    from calmcast.track.retag import brought_up_to_date

    lands = Path(path) if path else workspace.folder.output
    ending = format_of(lands)
    delivery = chosen(format or (ending.name if ending else None), place, quality)
    performance = perform(workspace, script, **manner) if isinstance(script, str) else script
    samples = _samples(performance, length)
    lands = lands if ending is delivery.format else lands / track.track_name(performance, samples, delivery)
    planned = track.planned(performance, samples, track.usual_info(performance), delivery=delivery)
    made = brought_up_to_date(workspace, planned, lands, manner.get("progress") or _unseen)
    workspace.settle()
    return made


def say(
    workspace: "Workspace", text: str, path: Path | str, *, voice: str | None = None, progress: "Progress | None" = None
) -> int:
    """Speak a text into an MP3 or WAV file, by its ending, as it would sound in a track; return its samples.

    An empty line ends a line, `[2s]` is a silence. No `voice`: that of the settings, else `calm`. Raises ScriptError
    where there are no words in it, SpeechError where it cannot be spoken, PublishError where it cannot be written.
    """
    from calmcast.track.render import speak_text

    samples = speak_text(workspace, text, voice, Path(path), progress or _unseen)
    workspace.settle()
    return samples


def _samples(performance: "Performance", length: Length | None) -> int:
    from calmcast.units import parse_length

    if length is None:
        return performance.usual_length
    return parse_length(length) if isinstance(length, str) else length


def _unseen(what: str, done: int, total: int) -> None:
    """Show nobody how far the work is."""
