"""Which files were given, and what each is: a long take, or the line that its name means."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from calmcast.errors import SoundError
from calmcast.takes.prompts import Prompt
from calmcast.takes.reading import about_s

_SOUNDS = frozenset({
    ".m4a", ".mp4", ".aac", ".mp3", ".wav", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".caf", ".3gp", ".amr",
    ".webm", ".wma", ".mka",
})  # fmt: skip
_LONGEST_LINE_S = 45
_COPY = re.compile(r"(?:\((\d{1,3})\)|[ _-]copy(?:[ _-](\d{1,3}))?)\s*$")
"""What a phone or a computer adds to a name that is taken: `(2)`, ` copy`."""
_NUMBER = re.compile(r"\d+")
_NUMBER_FIRST = re.compile(r"(?:line|no\.?|#)?\s*\d{1,4}(?!\d)")
_NAMED_NUMBER = re.compile(r"(?:\bline|\bno\.?|#)\s*0*(\d{1,4})(?!\d)")
_HINT = "put the line's number or its name from the sheet in the file's name, such as `Line 12` or `settle-7k2m`"


def sounds_in(files: Sequence[Path]) -> list[Path]:
    """Return the sound files that are named, and those in the folders that are. Raises SoundError where one is gone."""
    found = list[Path]()
    for path in files:
        if path.is_dir():
            inside = [p for p in path.iterdir() if p.suffix.lower() in _SOUNDS and not p.name.startswith(".")]
            if not inside:
                raise SoundError(f"there are no recordings in {path}", "such as 12.m4a, 12.mp3, 12.wav")
            # What was recorded later is the later reading.
            found += sorted(inside, key=lambda p: (p.stat().st_mtime, p.name))
        elif path.is_file():
            found.append(path)
        else:
            raise SoundError(f"there is no file {path}", "check the name; put names with spaces in quotes")
    return found


def sorted_out(
    paths: Sequence[Path], prompts: Sequence[Prompt], kind: str | None
) -> tuple[list[tuple[Path, Prompt]], list[Path], list[Path]]:
    """Return files that are a line each, long takes, and files whose names say nothing.

    Without a kind, what lasts longer than any line is a long take, and so is a single file unless its name is a
    line's: phones number their recordings.
    """
    if kind == "take":
        return [], list(paths), []
    takes = [path for path in paths if kind is None and _lasts_s(path) > _LONGEST_LINE_S]
    if kind is None and len(paths) == 1 and not names_a_line(paths[0].name, prompts):
        takes = list(paths)
    lines, unknown = prompts_by_name([path for path in paths if path not in takes], prompts)
    return lines, takes, unknown


def _lasts_s(path: Path) -> float:
    try:
        return about_s(path)
    except SoundError:
        return 0.0  # told when it is brought in


def prompts_by_name(paths: Sequence[Path], prompts: Sequence[Prompt]) -> tuple[list[tuple[Path, Prompt]], list[Path]]:
    """Return the files whose names mean a line, each with it, and those whose names do not (`meant` says why).

    In the order given, but of several files for one line `(2)` comes after the one without and before `(3)`: the
    later one is the newer reading.
    """
    found: list[tuple[Path, Prompt]] = []
    unknown: list[Path] = []
    for path in sorted(paths, key=lambda path: _copy(path.stem)):
        prompt = meant(path.name, prompts)
        if isinstance(prompt, Prompt):
            found.append((path, prompt))
        else:
            unknown.append(path)
    return found, sorted(unknown, key=paths.index)


def meant(name: str, prompts: Sequence[Prompt]) -> Prompt | str:
    """Return the line that a file's name means: by its id, or by its number on the sheet; else a sentence why not.

    `settle-7k2m.m4a`, `Settle 7K2M (2).wav`, `12.m4a`, `Line 12.m4a`, `012 settle.wav`, `New Recording 12.m4a`.
    """
    plain = _COPY.sub("", _plain(Path(name).stem)).strip()
    by_id = [prompt for prompt in prompts if re.search(_id_pattern(prompt.id), plain)]
    for prompt in by_id:
        plain = re.sub(_id_pattern(prompt.id), " ", plain)
    ids = {prompt.id for prompt in by_id}
    numbers = {int(n) for n in _NAMED_NUMBER.findall(plain) or _NUMBER.findall(plain)}
    by_number = [prompt for prompt in prompts if prompt.number in numbers]
    if len(ids) > 1 or (by_id and by_number and by_id[0] not in by_number):
        return f"the name {name} means more than one line; {_HINT}"
    if by_id:
        return _only(name, by_id)
    if len(numbers) > 1:
        return f"the name {name} has more than one number in it; {_HINT}"
    if not numbers:
        return f"the name {name} means no line; {_HINT}"
    if not by_number:
        return f"there is no line {min(numbers)}, which the name {name} means; {_HINT}"
    return _other_segment(name, plain, by_number[0], prompts) or _only(name, by_number)


def names_a_line(name: str, prompts: Sequence[Prompt]) -> bool:
    """Return whether a file's name is meant to be a line's: it has an id, or begins with a number and has no other.

    `New Recording 12.m4a` and `2026-11-29.m4a` are how phones name whatever they record.
    """
    plain = _COPY.sub("", _plain(Path(name).stem)).strip()
    if any(re.search(_id_pattern(prompt.id), plain) for prompt in prompts):
        return True
    return bool(_NUMBER_FIRST.match(plain)) and len(_NUMBER.findall(plain)) == 1


def _only(name: str, found: Sequence[Prompt]) -> Prompt | str:
    return found[0] if len(found) == 1 else f"the name {name} means more than one line; {_HINT}"


def _other_segment(name: str, plain: str, prompt: Prompt, prompts: Sequence[Prompt]) -> str | None:
    """Return what is wrong where a name has a line's number, and the name of a segment that the line is not in."""
    words = set(re.findall(r"[^\W\d_]+", plain))
    segments = {each.segment: set(re.findall(r"[^\W\d_]+", _plain(each.segment))) for each in prompts}
    named = [segment for segment, its in segments.items() if its and its <= words]
    if not named or prompt.segment in named:
        return None
    return f"the name {name} says {named[0]}, but line {prompt.number} is in {prompt.segment}; {_HINT}"


def _id_pattern(name: str) -> str:
    """Return what finds an id as people write it, with any sign or none for its hyphens."""
    return r"(?<![^\W_])" + r"[\W_]*".join(map(re.escape, name.split("-"))) + r"(?![^\W_])"


def _copy(stem: str) -> int:
    """Return the count in a copy's name; 0 where it is none."""
    match = _COPY.search(_plain(stem))
    return int(match[1] or match[2] or 1) if match else 0


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
