"""Any program that speaks to a file, run anew for each phrase: the engine `command`, whose profile says how.

    - {engine: command, run: [my-tts, --rate, "{rate}", --out, "{file}"], rate: "150"}

No shell is in between: each item of `run` reaches the program as it is, its placeholders filled. It runs where the user
has allowed it (`allowed.py`), and nowhere else. What runs programs here also serves the table in `programs.py`.
"""

import json
import os
import re
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.files import expanded, file_digest
from calmcast.model.voice import Phrase
from calmcast.seen import looked_at
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, words
from calmcast.speech.engines.allowed import Errand, errand_of, unallowed
from calmcast.speech.engines.running import run as run_program

PLACEHOLDERS = ("text", "text-file", "file", "voice", "rate", "stretch", "speed", "percent", "pitch")
"""What may stand in braces in an argument. `rate` is in words a minute, `stretch` how many times longer than the
program speaks by itself, `speed` the inverse, `percent` a hundred times that, `pitch` as the setting is."""

LIMIT_S, WORD_S = 9.0, 0.4
"""What a program may take for any phrase and for each word on top, in seconds: a little less than the booth waits, so
that a program that hangs is ended by who started it, on every system."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z-]*)\}")
_ALLOW = "`calmcast voices allow` lets it run"
_EXAMPLE = 'such as run: [my-tts, --out, "{file}"]'


class Command:
    """The engine."""

    name = "command"
    alphabet: str | None = None
    isolation: Isolation = "shared"

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "run": Setting(
                "", f"the program and what it is told, as a list, {_EXAMPLE}; `calmcast voices allow` lets it run"
            ),
            "input": Setting(
                "auto", "where the text goes; auto: where `run` has it, else stdin", choices=lambda: _INPUTS
            ),
            "voice": Setting("", "what stands for {voice}"),
            "rate": Setting("150", "how fast, in words a minute, for {rate}", low=20, high=600, from_pace=str),
            "natural": Setting("150", "how fast the program is by itself, for {stretch} and {speed}", low=20, high=600),
            "pitch": Setting("100", "what stands for {pitch}", low=0, high=1000, from_pitch=str),
        }

    def trouble(self) -> Trouble | None:
        return None

    def version(self) -> str:
        return "1"

    def missing(self, settings: Mapping[str, str]) -> Trouble | None:
        """Return why these settings cannot be served here and the fix, or None where they can."""
        try:
            _arguments(self._whole(settings))
        except SpeechError as error:
            return error.message, error.hint or _EXAMPLE
        return None

    def settled(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        return settings

    def identity(self, settings: Mapping[str, str]) -> str:
        """Return what tells the program and every file that `run` names from others of the same name."""
        run = split(settings.get("run", ""))
        files = (Path(argument.rpartition("=")[2]) for argument in (program_path(run[0]), *run[1:]))
        return " ".join(digest(file) for file in files if looked_at(file).is_file())

    def errand(self, settings: Mapping[str, str]) -> Errand:
        """Return what these settings would run."""
        whole = self._whole(settings)
        return errand_of(_arguments(whole), whole["voice"])

    def markup(self, phrase: Phrase) -> str:
        return clean(words(phrase))

    def open(self, settings: Mapping[str, str]) -> Speaker:
        self._check_allowed(settings)
        given = values(settings, int(settings["natural"]))
        # Looked up before each phrase: what was allowed may change meanwhile.
        return ProgramSpeaker(_arguments(settings), given, lambda _text: self._check_allowed(settings))

    def _check_allowed(self, settings: Mapping[str, str]) -> None:
        """Raise SpeechError where the user has not allowed what these settings run, or where it has changed since."""
        if trouble := unallowed("NAME", self.errand(settings)):
            raise SpeechError(*trouble)

    def _whole(self, settings: Mapping[str, str]) -> dict[str, str]:
        return {name: settings.get(name, setting.default).strip() for name, setting in self.settings.items()}


ENGINE = Command()

_INPUTS = ("auto", "stdin", "file", "argument")
_WHERE = {"file": "text-file", "argument": "text"}


def split(run: str) -> tuple[str, ...]:
    """Return a program and its arguments from a JSON list of texts or from words with spaces between, `~` spelled out.

    Raises SpeechError where it is neither.
    """
    try:
        parts = json.loads(run) if run.lstrip().startswith("[") else _words(run)
    except ValueError:
        parts = []
    if not parts or not isinstance(parts, list) or not all(isinstance(part, str) and part for part in parts):
        raise SpeechError("`run` names no program", _EXAMPLE)
    return tuple(str(expanded(part)) if part.startswith("~/") else part for part in parts)


def _words(run: str) -> list[str]:
    # A backslash parts folders on Windows.
    return shlex.split(run.replace("\\", "\\\\") if os.name == "nt" else run)


def values(settings: Mapping[str, str], natural: int) -> dict[str, str]:
    """Return what stands for each placeholder but text and files; `natural` is the program's own words a minute."""
    speed = int(settings["rate"]) / natural
    factors = {"stretch": f"{1 / speed:.4g}", "speed": f"{speed:.4g}", "percent": str(round(100 * speed))}
    return {**{name: settings[name] for name in ("voice", "rate", "pitch") if name in settings}, **factors}


