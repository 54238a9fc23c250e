"""What calmcast makes of a file: problems with places, and where there are none a plan of three lengths."""

import signal
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType
from xml.etree.ElementTree import fromstring

import calmcast
from calmcast.classes.load import inspected_class, load_class, ordered
from calmcast.classes.sets import track_sets
from calmcast.diagnostics import Problem, Severity, SourceRef, errors_in, problem_shape
from calmcast.errors import CalmcastError
from calmcast.invisible import printed
from calmcast.publish.pictures.picture import Ribbon, svg
from calmcast.script.language.reader import read
from calmcast.script.language.settings import build_user_settings
from calmcast.track.check import load_script
from calmcast.track.check_segments import segment_faults
from calmcast.track.check_voices import inspect_rest
from calmcast.track.performance import Performance
from calmcast.units import SAMPLE_RATE, format_length
from calmcast.verify.verify import verify
from calmcast.workspace.folder import shipped, ships
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace
from tests.fuzz.spoiled import damaged, spoiled
from tests.fuzz.tree import yaml
from tests.fuzz.written import FILES, written

VOICE = "about: A tone a word, for tests.\nprefer:\n  - {engine: tone}\nlexicon: en\n"
PLAIN = "title: Plainly\nvoice: fuzzed\nsegments: [{title: One, steps: [Rest your psoas, 3 min]}, gentle-exit]\n"
AROUND = "title: Around\nsegments: [fuzzed, gentle-exit]\n"

_PLACES = {
    "script": "scripts/fuzzed.yaml",
    "version": "scripts/fuzzed.yaml",
    "segment": "scripts/segments/fuzzed.yaml",
    "class": "scripts/classes/fuzzed.yaml",
    "voice": "voices/fuzzed.yaml",
    "lexicon": "voices/lexicon/fuzzed.yaml",
    "settings": "calmcast.yaml",
    "user": "settings.yaml",
}
_LONGEST_WORDS = 1000
"""So long is a problem's message at most; a hint may list what there is."""
_MOST_TRACKS = 50
"""A class of more is checked, but not planned: each track takes its time."""
_SHORT = 90 * SAMPLE_RATE
"""A track that is rendered to see whether it can be, in samples."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file: of which kind it is, and its bytes."""

    kind: str
    data: bytes


class FoundError(Exception):
    """Something that calmcast should not do."""


def made(seed: int, number: int, kind: str | None = None) -> Input:
    """Return the input of a number, the same for the same seed; `kind`: of this kind alone."""
    chance = Random(f"{seed} {number} {kind}")
    kind = kind or chance.choices([*FILES], (8, 3, 3, 3, 2, 1, 1, 1))[0]
    tree = written(kind, chance)
    for _ in range(chance.choice((0, 0, 0, 1, 2, 6))):
        tree = spoiled(tree, chance)
    data = yaml(tree, chance).encode("utf-8", "surrogatepass")
    for _ in range(chance.choice((0, 0, 0, 0, 1, 3))):
        data = damaged(data, chance)
    return Input(kind, data)


def fault(home: Path, given: Input, *, render: bool = False) -> str | None:
    """Return what calmcast does wrong with an input, None where it does nothing wrong.

    `render`: a script without errors becomes a track, where it may be short.
    """
    try:
        with hang_guard(10 + len(given.data) / 2_000):
            _looked_at(home, given, render)
    except FoundError as failing:
        return str(failing)
    except Exception:  # noqa: BLE001 - whatever it is, it should not be
        return traceback.format_exc()
    return None


