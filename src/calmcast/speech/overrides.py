"""How a word is said just once, in the line itself: `{psoas|so-as}`, as SSML's `sub`, `phoneme` and `say-as`."""

from calmcast.diagnostics import SourceRef
from calmcast.model.script import SAID, Line
from calmcast.model.voice import Lexicon, Pronunciation
from calmcast.speech.phrases import plain_text

_NOWHERE = SourceRef("(the line itself)", 1, 1)


def own_words(line: Line) -> tuple[tuple[str | int, ...], tuple[Lexicon, ...]]:
    """Return the line's pieces without such marks, and a lexicon of what they say (none where there are none).

    What is said is a respelling; between slashes, phonemes in IPA (`{psoas|/ˈsoʊæs/}`); or `as letters`, `as digits`.
    """
    if not line.said:
        return line.pieces, ()
    pieces = tuple(SAID.sub(r"\1", piece) if isinstance(piece, str) else piece for piece in line.pieces)
    entries = tuple(_pronounced(plain_text(written), said) for written, said in line.said)
    return pieces, (Lexicon("line", "", entries),)


def _pronounced(written: str, said: str) -> Pronunciation:
    if len(said) > 2 and said[0] == said[-1] == "/":
        return Pronunciation(written, None, (("ipa", said[1:-1]),), False, _NOWHERE)
    if said in ("as letters", "as digits"):
        said = " ".join(character for character in written if character.isalnum())
    return Pronunciation(written, said, (), False, _NOWHERE)
