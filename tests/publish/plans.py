"""Plans made by chance, with everything that a plan can hold."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Bed, BedSound, BreathTone, Strike
from calmcast.model.steps import PhaseName
from calmcast.model.timeline import Breath, Chapter, Event, Mark, Silence, Spoken, Struck, Timeline
from calmcast.model.traits import Role
from calmcast.model.voice import Recording
from calmcast.units import SAMPLE_RATE

SOURCE = SourceRef("scripts/segments/settle.yaml", 14, 5)
PHASES: tuple[PhaseName, ...] = ("in", "hold", "out", "rest")
ROLES: tuple[Role | None, ...] = (None, None, "setup", "notice", "check", "announce")


def plan(titles: Sequence[str], length_s: float, seed: int = 1, lines: int = 12) -> Timeline:
    """Return a track with a part for each title, about `lines` lines in each, its last part the way out.

    The parts have lines and silences, in the first one a bell, and in some paced breath or a role.
    """
    chance, samples = Random(seed), round(length_s * SAMPLE_RATE)
    cuts = sorted(chance.sample(range(1, samples), len(titles) - 1))
    chapters = [Chapter(*part) for part in zip(titles, [0, *cuts], [*cuts, samples], strict=True)]
    events = list[Event]()
    breaths, marks = list[Breath](), list[Mark]()
    for index, chapter in enumerate(chapters):
        middle = (chapter.start + chapter.end) // 2
        if index == 0 or chance.random() < 0.2:
            events.append(Struck(chapter.start, min(SAMPLE_RATE, samples), index, SOURCE, Strike("soft"), 0.0))
        events += _spoken(chance, index, chapter.start, middle, lines)
        if chance.random() < 0.4:
            breaths += _paced(chance, middle, chapter.end)
        events.append(Silence(middle, chapter.end - middle, "rest", index, SOURCE))
        role: Role | None = "exit" if index == len(chapters) - 1 else chance.choice(ROLES)
        if role:
            marks.append(Mark(role, chapter.start, max(middle, chapter.start + 1)))
    return Timeline(samples, tuple(events), tuple(chapters), tuple(breaths), tuple(marks))


def _spoken(chance: Random, segment: int, start: int, end: int, lines: int) -> list[Event]:
    events = list[Event]()
    step = (end - start) // lines
    for at in range(start, end - step, step) if step > 10 else ():
        length = chance.randint(step // 4, step - 1)
        recording = Recording(f"key-{at}", length, ((length // 3, length // 4),), (), 0.5)
        events.append(Spoken(at, length, segment, SOURCE, recording, "calm", "Let it be."))
        events.append(Silence(at + length, step - length, "pause", segment, SOURCE))
    return events


def _paced(chance: Random, start: int, end: int) -> list[Breath]:
    breaths = list[Breath]()
    while start < end and len(breaths) < 400:
        for phase in PHASES:
            length = min(end - start, chance.randint(1, 6) * SAMPLE_RATE)
            if length > 0:
                breaths.append(Breath(start, length, phase, SOURCE))
            start += max(length, 0)
    return breaths


BEDS = (
    BedSound("rain"),
    BedSound("sea"),
    BedSound("drone", key="F#"),
    BedSound("", file="music/Harfe & <Wind> ein sehr langer Name für eine leise Aufnahme am Abend im Garten.m4a"),
    BedSound("night"),
    BedSound("", file="\u202e/\x07"),
)
TONES = (None, BreathTone("swell"), BreathTone("tones", -9.0))


def sounding(timeline: Timeline, seed: int = 1, beds: Sequence[BedSound] = BEDS) -> Timeline:
    """Return a plan with beds and parts without one, lines of other levels, lines that rise, and tones."""
    chance = Random(seed)
    made_of = (*beds, None)
    chapters = tuple(
        replace(each, bed=Bed(chance.choice(made_of), chance.choice((-22.0, -30.5, 0.0)))) for each in timeline.chapters
    )
    events = tuple(
        replace(e, level=chance.choice((0.0, -4.0, 6.0)), rise=chance.choice((0.0, 8.0)))
        if isinstance(e, Spoken)
        else e
        for e in timeline.events
    )
    breaths = tuple(replace(breath, tone=chance.choice(TONES)) for breath in timeline.breaths)
    return replace(timeline, events=events, breaths=breaths, chapters=chapters, channels=2)