@contextmanager
def hang_guard(seconds: float) -> Iterator[None]:
    """Raise FoundError after so many seconds of processor time, where the system can count them."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        where = "".join(traceback.format_stack(frame, limit=6))
        raise FoundError(f"it took more than {seconds:.0f} s of processor time\n{where}")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def furnished(home: Path) -> None:
    """Put into a folder what surrounds the file that is tried."""
    _put(home, "voices/calm.yaml", VOICE)
    _put(home, "voices/plain.yaml", VOICE)
    _put(home, "voices/fuzzed.yaml", VOICE.replace("lexicon: en", "lexicon: [en, fuzzed]"))
    _put(home, "voices/lexicon/fuzzed.yaml", "words: [{word: psoas, say: so-as}]\n")
    _put(home, "scripts/plainly.yaml", PLAIN)
    _put(home, "scripts/around.yaml", AROUND)


def _put(home: Path, name: str, text: str) -> None:
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text, encoding="utf-8")


def _looked_at(home: Path, given: Input, render: bool) -> None:
    """Have calmcast look at an input in a folder that `furnished` filled. Raises FoundError."""
    path = home / _PLACES[given.kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(given.data)
    try:
        _checked(home, given, render)
    finally:
        path.unlink() if before is None else path.write_bytes(before)


def _checked(home: Path, given: Input, render: bool) -> None:
    if given.kind == "user":
        node, problems = read(given.data, _PLACES["user"])
        _sound(home, (*problems, *build_user_settings(node)[1]))
        return
    here = calmcast.open_workspace(home)
    match given.kind:
        case "script" | "version":
            _script(here, "fuzzed", render)
        case "segment":
            _sound(home, segment_faults(here, _shipped(home)))
            _script(here, "around", render)
        case "class":
            _class(here)
        case _:
            _sound(home, inspect_rest(here))
            _script(here, "plainly", render and given.kind != "voice")


@cache
def _shipped(home: Path) -> tuple[LoadedScript, ...]:
    """Return scripts that use most segments that ship, so that only the others are looked at alone, each time anew."""
    here = calmcast.open_workspace(home)
    return tuple(load_script(here, name) for name, path in here.folder.scripts().items() if ships(path))


def _script(here: Workspace, name: str, render: bool) -> None:
    problems = calmcast.check(here, name)
    _sound(here.folder.root, problems)
    if not errors_in(problems):
        try:
            performance = calmcast.perform(here, name, estimate=True)
            _planned(performance)
            if render:
                _rendered(here, name)
        except CalmcastError as error:
            _worded(error)


def _planned(performance: Performance) -> None:
    """Lay out the shortest track there can be, the usual one, and one of twice that."""
    least, most = performance.feasible
    usual = performance.natural_length
    for length in (least, usual, min(2 * usual, most or 2 * usual)):
        try:
            timeline = performance.timeline(length)
        except CalmcastError as error:
            _worded(error)
            if length == least:
                raise FoundError(f"the least length that it is said to have cannot be had: {error}") from error
            continue
        if timeline.samples != length:
            raise FoundError(f"asked for {length} samples, it has {timeline.samples}")
        if any(event.start < 0 or event.samples < 0 or event.end > length for event in timeline.events):
            raise FoundError("something happens before the track or after it")
        _sound(None, performance.told(timeline))
        fromstring(svg(performance.title, [Ribbon(timeline, format_length(length), ("", ""))]))


def _class(here: Workspace) -> None:
    problems = inspected_class(here, "fuzzed")
    _sound(here.folder.root, problems)
    loaded = load_class(here, "fuzzed")
    if errors_in(problems) or sum(len(each.orders) for each in ordered(loaded)) > _MOST_TRACKS:
        return
    try:
        for each in track_sets(here, loaded, lambda what, done, total: None, guess=True):
            for failure in each.failures:
                _worded(failure.error)
    except CalmcastError as error:
        _worded(error)


def _rendered(here: Workspace, name: str) -> None:
    """Make the shortest track of a script, where that is short, and verify it."""
    performance = calmcast.perform(here, name)
    least, _ = performance.feasible
    if least < _SHORT:
        path = calmcast.render(here, performance, least, here.folder.output / "fuzzed.mp3").path
        if faults := verify(path).faults:
            raise FoundError(f"verify says of its track: {faults[0]}")


def _worded(error: CalmcastError) -> None:
    if not str(error).strip() or error.hint == "":
        raise FoundError(f"an error without words: {error!r}")


def _sound(home: Path | None, problems: Iterable[Problem]) -> None:
    """Raise FoundError where a problem has no words, or no place in its file."""
    files = dict[str, list[str]]()
    for problem in problems:
        told = problem_shape(problem)
        missing = problem.hint is None and problem.severity is Severity.ERROR
        if missing or not problem.message.strip() or not (problem.hint is None or problem.hint.strip()):
            raise FoundError(f"a problem without words: {told}")
        if not problem.code or len(problem.message) > _LONGEST_WORDS:
            raise FoundError(f"a problem with too many words: {told}")
        printed(str(problem)).encode()
        if home:
            if (file := problem.source.file) not in files:
                files[file] = _lines(home, file)
            _placed(files[file], problem.source, told)


def _placed(lines: list[str], source: SourceRef, told: object) -> None:
    """Raise FoundError where there is no such place in these lines."""
    if not 1 <= source.line <= len(lines):
        raise FoundError(f"a line that the file does not have ({len(lines)} lines): {told}")
    line = lines[source.line - 1]
    if source.excerpt and _plain(source.excerpt) != _plain(line):
        raise FoundError(f"its line is {line!r}, not {source.excerpt!r}: {told}")
    longest = len(line) + 1
    if not 1 <= source.column <= longest or source.width < 1:
        raise FoundError(f"a column that the line does not have ({longest} at most): {told}")


def _plain(line: str) -> str:
    """Return a line in which all that looks like a space is one."""
    return "".join(c if c.isprintable() and not c.isspace() else " " for c in line)


def _lines(home: Path, shown: str) -> list[str]:
    """Return the lines of a file as editors count them."""
    inside = shown.removeprefix("calmcast:")
    path = next((root / inside for root in (home, shipped()) if (root / inside).is_file()), None)
    data = path.read_bytes() if path else b"" if shown == _PLACES["user"] else None
    if data is None:
        raise FoundError(f"there is no file {shown}")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data[:4]:
        encoding = "utf-16-be" if data[0] == 0 else "utf-16-le"
    lines = data.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    return lines.split("\n")


def reduced(home: Path, given: Input, told: str) -> Input:
    """Return an input with as few lines as still fail in the same way."""
    same, size = told.strip().rpartition("\n")[2][:60], max(1, given.data.count(b"\n") // 2)
    lines, tries = given.data.split(b"\n"), 0
    while size and tries < 200:
        at, before = 0, len(lines)
        while at < len(lines) and tries < 200:
            fewer, tries = [*lines[:at], *lines[at + size :]], tries + 1
            now = fault(home, Input(given.kind, b"\n".join(fewer)))
            if now and same in now:
                lines = fewer
            else:
                at += size
        size = size // 2 if len(lines) == before or size > 1 else 0
    return Input(given.kind, b"\n".join(lines))
