"""What belongs together in words to somebody who rests: hold and release, in and out, left and right."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """Something that is begun, and something that undoes it, as patterns."""

    name: str
    begins: str
    undoes: str
    may_undo: str = r"(?!)"
    """Words that undo it where nothing surer follows, and may mean something else."""
    reaches: int | None = 24
    """So many sentences later at most the second is looked for; None: however far away."""
    anywhere: bool = False
    """Whether it is begun wherever these words stand; else only where a clause begins, as what somebody is to do."""


_A_FEW = r"(?:[\w'’-]+ ){0,4}"
_ASKS = (
    r"(?:^|[.,;:!?…—–]\s*|\b(?:and|then|now|gently|slowly|firmly|softly|lightly|again|can|might|could|"
    r"please|just|you|next)"
    r",? )[\"“‘'(]*"
)
"""What stands before a verb that asks somebody to do something."""
PAIRS = (
    Pair(
        "hold and release",
        r"(?:tense|tighten|clench|squeeze|scrunch|screw|contract|curl|grip|brace|stiffen|press|push|"
        r"wrinkle|furrow|frown|"
        rf"shrug|flex|arch|make {_A_FEW}fists?|hold (?:your|the) breath|bite down|pull {_A_FEW}(?:in|back|"
        rf"toes|shoulders))",
        rf"(?:release|relax|unclench|uncurl|loosen|let {_A_FEW}go|ease off|ease up|stop \w+ing|drop (?:them|"
        rf"it|your shoulders)|"
        r"open (?:your|the|both) (?:hands?|fists?|palms?|fingers))",
        rf"(?:soften|smooth|let {_A_FEW}(?:be|fall|open|rest|melt|soften|drop|loosen|unfold|relax|spread|slide)|"
        rf"drop {_A_FEW}down)",
    ),
    Pair(
        "in and out",
        r"(?:(?:breathe|breathing|breath) in|inhale|inhaling|in-breath|(?:draw|take) (?:in )?(?:a|one|another|your) "
        rf"{_A_FEW}breath)",
        rf"(?:(?:breathe|breathing|breath|sigh|blow|let it|let {_A_FEW}breath) {_A_FEW}?out|exhale|exhaling|out-breath|"
        rf"let {_A_FEW}breath go|sigh|(?:and|then|now) (?:slowly |gently )?out(?! of))",
        anywhere=True,
    ),
    Pair(
        "lift and lower",
        rf"(?:lift|raise|hover|float (?:your|one|the|both)|reach|stretch|(?:draw|pull|"
        rf"bring) {_A_FEW}(?:shoulders?|arms?|"
        rf"legs?|hands?|feet|foot|heels?|hips?) {_A_FEW}?up)",
        rf"(?:lower|(?:put|set|lay|bring|slide) {_A_FEW}down|let {_A_FEW}(?:down|sink)|return)",
        rf"(?:let {_A_FEW}(?:fall|drop|rest|return|land|go)|rest {_A_FEW}(?:again|back)|release|relax)",
    ),
    Pair(
        "over and back",
        rf"(?:(?:roll|turn|tip|tilt|rock|lean|twist|sway|rotate|shift) {_A_FEW}(?:over|sideways|forward|left|right|"
        r"to (?:the|your|one) (?:left|right|side)))",
        r"(?:back (?:to|through|into) (?:the |your )?(?:cent(?:er|re)|middle|neutral|start)|to the other side|"
        rf"(?:roll|turn|bring|lean|rock) {_A_FEW}back)",
        rf"(?:come {_A_FEW}back|return)",
    ),
    Pair(
        "bend and lengthen",
        rf"(?:bend|hug|draw {_A_FEW}(?:knees?|legs?) {_A_FEW}(?:in|up|towards?)|cross)",
        rf"(?:straighten|lengthen|extend|uncross|slide {_A_FEW}(?:out|down|long|away)|stretch {_A_FEW}(?:out|long))",
        rf"let {_A_FEW}(?:long|go|down)",
    ),
    Pair(
        "eyes closed and open",
        r"(?:(?:close|shut) (?:your|the) eyes|eyes (?:to )?(?:close|be closed|fall shut)|let your eyes close)",
        r"(?:open (?:your|the) eyes|eyes (?:to )?(?:open|flutter open)|let your eyes open)",
        reaches=None,
        anywhere=True,
    ),
)
_SIDED = (
    "arm|hand|leg|foot|toes?|knee|hip|shoulder|side|elbow|wrist|ankle|calf|thigh|ear|eye|cheek|nostril|heel|sole|palm|"
    "fingers?|thumb|buttock|lung|ribs|forearm|shin|big toe|armpit|collarbone|jaw|temple|eyebrow"
)
_SIDE = re.compile(rf"\b(left|right)(?: (?:upper|lower|big|outer|inner))? ({_SIDED})\b", re.IGNORECASE)
_SIDE_REACHES = 40
_LOOKED_AT = 600
"""Characters of a sentence."""
_EITHER = tuple(
    (
        pair,
        re.compile(
            rf"\b(?P<undoes>{pair.undoes})\b|\b(?P<may_undo>{pair.may_undo})\b|"
            rf"{r'' if pair.anywhere else _ASKS}\b(?P<begins>{pair.begins})\b",
            re.IGNORECASE,
        ),
    )
    for pair in PAIRS
)


@dataclass(frozen=True, slots=True)
class Link:
    """A sentence and the one that undoes it, by their numbers."""

    first: int
    second: int
    name: str
    is_sure: bool = True
    """Whether its words can hardly mean anything else."""


def links(sentences: Sequence[str]) -> tuple[Link, ...]:
    """Return which of these English sentences, in their order, undo which; time grows with their number."""
    found = [link for pair, pattern in _EITHER for link in _of_pair(pair, pattern, sentences)]
    return tuple(sorted({*found, *_of_sides(sentences)}, key=lambda link: (link.first, link.second, link.name)))


def _of_pair(pair: Pair, pattern: re.Pattern[str], sentences: Sequence[str]) -> Iterable[Link]:
    """Yield what is begun, and the next that undoes it; what may undo it ends the search, too."""
    open_ = list[int]()
    for number, sentence in enumerate(sentences):
        for match in pattern.finditer(sentence[:_LOOKED_AT]):
            if match["begins"]:
                open_.append(number)
                continue
            for begun in open_:
                if begun != number and (pair.reaches is None or number - begun <= pair.reaches):
                    yield Link(begun, number, pair.name, match["undoes"] is not None)
            open_.clear()


def _of_sides(sentences: Sequence[str]) -> Iterable[Link]:
    """Yield left and right of one part of the body, whichever comes first."""
    open_ = dict[str, tuple[str, list[int]]]()
    for number, sentence in enumerate(sentences):
        for match in _SIDE.finditer(sentence[:_LOOKED_AT]):
            side, part = match[1].lower(), match[2].lower().removesuffix("s")
            begun_side, numbers = open_.get(part, (side, []))
            if side == begun_side:
                open_[part] = (side, [*[each for each in numbers if number - each <= _SIDE_REACHES], number])
                continue
            for begun in numbers:
                if begun != number and number - begun <= _SIDE_REACHES:
                    yield Link(begun, number, "left and right")
            del open_[part]
