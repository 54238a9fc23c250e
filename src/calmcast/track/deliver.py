"""What a place asks of a track: its levels, what it may hold, what is advised, and who speaks in it."""

from collections.abc import Iterator
from dataclasses import replace

from calmcast.audio.loudness import speech_lufs
from calmcast.audio.mastering import mean_speech_db
from calmcast.diagnostics import Problem
from calmcast.errors import PublishError
from calmcast.model.timeline import Mastered, Spoken, Timeline, TrackInfo
from calmcast.publish.places import Delivery, Place, rings_last
from calmcast.text import counted
from calmcast.track.speakers import Cast
from calmcast.units import format_at_most, format_bytes, format_length

_MOST_RAISED_DB = 12.0
"""A track of hardly any words is not made louder than this for a place that goes by the mean over all of it."""
_NAMED = 5
"""Of lines that no person has recorded, so many are shown."""


def levelled(mastered: Mastered, delivery: Delivery) -> Mastered:
    """Return a track that is as loud as the place of its delivery wants: the mix as a whole is raised, and limited."""
    if delivery.is_usual:
        return mastered
    ceiling = delivery.ceiling_dbtp(mastered.timeline.samples, mastered.timeline.channels)
    return replace(mastered, louder_db=_louder_db(mastered, delivery.place), ceiling_dbtp=ceiling)


def _louder_db(mastered: Mastered, place: Place) -> float:
    if place.rms_db:
        over = sum(place.rms_db) / 2 - mean_speech_db(mastered)
        return round(max(-_MOST_RAISED_DB, min(over, _MOST_RAISED_DB)), 1)
    return 0.0 if place.lufs is None else place.lufs - speech_lufs(mastered.timeline.channels)


def check_delivery(delivery: Delivery, cast: Cast, timeline: Timeline) -> None:
    """Raise PublishError where a track cannot be what was chosen: too long, or not a person's throughout."""
    place, longest = delivery.place, delivery.longest(delivery.channels(timeline.channels))
    if longest is not None and timeline.samples > longest:
        what = f"a .{delivery.format.name} file" if place.most_bytes is None else place.name
        size = format_bytes(place.most_bytes or delivery.format.most_bytes or 0)
        raise PublishError(
            f"{format_length(timeline.samples)} are too long for {what}, which takes {size}",
            f"the longest is {format_at_most(longest)}: make a shorter one, or another kind of file",
        )
    if place.person:
        _check_recorded(place, cast, timeline)


def _check_recorded(place: Place, cast: Cast, timeline: Timeline) -> None:
    synthetic = [line for line in timeline.lines if not _is_recorded(line, cast)]
    if timeline.lines and not synthetic:
        return
    message = "no person has recorded this line"
    raise PublishError(
        f"{place.name} takes only what a person has recorded; "
        f"{counted(len(synthetic), 'line')} of {len(timeline.lines)} would be synthetic",
        "record them (calmcast record sheet shows how), or choose another place",
        tuple(Problem("synthetic-voice", message, line.source) for line in synthetic[:_NAMED]),
    )


def advice(delivery: Delivery, timeline: Timeline) -> Iterator[str]:
    """Yield what a place advises and a track does not have."""
    place = delivery.place
    if place.lengths and not place.lengths[0] <= timeline.samples <= place.lengths[1]:
        least, most = map(format_length, place.lengths)
        yield f"{place.name} advises {least} to {most}; this is {format_length(timeline.samples)}"
    bells, lines = (bell.start for bell in timeline.bells), (line.end for line in timeline.lines)
    if place.end_bell and not rings_last(bells, lines):
        yield f"{place.name} advises a bell at the end, and none rings after the last words"


def told_of_voice(info: TrackInfo, cast: Cast, timeline: Timeline) -> TrackInfo:
    """Return what a listener is told, with whether the voice was made by a machine, and whose it is."""
    if not timeline.lines or not cast:  # nobody is asked for what is only guessed
        return info
    recorded = {line.voice: False for line in timeline.lines}
    machine = dict[str, None]()
    for line in timeline.lines:
        if _is_recorded(line, cast):
            recorded[line.voice] = True
        else:
            machine[cast[line.voice].narrator.speaker] = None
    people = [f"{name} (recorded)" for name, is_there in recorded.items() if is_there]
    answer = ("partly" if people else "yes") if machine else "no"
    return replace(info, synthetic_voice=answer, spoken_by=", ".join([*people, *machine]))


def _is_recorded(line: Spoken, cast: Cast) -> bool:
    """Return whether a line is a person's own recording."""
    return bool(cast[line.voice].voice.recordings) and not line.recording.by
