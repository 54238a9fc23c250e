"""What was read, kept: the recordings that a teacher gave, as they were, and a ledger of the lines in them.

A folder holds a voice: `originals/<hash>.m4a`, which are never altered, and `takes.json`. Every file appears whole, so
a process that is killed loses nothing; `takes.json.bak` is the ledger before the last change.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from calmcast.errors import SoundError
from calmcast.files import atomic_file, file_digest, write_bytes
from calmcast.jsonfile import object_of
from calmcast.publish.codec import shaped
from calmcast.seen import looked_at
from calmcast.takes.files import alone, plain_errors
from calmcast.takes.prompts import same_text

FORMAT = 1
NAME = "takes.json"
ORIGINALS = "originals"

_CLOSE = 0.6
"""Texts with so much in common (Ratcliff and Obershelp's ratio) may be one line, before and after a change."""
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Take:
    """One reading of a line."""

    id: str
    """The line's, as on the reading sheet."""
    text: str
    """As it was read."""
    file: str
    """The recording that it is in: a relative path from the voice's folder, with forward slashes."""
    start: int
    """In samples at 44 100 Hz of the recording, as it is decoded from its beginning."""
    end: int
    doubt: str | None
    """Why somebody should listen to it first, as a plain sentence."""
    accepted: bool
    """Somebody has listened to it, and it is good."""
    number: int
    """A running count: later takes have higher ones."""

    @property
    def good(self) -> bool:
        """Whether nobody has to listen to it first."""
        return self.accepted or self.doubt is None


@dataclass(frozen=True, slots=True)
class Ledger:
    """All takes of a voice, those that were replaced too."""

    takes: tuple[Take, ...] = ()

    def newest(self) -> Mapping[str, Take]:
        """Return for the normal form of each text (`prompts.same_text`) the take that is used: its newest good one.

        One in doubt is used where there is no other; until somebody accepts it, it takes no good one's place.
        """
        return {same_text(t.text): t for t in sorted(self.takes, key=lambda t: (t.good, t.number))}

    def latest(self) -> Mapping[str, Take]:
        """Return for the normal form of each text its newest take, good or not."""
        return {same_text(take.text): take for take in sorted(self.takes, key=lambda take: take.number)}

    def stale(self, texts: Sequence[str]) -> tuple[tuple[Take, str], ...]:
        """Return the takes whose line seems to have changed, each with what it seems to be now.

        `texts` are the current lines. A take is stale whose text is none of them, but close to one that has no take.
        """
        newest = self.newest()
        now = {same_text(text): text for text in texts}
        without = [plain for plain in now if plain not in newest]
        old = [plain for plain in newest if plain not in now]
        pairs = ((_closeness(then, plain), then, plain) for plain in without for then in old)
        close = sorted((pair for pair in pairs if pair[0] > _CLOSE), key=lambda pair: -pair[0])
        found: dict[str, str] = {}
        for _, then, plain in close:
            if then not in found and plain not in found.values():
                found[then] = plain
        return tuple((newest[then], now[plain]) for then, plain in found.items())


def load_ledger(folder: Path) -> Ledger:
    """Return the ledger of a voice's folder; an empty one where there is none yet.

    Raises SoundError where it is damaged, or made by a newer calmcast.
    """
    path = folder / NAME
    try:
        written = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Ledger()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    try:
        data = object_of(written)
        if isinstance(data.get("calmcast"), int) and data["calmcast"] > FORMAT:
            raise SoundError(f"{path} was written by a newer calmcast", "install the newest calmcast, then try again")
        return Ledger(tuple(map(_take, data["takes"])))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def save_ledger(folder: Path, ledger: Ledger) -> None:
    """Write a voice's ledger; the one before is kept as `takes.json.bak`.

    Raises SoundError where it cannot be written, or where the one that is there is damaged: it is not written over.
    """
    load_ledger(folder)
    path = folder / NAME
    takes = [asdict(take) for take in sorted(ledger.takes, key=lambda take: take.number)]
    written = json.dumps({"calmcast": FORMAT, "takes": takes}, ensure_ascii=False, indent=2) + "\n"
    with plain_errors(path):
        if looked_at(path).exists():
            write_bytes(path.with_name(f"{NAME}.bak"), path.read_bytes())
        write_bytes(path, written.encode())


def add_takes(folder: Path, takes: Sequence[Take]) -> tuple[Take, ...]:
    """Add takes to a voice's ledger, and return them with their numbers: they are the newest of their texts.

    Two processes may do so at once. Raises SoundError as `load_ledger` and `save_ledger`.
    """
    with alone(folder):
        ledger = load_ledger(folder)
        first = max((take.number for take in ledger.takes), default=0) + 1
        numbered = tuple(replace(take, number=first + i) for i, take in enumerate(takes))
        if numbered:
            save_ledger(folder, Ledger((*ledger.takes, *numbered)))
    return numbered


def accept_takes(folder: Path, ids: Sequence[str]) -> tuple[Take, ...]:
    """Note that somebody has listened to the newest takes of the lines with these ids; return them.

    Raises SoundError, and notes nothing, where a line has no take.
    """
    with alone(folder):
        ledger = load_ledger(folder)
        newest = {take.id: take for take in ledger.latest().values()}
        for name in ids:
            if name not in newest:
                raise SoundError(f"there is no reading of a line called {name}", "its name is on the reading sheet")
        accepted = {newest[name].number: replace(newest[name], accepted=True) for name in ids}
        save_ledger(folder, Ledger(tuple(accepted.get(take.number, take) for take in ledger.takes)))
    return tuple(accepted.values())


def keep_original(folder: Path, path: Path) -> str:
    """Copy a recording into a voice's folder; return its path there, as in `Take.file`. The same sound is kept once.

    Raises SoundError where it cannot be read or kept.
    """
    with plain_errors(folder):
        name, extension = file_digest(path)[:16], path.suffix.lower()
        kept = folder / ORIGINALS / (name + (extension if _EXTENSION.fullmatch(extension) else ""))
        if not kept.exists():
            with path.open("rb") as given, atomic_file(kept) as copy:
                shutil.copyfileobj(given, copy)
    return f"{ORIGINALS}/{kept.name}"


def _take(data: object) -> Take:
    """Return a take as the ledger has it. Raises ValueError where it is none."""
    take: Take = shaped(Take, data)
    inside = PurePosixPath(take.file)
    if inside.is_absolute() or ".." in inside.parts or "\\" in take.file or ":" in take.file:
        raise ValueError("a file outside the folder")
    if not 0 <= take.start < take.end:
        raise ValueError("no span")
    return take


def _closeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    quick = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return matcher.ratio() if quick > _CLOSE else 0.0


def _damaged(path: Path) -> SoundError:
    before = path.with_name(f"{NAME}.bak")
    hint = f"rename {before.name} beside it to {path.name}: it is the ledger before the last change"
    again = f"remove it, and import your recordings again: they are in {ORIGINALS}/ beside it"
    return SoundError(f"{path} is damaged, and nothing in it was changed", hint if before.exists() else again)
