"""A command that was run before, with all as it was: what it has to say, without doing it again.

After a run a stamp is left in the user's cache: what the run went by (`seen`), what it has made, the code that it used,
and what the command says when nothing is left to do. A stamp holds where all of that is as it was. Files are held to
their content, for their time can lie (a copy, a clock that was set, an edit within a tick of it), and ten minutes of
sound are digested in 10 ms; code is held to its size and time, by which Python itself goes.

This is looked up before anything else is imported, so it stands on the standard library and on `seen` alone.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from time import time_ns
from typing import Any

from calmcast.jsonfile import object_of
from calmcast.seen import Names, Seen, answer, content, names, presence

FORMAT = 1
Said = list[tuple[bool, str]]
"""What a command prints, in order: whether on standard error, and the text."""

_VARIABLES = frozenset({
    *("APPDATA", "COLORTERM", "COLUMNS", "ESPEAK_DATA_PATH", "FORCE_COLOR", "HOME", "LANG", "LANGUAGE"),
    *("LOCALAPPDATA", "LD_LIBRARY_PATH", "NO_COLOR", "PATH", "SOURCE_DATE_EPOCH", "TERM", "TZ", "USERPROFILE"),
})  # fmt: skip
_PREFIXES = ("CALMCAST_", "LC_", "OPENBLAS_", "PYTHON", "XDG_")
"""The environment variables, and beginnings of their names, that may make a run another one."""
_MOST = 400
"""So many stamps are kept; of more, the older half goes."""
_YOUNG_NS = 2 * 10**9
"""Code that is younger when a run begins may have been changed while it was being imported."""


def key_of(arguments: Sequence[str]) -> str:
    """Return what tells a command from every other: its words, and where, by what and in which surroundings it runs."""
    surroundings = {
        name: value for name, value in os.environ.items() if name in _VARIABLES or name.startswith(_PREFIXES)
    }
    python = sys.executable, sys.version, sys.path
    about = FORMAT, list(arguments), _here(), *python, sorted(surroundings.items()), _streams()
    return sha256(json.dumps(about).encode()).hexdigest()


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:  # it has been removed, and nothing can be found from it
        return ""


def _streams() -> list[tuple[bool, str | None, int]]:
    """Return of each stream whether it is a terminal, how it writes letters, and how wide it is."""
    return [(stream.isatty(), stream.encoding, _width(stream)) for stream in (sys.stdout, sys.stderr)]


def _width(stream: Any) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return 0


def folder() -> str:
    """Return the folder of stamps, among what is cached for the user."""
    if sys.platform == "linux":  # as platformdirs says, which takes 10 ms to import
        cache = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
        return os.path.join(cache, "calmcast", "stamps")

    from platformdirs import user_cache_path

    return str(user_cache_path("calmcast", appauthor=False) / "stamps")


def again(key: str) -> tuple[int, Said] | None:
    """Return the exit code of a command and what it prints, where nothing is to be done; None: run it."""
    try:
        with open(_path(key), encoding="utf-8") as file:
            digest, _, body = file.read().partition("\n")
        if sha256(body.encode()).hexdigest() != digest:
            return None
        stamp = object_of(body)
        return (int(stamp["code"]), [(bool(err), str(text)) for err, text in stamp["said"]]) if _holds(stamp) else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _holds(stamp: Mapping[str, Any]) -> bool:
    """Return whether all is as a stamp has it."""
    return (
        stamp["since_ns"] <= time_ns()  # one of a clock that was ahead may have dated what it made
        and all(presence(path) == state for path, state in (stamp["code_files"] | stamp["looked"]).items())
        and all(_digest(names(path)) == state for path, state in stamp["folders"].items())
        and all(content(path) == state for path, state in stamp["files"].items())
        and all(answer(arguments) == said for arguments, said in stamp["answers"])
    )


def keep(key: str, seen: Seen, code: int, said: Said, since_ns: int) -> None:
    """Leave the stamp of a command that began at `since_ns` and has seen and made this, where it can be told and kept.

    `said`: what it prints when nothing is to be done.
    """
    stamp = _stamp(seen, since_ns)
    if stamp is None:
        return
    body = json.dumps({"code": code, "said": said, "since_ns": since_ns, **stamp})
    place = _path(key)
    draft = f"{place}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(folder(), exist_ok=True)
        with open(draft, "w", encoding="utf-8") as file:
            file.write(f"{sha256(body.encode()).hexdigest()}\n{body}")
        os.replace(draft, place)
        _thin_out()


def _path(key: str) -> str:
    return os.path.join(folder(), key)


def _stamp(seen: Seen, since_ns: int) -> dict[str, Any] | None:
    """Return what has to be as it is for a run to have nothing to do; None: that cannot be told."""
    code = {path: presence(path) for path in _code()}
    ages = [(state or "").rpartition(" ")[2] for state in code.values()]
    young = any(age.isdecimal() and int(age) > since_ns - _YOUNG_NS for age in ages)
    apart = (*seen.apart, folder())
    made = {path: content(path) for path in _besides(seen.made, apart)}
    apart += tuple(each for each in seen.created if not os.path.lexists(each))  # for a while only
    # They are read before: what somebody has touched meanwhile is noticed.
    if young or not seen.whole or not all(map(seen.has_left, made)):
        return None
    files = {path: seen.read[path] for path in _besides(seen.read, apart)} | made
    own = seen.made.keys() | seen.changed
    listed = {path: _settled(path, seen.listed[path], own) for path in _besides(seen.listed, apart)}
    looked = {
        path: presence(path) if path in own else seen.looked[path]
        for path in _besides(seen.looked, apart)
        if path not in files
    }
    searched = {os.path.abspath(path): names(path or ".") for path in sys.path}
    return {
        "files": files,
        "folders": {path: _digest(found) for path, found in (searched | listed).items()},
        "looked": looked,
        "answers": list(seen.answers.items()),
        "code_files": code,
    }


def _code() -> list[str]:
    """Return the files of all that is imported."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return sorted({os.path.abspath(file) for file in files if isinstance(file, str)})


def _besides(paths: Iterable[str], apart: tuple[str, ...]) -> list[str]:
    """Return the paths that lie in none of some folders."""
    inside = tuple(os.path.join(each, "") for each in apart)
    return [path for path in paths if path not in apart and not path.startswith(inside)]


def _settled(path: str, first: Names | None, own: set[str]) -> Names | None:
    """Return what is in a folder after the run: where others have changed it meanwhile, what was in it before."""
    now = names(path)
    others = {name.rstrip("/@") for name in (now or frozenset()) ^ (first or frozenset())}
    mine = {os.path.basename(each) for each in own if os.path.dirname(each) == path}
    return now if others <= mine else first


def _digest(found: Names | None) -> str | None:
    return None if found is None else sha256("\0".join(sorted(found)).encode(errors="surrogateescape")).hexdigest()


def _thin_out() -> None:
    """Remove the older half of the stamps where there are too many."""
    with os.scandir(folder()) as entries:
        found = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    for _, path in found[: len(found) // 2] if len(found) > _MOST else ():
        with suppress(OSError):
            os.remove(path)
