"""Each track of a class finds its name in the register, or gets one that lasts: whatever is added, moved or renamed."""

import json
import secrets
from base64 import b32encode
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from uuid import UUID, uuid5

from calmcast.classes.owned_files import CLIENTS, owned
from calmcast.classes.register import Asked, Enrolment, Register, Roll
from calmcast.classes.sets import SetTrack, TrackSet
from calmcast.publish.names import ascii_name
from calmcast.seen import looked_at
from calmcast.units import length_slug

_TRACKS = UUID("8f0a8a67-6c53-5d2e-9d0b-3a3a7d1f5c11")
_SECRET_BYTES = 16
"""128 bits: nobody comes upon a client's folder by trying."""


@dataclass(frozen=True, slots=True)
class _Name:
    """What a new track may be called: as short as can be, and with what was chosen for it."""

    asked: Asked
    short: str
    long: str


_STAGES: tuple[Callable[[Asked], Hashable], ...] = (
    lambda asked: asked,
    lambda asked: (asked.script, asked.samples, asked.choices, asked.title),
    lambda asked: (asked.script, asked.samples, asked.choices),
    lambda asked: (asked.script, asked.samples, asked.title),
    lambda asked: (asked.script, asked.samples),
)
"""By what a track is found again, the surest first: a script and its length are what it is, all else may change."""


def enrolled(
    name: str, sets: Sequence[TrackSet], register: Register, folder: Path
) -> tuple[tuple[TrackSet, ...], Register]:
    """Return the sets of a class with names for all their files, and the register that has these names.

    `name`: the class's. `folder`: where it is made; no new track gets the name of a file there that is not calmcast's.
    What the register has of other sets, and of tracks that are not asked for, stays.
    """
    named, rolls = list[TrackSet](), {roll.client: roll for roll in register.sets}
    for each in sets:
        client = client_name(each)
        roll = rolls.get(client) or Roll(client, _secret_folder() if client else "", "", "", "", ())
        rolls[client] = on_roll(name, roll, [track.asked for track in each.every], _foreign(folder / roll.folder))
        named.append(_named(each, rolls[client]))
    return tuple(named), replace(register, sets=tuple(rolls.values()))


def client_name(each: TrackSet) -> str:
    """Return the name of a set's client as files have it; empty: everybody."""
    return ascii_name(each.client.name, "client") if each.client else ""


def _secret_folder() -> str:
    return f"{CLIENTS}/{b32encode(secrets.token_bytes(_SECRET_BYTES)).decode().rstrip('=').lower()}"


def _foreign(folder: Path) -> frozenset[str]:
    """Return the names of files in a folder that are not calmcast's."""
    if not looked_at(folder).is_dir():
        return frozenset()
    mine = frozenset(owned(folder).files)
    return frozenset(path.name.lower() for path in folder.iterdir() if path.name not in mine)


def _named(each: TrackSet, roll: Roll) -> TrackSet:
    files = {enrolment.asked: f"{enrolment.file}.mp3" for enrolment in roll.tracks}

    def named(track: SetTrack) -> SetTrack:
        return replace(track, file=files[track.asked], way_out=files[track.leads_to] if track.leads_to else "")

    tracks, ways_out = tuple(map(named, each.tracks)), tuple(map(named, each.ways_out))
    return replace(each, folder=Path(roll.folder), tracks=tracks, ways_out=ways_out)


def on_roll(name: str, roll: Roll, wanted: Sequence[Asked], foreign: Collection[str] = ()) -> Roll:
    """Return a roll that has each of the wanted tracks: as it was known, or new, with a name that nothing has.

    `name`: the class's. `foreign`: names of files, in lower case, that are not calmcast's.
    """
    found = _found(roll.tracks, wanted)
    asked_now = {enrolment.file: asked for asked, enrolment in found.items()}
    known = [replace(enrolment, asked=asked_now.get(enrolment.file, enrolment.asked)) for enrolment in roll.tracks]
    names = [_name_of(asked) for asked in wanted if asked not in found]
    alike, taken = Counter(each.short for each in names), {enrolment.file for enrolment in known}

    def is_free(stem: str) -> bool:
        return stem not in taken and not any(name.startswith(f"{stem}.") for name in foreign)

    for each in names:
        file = next(filter(is_free, _candidates(each, alone=alike[each.short] == 1)))
        taken.add(file)
        identity = uuid5(_TRACKS, json.dumps([name, roll.client, file]))
        known.append(Enrolment(file, f"urn:uuid:{identity}", "", gone=False, asked=each.asked))
    return replace(roll, tracks=tuple(known))


def _found(enrolments: Sequence[Enrolment], wanted: Sequence[Asked]) -> dict[Asked, Enrolment]:
    """Return the enrolment of each track that was there before; one that had gone comes back only as what it was."""
    found, taken = dict[Asked, Enrolment](), set[str]()
    for stage, key in enumerate(_STAGES):
        alike = defaultdict[Hashable, deque[Enrolment]](deque)
        for enrolment in enrolments:
            if enrolment.file not in taken and not (stage and enrolment.gone):
                alike[key(enrolment.asked)].append(enrolment)
        for asked in wanted:
            if asked not in found and (left := alike[key(asked)]):
                found[asked] = left.popleft()
                taken.add(found[asked].file)
    return found


def _name_of(asked: Asked) -> _Name:
    end = f"-{length_slug(asked.samples)}" if asked.samples else ""
    long = " ".join((asked.title, *chain.from_iterable(asked.choices)))
    return _Name(asked, f"{ascii_name(asked.title)}{end}", f"{ascii_name(long)}{end}")


def _candidates(name: _Name, *, alone: bool) -> Iterator[str]:
    """Yield what a track may be called, the best first; `alone`: no other new one would have the short name."""
    if alone:
        yield name.short
    yield name.long
    yield from (f"{name.long}-{number}" for number in count(2))
