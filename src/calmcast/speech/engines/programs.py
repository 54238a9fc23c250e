"""Speech programs that many machines have, each an engine of its own: one table row says how it is asked.

Their rates are counted as espeak-ng counts them, so that the same number is about the same speed in every program.
"""

import platform
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.seen import answer
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, rate, words
from calmcast.speech.engines.command import ProgramSpeaker, digest, found_program, program_path, values
from calmcast.speech.engines.espeak import ENGINE as ESPEAK
from calmcast.speech.engines.espeak import pitch_setting
from calmcast.speech.engines.letters import fold, refuse_foreign
from calmcast.text import suggestion

_VERSION = re.compile(r"\d+\.\d[\w.+-]*")
_SIGNS = {"‘": "'", "’": "'", "–": ", ", "—": ", ", "…": ". ", "°": " degrees ", "½": " half ", "€": " euros "}
"""What is not ASCII and no letter, but is heard."""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """An engine that runs a program for each phrase. Each is equal to itself alone, and a key for what speaks by it."""

    name: str
    program: str
    arguments: tuple[str | tuple[str, ...], ...]
    """With placeholders, as `command.PLACEHOLDERS`; a group is left out where a setting in it is empty."""
    settings: Mapping[str, Setting]
    """`voice`, `rate`, and what else the program takes. The default rate is the program's own."""
    install: Mapping[str, str]
    """How to get it, by `sys.platform`; `""` for all others."""
    teller: str | None
    """The program whose `--version` tells how old it is; None: it is as old as the system."""
    voices: Callable[[], tuple[str, ...]] | None = None
    """The voices that are installed; None: it is not known."""
    packages: Mapping[str, str] = field(default_factory=dict)
    """How to get a voice that is not installed, by its name."""
    check: Callable[[str, str], None] | None = None
    """Raises SpeechError where this text can never be said by this voice."""
    markup: Callable[[Phrase], str] = lambda phrase: clean(words(phrase))
    alphabet: str | None = None
    isolation: Isolation = "shared"
    only: str | None = None
    """The only `sys.platform` where a program of this name is the one that is meant."""

    def trouble(self) -> Trouble | None:
        fix = self.install.get(sys.platform, self.install[""])
        if self.only not in (None, sys.platform):
            return f"the program {self.program} is not for this system", fix
        if found_program(self.program) is None:
            return f"the program {self.program} is not installed", fix
        return None

    def version(self) -> str:
        return _version(program_path(self.teller)) if self.teller else platform.platform()

    def missing(self, settings: Mapping[str, str]) -> Trouble | None:
        """Return why these settings cannot be served here and the fix: a voice that is not installed."""
        voice = settings.get("voice", self.settings["voice"].default)
        # Where the voices are a closed list, a wrong one is a slip of the profile's and told as such.
        if self.voices is None or self.settings["voice"].choices is not None or voice in (known := self.voices()):
            return None
        fix = suggestion(voice, known) or f"there are: {', '.join(known) or 'none'}"
        return f"{self.name} has no voice `{voice}`", self.packages.get(voice, fix)

    def identity(self, settings: Mapping[str, str]) -> str:
        """Return what tells this program from another of the same name and version."""
        return digest(Path(program_path(self.program)))

    def settled(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        return {"voice": self.settings["voice"].default, **settings}

    def open(self, settings: Mapping[str, str]) -> Speaker:
        voice, check = settings["voice"], self.check
        if self.voices is not None and voice not in self.voices():
            raise SpeechError(f"{self.name} has no voice `{voice}`", self.packages.get(voice, "choose another"))
        given = values(settings, int(self.settings["rate"].default))
        arguments: list[str] = [program_path(self.program)]
        for argument in self.arguments:
            if isinstance(argument, str):
                arguments.append(argument)
            elif all(value or f"{{{name}}}" not in argument for name, value in given.items()):
                arguments.extend(argument)
        return ProgramSpeaker(tuple(arguments), given, check and (lambda text: check(text, voice)))


def plain_ascii(phrase: Phrase) -> str:
    """Return the words of a phrase in ASCII; a letter that has no plain form stays."""
    folded = fold(clean(words(phrase)), str.isascii)
    return "".join(c if c.isascii() or c.isalpha() else _SIGNS.get(c, " ") for c in folded).strip()


@cache
def _version(program: str) -> str:
    found = _VERSION.search(answer([program, "--version"]))
    return found[0] if found else "unknown"


def _told(program: str, *arguments: str) -> str:
    """Return what a program prints, by its whole path: by its name alone, Windows would look into this folder first."""
    path = found_program(program)
    return answer([str(Path(path).absolute()), *arguments]) if path else ""


@cache
def _flite_voices() -> tuple[str, ...]:
    names = _told("flite", "-lv").partition(":")[2].split()
    # This one can only tell the time.
    return tuple(name for name in names if name != "awb_time")


@cache
def _festival_voices() -> tuple[str, ...]:
    return tuple(re.findall(r"[\w-]+", _told("festival", "--batch", "(print (voice.list))")))


@cache
def _say_voices() -> tuple[str, ...]:
    return (*re.findall(r"^(.+?) +[a-z]{2,3}[_-]\w+ +#", _told("say", "-v", "?"), re.MULTILINE), "")


@cache
def _espeak_voices() -> tuple[str, ...]:
    languages = [line.split()[1] for line in _told("espeak-ng", "--voices").splitlines()[1:]]
    variants = re.findall(r"!v/(\S+)", _told("espeak-ng", "--voices=variant"))
    return (*languages, *(f"{language}+{variant}" for language, variant in product(languages, variants)))


def _only_ascii(text: str, voice: str) -> None:
    if unknown := "".join(dict.fromkeys(c for c in text if not c.isascii())):
        raise SpeechError(f"the voice {voice} cannot say `{unknown}`", "write it in Latin letters, as it should sound")


def _no_foreign_letters(text: str, voice: str) -> None:
    if voice.startswith("en"):
        refuse_foreign(f"the voice {voice}", text)


FLITE = Program(
    name="flite",
    program="flite",
    arguments=("-voice", "{voice}", "--setf", "duration_stretch={stretch}", "-f", "{text-file}", "-o", "{file}"),
    settings={"voice": Setting("rms", "a voice", choices=_flite_voices), "rate": rate(150, 60, 300)},
    install={"linux": "apt install flite", "darwin": "use the engine `say`", "": "use the engine `system`"},
    teller="flite",
    voices=_flite_voices,
    markup=plain_ascii,
    check=_only_ascii,
)
_SLT = "cmu_us_slt_arctic_hts"
FESTIVAL = Program(
    name="festival",
    program="text2wave",
    arguments=(
        *("-eval", "(voice_{voice})"),
        *("-eval", "(Parameter.set 'Duration_Stretch {stretch})"),
        # Voices of the kind HTS take no stretch, but a speed.
        *("-eval", "(defvar hts_engine_params nil)"),
        *("-eval", "(set! hts_engine_params (cons (list '-r {speed}) hts_engine_params))"),
        *("-o", "{file}", "{text-file}"),
    ),
    settings={"voice": Setting(_SLT, "a voice that is installed"), "rate": rate(160, 60, 300)},
    install={
        "linux": "apt install festival festvox-us-slt-hts",
        "darwin": "use the engine `say`",
        "": "use the engine `system`",
    },
    teller="festival",
    voices=_festival_voices,
    packages={
        _SLT: "apt install festvox-us-slt-hts",
        "kal_diphone": "apt install festvox-kallpc16k",
        "ked_diphone": "apt install festvox-kdlpc16k",
    },
    markup=plain_ascii,
    check=_only_ascii,
)
RHVOICE = Program(
    name="rhvoice",
    program="RHVoice-test",
    arguments=(("-p", "{voice}"), "-r", "{percent}", "-t", "{pitch}", "-i", "{text-file}", "-o", "{file}"),
    settings={
        "voice": Setting("", "a voice that is installed, such as slt, or nothing for RHVoice's own choice"),
        "rate": rate(160, 60, 300),
        "pitch": Setting("100", "how high, 100 is natural", low=50, high=200, from_pitch=str),
    },
    install={"": "install RHVoice with a voice of your language, or use another engine"},
    teller="RHVoice-test",
)
SAY = Program(
    name="say",
    program="say",
    arguments=(
        *(("-v", "{voice}"), "-r", "{rate}", "--file-format=WAVE", "--data-format=LEI16@22050"),
        *("-o", "{file}", "-f", "{text-file}"),
    ),
    settings={
        "voice": Setting("", "a voice that is installed, or nothing for the system's own", choices=_say_voices),
        "rate": rate(175, 80, 400),
    },
    install={"": "it comes with macOS only; use another engine"},
    # `[[` opens a command.
    markup=lambda phrase: clean(words(phrase)).replace("[[", "[ ["),
    only="darwin",
    teller=None,
)
ESPEAK_NG = Program(
    name="espeak-ng",
    program="espeak-ng",
    # At its own amplitude of 100, some voices clip.
    arguments=(
        *("-v", "{voice}", "-s", "{rate}", "-p", "{pitch}", "-a", "70", "-b", "1"),
        *("-w", "{file}", "-f", "{text-file}"),
    ),
    settings={
        "voice": Setting("en-us+klatt2", "a language, and a variant after a +", choices=_espeak_voices),
        "rate": rate(175, 80, 300),
        "pitch": Setting("50", "how high, 50 in the middle", low=0, high=99, from_pitch=pitch_setting),
    },
    install={
        "linux": "apt install espeak-ng",
        "darwin": "brew install espeak-ng",
        "": "install espeak-ng, and see that it is on the PATH",
    },
    teller="espeak-ng",
    voices=_espeak_voices,
    check=_no_foreign_letters,
    markup=ESPEAK.markup,
    alphabet="espeak",
)
