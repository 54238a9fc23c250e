"""What a text is made of in the end: sentences, silences, bells, and what is not spoken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, in lines of at most `MOST_WORDS` words."""

    lines: tuple[str, ...]
    pause_s: int
    """The silence that its end asks for."""

    @property
    def words(self) -> int:
        return sum(len(line.split()) for line in self.lines)

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def goes_on(self) -> bool:
        """Whether it belongs to the sentence before it, across a silence."""
        return self.lines[0].lstrip("\"“‘'(")[:1].islower()


@dataclass(frozen=True, slots=True)
class WrittenSilence:
    """A pause that the text names."""

    seconds: int
    written: str = ""
    guess: str = ""
    """Why its length is not the text's own; empty where it is, or where nobody has to be told."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A bell that the text asks for."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What is not spoken, and stands as a comment in the script: a direction, a sentence with a blank."""

    text: str
    why: str = ""
    blanks: tuple[str, ...] = ()
    """What is to be filled in before it can be spoken."""


Item = Said | WrittenSilence | Ring | Aside