def found_program(program: str) -> str | None:
    """Return the path of a program, or None where it is not installed."""
    for folder in os.get_exec_path():
        looked_at(Path(folder) / program)
    found = shutil.which(program)
    here = found is not None and Path(program).name == program and not Path(found).is_absolute()
    # By its name alone, none is found in the current folder (as on Windows, or by a PATH that is not whole).
    return None if here else found


def program_path(program: str) -> str:
    """Return the path of a program, or raise SpeechError where it is not installed."""
    path = found_program(program)
    if path is None:
        raise SpeechError(f"the program {program} is not there", "install it, or write its whole path")
    return str(Path(path).absolute())


@cache
def digest(file: Path) -> str:
    """Return what tells the contents of a file from others: the first 16 hex digits of their SHA-256."""
    return file_digest(file)[:16]


@dataclass(frozen=True, slots=True)
class ProgramSpeaker:
    """A Speaker that runs a program for each phrase.

    The text goes where an argument has `{text}` or `{text-file}`, else to standard input, as UTF-8; the sound is what
    the program leaves in `{file}`, else what it writes to standard output.
    """

    arguments: tuple[str, ...]
    values: Mapping[str, str]
    check: Callable[[str], None] | None = None
    """Raises SpeechError where the program can never say this text."""

    def speak(self, text: str, path: Path) -> None:
        """Write `text` to `path`; raises RuntimeError where the program fails, takes too long or leaves no sound."""
        if self.check:
            self.check(text)
        written = path.with_suffix(".txt")
        nowhere = Path(os.devnull)
        used = _used(self.arguments)
        try:
            written.write_text(f"{text}\n", encoding="utf-8", newline="\n")
            filled = fill(self.arguments, {**self.values, "text": text, "text-file": str(written), "file": str(path)})
            source = nowhere if used & {"text", "text-file"} else written
            sink = nowhere if "file" in used else path
            with source.open("rb") as given, sink.open("wb") as taken:
                complaint = run_program(filled, given, taken, LIMIT_S + WORD_S * len(text.split()))
        finally:
            with suppress(OSError):
                written.unlink()
        if not path.is_file() or not path.stat().st_size:
            raise RuntimeError(f"{Path(filled[0]).name} wrote no sound{complaint and ': '}{complaint}")


def fill(arguments: Sequence[str], given: Mapping[str, str]) -> list[str]:
    """Return the arguments with their placeholders filled. No text becomes an option: one that an argument begins
    with, and that does not begin with a letter or a digit, has a space before it.
    """
    filled = [_PLACEHOLDER.sub(lambda found: given[found[1]], argument) for argument in arguments]
    return [
        f" {after}" if before.startswith("{text}") and not after[:1].isalnum() else after
        for before, after in zip(arguments, filled, strict=True)
    ]


def _used(arguments: Sequence[str]) -> set[str]:
    return {name for argument in arguments for name in _PLACEHOLDER.findall(argument)}


def _arguments(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the path of the program in `run` and its arguments, or raise SpeechError where they cannot serve."""
    run = split(settings["run"])
    used = _used(run)
    _check_placeholders(used, settings["voice"])
    _check_input(settings["input"], used)
    program = program_path(run[0])
    if program.lower().endswith((".bat", ".cmd")) and "text" in used:
        # Windows hands these to a shell, which would read signs in the text as its own.
        raise SpeechError(f"{run[0]} may not have the text among its arguments", "leave {text} out: it comes on stdin")
    return program, *run[1:]


def _check_placeholders(used: set[str], voice: str) -> None:
    for name in sorted(used - {*PLACEHOLDERS}):
        close = get_close_matches(name, PLACEHOLDERS, n=1)
        hint = f"did you mean {{{close[0]}}}?" if close else f"there are: {', '.join(PLACEHOLDERS)}"
        raise SpeechError(f"nothing stands for {{{name}}} in `run`", hint)
    if "voice" in used and not voice:
        raise SpeechError("`run` has {voice}, and no `voice` is given", "add voice: with a voice of the program")


def _check_input(given: str, used: set[str]) -> None:
    wanted = _WHERE.get(given)
    if wanted and wanted not in used:
        raise SpeechError(f"`input: {given}` needs {{{wanted}}} in `run`", "add it, or leave `input` out")
    if given == "stdin" and used & {"text", "text-file"}:
        raise SpeechError("`run` has the text already, so it cannot come by stdin too", "leave `input` out")
