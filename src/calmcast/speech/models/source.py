"""Where a neural voice can be had, in which forms, and under which terms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from calmcast.speech.models.installed import engine_of

KINDS = ("vits", "matcha", "kokoro", "kitten", "piper")
"""The ways in which a model is built, as sherpa-onnx calls them; `piper`: Piper's own two files, a .onnx and its
.onnx.json."""

ENGINES = ("piper", "sherpa")
"""The engines that speak neural voices."""
GENDERS = ("woman", "man")


def wanted_in_words(settings: Mapping[str, str]) -> str:
    """Return what settings want of a voice that they do not name: ` for de`, ` of a woman for en`, or nothing."""
    language, gender = settings.get("language", "").strip(), settings.get("gender", "").strip()
    return f"{gender and f' of a {gender}'}{language and f' for {language}'}"


Selling = Literal["yes", "unclear", "no"]
"""Whether tracks that a voice speaks may be sold."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at an address, or on this machine."""

    address: str
    size: int | None = None
    """In bytes; None: not published."""
    sha256: str | None = None
    """64 hex digits; None: not published."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What one may do with a voice."""

    licence: str
    selling: Selling
    summary: str
    """One plain line for a teacher who sells tracks."""
    address: str
    """Where it is written."""


@dataclass(frozen=True, slots=True)
class Way:
    """A form in which a voice can be had."""

    kind: str
    """One of KINDS; "": not known before it is here."""
    file: RemoteFile
    """The archive or the folder with its files; of `piper`, where `loose`, the .onnx."""
    extras: tuple[RemoteFile, ...] = ()
    """Further files that belong into its folder; of `piper`, where `loose`, the .onnx.json alone."""
    loose: bool = False
    """Whether these are the model's own two files, in no archive and no folder."""

    @property
    def engine(self) -> str:
        """The engine that speaks it in this form; "": not known before it is here."""
        return engine_of(self.kind) if self.kind else ""

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        return (self.file, *self.extras)

    @property
    def size(self) -> int | None:
        """The bytes that have to be fetched, as far as they are published; None: those of the main file are not."""
        return None if self.file.size is None else sum(file.size or 0 for file in self.files)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A neural voice that can be had from somewhere."""

    name: str
    about: str
    language: str
    """`en-US`; `mul`: several; "": not known before it is here."""
    terms: Terms
    ways: tuple[Way, ...]
    """The best first; which one is taken depends on what is installed (`trial.way_here`)."""

    @property
    def gender(self) -> str:
        """`woman` or `man`, as `about` begins; "": several, or not known."""
        return next((gender for gender in GENDERS if re.match(rf"a {gender}\b", self.about)), "")
