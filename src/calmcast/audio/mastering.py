"""How loud everything is: one level for the voice, and no start after a long silence."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.breath import breath_powers
from calmcast.audio.loudness import AROUND_STEPS, SPEECH_LUFS, integrated, lufs, power_of, speech_lufs, voice_gain
from calmcast.model.sound import Ringing, Strike
from calmcast.model.timeline import RISE_DB_S, Event, Mastered, Silence, Spoken, Struck, Timeline, toned_breaths
from calmcast.model.voice import Recording
from calmcast.units import SAMPLE_RATE, gain

MOST_JUMP_LU = 12.0
"""Nothing begins more than this over the loudness of the half minute before it."""

QUIET_LUFS = -41.0
"""What a silence without a bed counts as: the rest of a room, about as loud as a bed at its usual level."""

_SILENT_LUFS = -100.0
_HALF_MINUTE = 30 * SAMPLE_RATE
_STEP = SAMPLE_RATE // 10
_MARGIN_LU = 0.6
"""A meter's windows do not begin where ours do."""
_ONSET = 6
"""So many windows, 100 ms apart, are the beginning of a sound."""
_LEAST_DROP_DB, _MOST_DROP_DB = 0.5, 18.0
_LOUDEST_DB = 6.0
"""Where a few lines are authored louder than nearly all others, none comes to more than this over speech's level."""
_MOST_FOR_RISES_DB = 2.0
"""Where nearly every line comes out of a long silence, the others would become too loud for a person at rest."""


GAIN_STEP_DB = 0.5
"""A voice has one gain for all lengths of a script, so that what is encoded of it serves them all; where one length
would want another by more than half of this, it is so much louder or softer there."""

RISE_STEP_DB = 1.0
"""Soft beginnings and softer bells come in steps of this, for the same reason."""


def master(
    timeline: Timeline,
    own_db: Mapping[str, float],
    bells: Mapping[Strike, Ringing],
    makeup_db: float,
    usual_db: Mapping[str, float] = MappingProxyType({}),
) -> Mastered:
    """Return a timeline whose sounds have the levels at which they are mixed.

    Each speaker's lines, all together, are brought to -19 LUFS mono (-16 stereo: the same samples in two channels), so
    voices are matched. Levels as authored and the softer beginnings after long silences lie within that: the speech of
    the whole track, gated as a meter gates the mix, comes to the same -19, within GAIN_STEP_DB / 2 (but for no more
    than 2 dB on account of soft beginnings, and with no line more than 6 dB over it). Only the windows that are kept
    with each recording are looked at. A timeline of estimates comes back as it is.

    `own_db`: how much louder than others each speaker is meant to be. `makeup_db`: how much softer the finished track
    plays than its mix. `usual_db`: the gains of a script's speakers (`usual_gains`).
    """
    rung = _bells_lufs(bells, timeline.channels, makeup_db)
    lines = timeline.lines
    if not any(line.recording.loudness for line in lines):
        return Mastered(timeline, dict.fromkeys((line.speaker for line in lines), 0.0), {}, {}, rung, makeup_db)
    spoken = dict[str, list[Recording]]()
    for line in lines:
        spoken.setdefault(line.speaker, []).append(line.recording)
    alone = {speaker: _matching(several, own_db[speaker], makeup_db) for speaker, several in spoken.items()}
    mastered = timeline
    offset = _offset(timeline, alone, own_db, makeup_db)
    gains, most = _louder(alone, offset, usual_db), offset + _MOST_FOR_RISES_DB
    for _ in range(2):  # the second time with the offset that the first has found
        mastered = _gently_begun(timeline, gains, bells, makeup_db)
        gains = _louder(alone, min(_offset(mastered, alone, own_db, makeup_db), most), usual_db)
    louder = {speaker: own_db[speaker] for speaker in gains if own_db[speaker]}
    return Mastered(mastered, gains, louder, _lufs(lines, gains, timeline.channels, makeup_db), rung, makeup_db)


def usual_gains(
    recordings: Iterable[tuple[str, Recording]], own_db: Mapping[str, float], makeup_db: float
) -> dict[str, float]:
    """Return the gain of each speaker, in decibels, by what is said at every length: (speaker, recording)."""
    spoken = dict[str, list[Recording]]()
    for speaker, recording in recordings:
        if recording.loudness:  # it is not only guessed
            spoken.setdefault(speaker, []).append(recording)
    return {speaker: _matching(several, own_db[speaker], makeup_db) for speaker, several in spoken.items()}


def _louder(gains: Mapping[str, float], offset: float, usual: Mapping[str, float]) -> dict[str, float]:
    """Return gains so much louder, in whole steps from the usual one where a speaker has one."""
    return {speaker: _stepped(level + offset, usual.get(speaker)) for speaker, level in gains.items()}


def _stepped(wanted: float, usual: float | None) -> float:
    return wanted if usual is None else usual + GAIN_STEP_DB * round((wanted - usual) / GAIN_STEP_DB)


def _matching(recordings: Sequence[Recording], own: float, makeup_db: float) -> float:
    """Return the decibels that bring a speaker's recordings, all together, to its level in the finished MP3."""
    windows = np.concatenate([recording.loudness for recording in recordings])
    return voice_gain(windows, max(recording.peak for recording in recordings), SPEECH_LUFS + own + makeup_db)


def _lufs(lines: Sequence[Spoken], gains: Mapping[str, float], channels: int, makeup_db: float) -> dict[str, float]:
    """Return how loud each recording is in the finished track, all its channels together, by its key."""
    spoken = {line.recording.key: line for line in lines}
    found = ((key, integrated(each.recording.loudness), gains[each.speaker]) for key, each in spoken.items())
    both = speech_lufs(channels) - SPEECH_LUFS
    return {key: round(lufs + level - makeup_db + both, 2) for key, lufs, level in found if lufs > -math.inf}


def _bells_lufs(bells: Mapping[Strike, Ringing], channels: int, makeup_db: float) -> dict[Strike, float]:
    """Return how loud the loudest 400 ms of each bell are in the finished track, all its channels together."""
    both = speech_lufs(channels) - SPEECH_LUFS
    found = ((strike, max(_SILENT_LUFS, lufs(max(each.loudness, default=0.0)))) for strike, each in bells.items())
    return {strike: round(level - makeup_db + both, 2) for strike, level in found}


def _offset(timeline: Timeline, gains: Mapping[str, float], own: Mapping[str, float], makeup_db: float) -> float:
    """Return the decibels that bring the whole speech of a track back to its level, its own levels as they are."""
    lines = timeline.lines
    alone = _alone(timeline)
    if not (len(alone) or any(line.level or line.rise for line in lines)):
        return 0.0
    heard = np.concatenate([_windows(line, gains[line.speaker] - own[line.speaker]) for line in lines])
    offset = SPEECH_LUFS + makeup_db - integrated(heard, alone)
    return min(offset, _LOUDEST_DB - max(line.level for line in lines))


def mean_speech_db(mastered: Mastered) -> float:
    """Return the mean level of a track's speech over the whole track, silences included, in dB under full scale.

    K-weighted, which for speech is within a decibel of the plain mean; -inf where nobody speaks.
    """
    power = math.fsum(
        _windows(line, mastered.gains_db[line.speaker] - mastered.makeup_db).sum() for line in mastered.timeline.lines
    )
    return 10.0 * math.log10(power * _STEP / mastered.timeline.samples) if power else -math.inf


def _windows(line: Spoken, level: float) -> NDArray[np.float64]:
    """Return the mean squares of a line's windows, 100 ms apart, as it sounds with this gain in decibels."""
    windows = np.array(line.recording.loudness)
    if not line.rise:
        return windows * gain(level + line.level) ** 2
    middles_s = np.maximum(np.arange(len(windows)) - AROUND_STEPS + 2, 0) / 10
    drops = np.maximum(line.rise - RISE_DB_S * middles_s, 0.0)
    return windows * 10.0 ** ((level + line.level - drops) / 10.0)


def _gently_begun(
    timeline: Timeline, gains: Mapping[str, float], bells: Mapping[Strike, Ringing], makeup_db: float
) -> Timeline:
    """Return a timeline in which nothing begins MOST_JUMP_LU over the loudness of the half minute before it.

    A line comes up from there by RISE_DB_S; a bell is softer as a whole.
    """
    power = _ambient(timeline, power_of(QUIET_LUFS))
    events = list[Event]()
    for event in timeline.events:
        first = event.start // _STEP
        before = float(power[max(0, first - _HALF_MINUTE // _STEP) : first].mean()) if first else 0.0
        early = event.start < _HALF_MINUTE
        match event:
            case Silence():
                events.append(event)
                continue
            case Struck():
                ringing = bells[event.strike]
                heard = np.array(ringing.loudness) * gain(event.level - makeup_db) ** 2
                drop = 0.0 if early else _drop(heard[:_ONSET], before, 0.0)
                events.append(replace(event, level=round(event.level - drop, 2)))
                heard *= gain(-drop) ** 2
            case Spoken():
                level = gains[event.speaker] - makeup_db
                line = replace(event, rise=0.0)
                heard = _windows(line, level)
                if not early and (drop := _drop(heard[:_ONSET], before, RISE_DB_S)):
                    line = replace(line, rise=round(drop, 2))
                    heard = _windows(line, level)
                events.append(line)
            case _:
                assert_never(event)
        sounding = heard[: len(power) - first]
        power[first : first + len(sounding)] += sounding
    return replace(timeline, events=tuple(events))


def _drop(onset: NDArray[np.float64], before: float, rising: float) -> float:
    """Return how many decibels softer a sound must begin, given its first windows and the power before it.

    `rising`: by so many decibels a second it comes up.
    """
    most = lufs(before) + MOST_JUMP_LU - _MARGIN_LU
    begun = (lufs(window) + rising * nth / 10 for nth, window in enumerate(onset.tolist()))
    drop = max(begun, default=most) - most
    return 0.0 if drop < _LEAST_DROP_DB else min(round(drop / RISE_STEP_DB) * RISE_STEP_DB, _MOST_DROP_DB)


def _alone(timeline: Timeline) -> NDArray[np.float64]:
    """Return the power of beds and breath tones, each 100 ms in which nobody speaks and something of them sounds."""
    power = _ambient(timeline, 0.0)
    for clip in timeline.lines:
        power[clip.start // _STEP : -(-clip.end // _STEP)] = 0.0
    return power[power > 0.0]


def _ambient(timeline: Timeline, quiet: float) -> NDArray[np.float64]:
    """Return the power of beds and breath tones, each 100 ms; that of beds, or of none, is at least `quiet`."""
    voice = power_of(SPEECH_LUFS)
    steps = -(-timeline.samples // _STEP) + 1
    power = np.full(steps, quiet)
    for span in timeline.beds:
        first, last = span.start // _STEP, min(steps, -(-span.end // _STEP))
        at = np.arange(first, last) * _STEP
        levels = np.interp(at, [sample for sample, _ in span.levels], [level for _, level in span.levels])
        power[first:last] = np.maximum(power[first:last], voice * 10.0 ** (levels / 10.0))
    for breath, tone, held in toned_breaths(timeline):
        sounding = voice * gain(tone.level) ** 2 * breath_powers(tone.sound, breath.phase, breath.samples, held)
        first = breath.start // _STEP
        power[first : first + len(sounding)] += sounding[: steps - first]
    return power
