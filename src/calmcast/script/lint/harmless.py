"""Where words that command or promise do no harm, because of the English sentence around them."""

import re

Found = re.Match[str]
"""A match whose group `words` is what the caret underlines."""

_NEGATION = re.compile(
    r"\b(?:no|not|never|nothing|nobody|none|nowhere|neither|nor|without|cannot|hardly|rarely|seldom)\b|n't\b"
    r"|\b(?:instead of|rather than)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:if|whether|or|can|could|may|might|perhaps|maybe|want|wish|prefer|rather|whenever|when you|welcome"
    r"|free|invited?|choice|choose|option|ok|okay|fine|all right|allowed|enjoy|happy to|would like"
    r"|you'd like|let yourself)\b",
    re.IGNORECASE,
)
_ONLY_IF = re.compile(
    r"\b(?:if|as|why|how|whether|than|what|whatever|whichever|when|whenever|where|wherever|until|unless|in case)\b",
    re.IGNORECASE,
)
_AS_NEEDED = re.compile(
    r"\b(?:may|might|could|perhaps|maybe|anything|everything|something|all(?= (?:you|we|that)\b|\s*$)|only|time|space"
    r"|room|support|do|does|who|however)\b",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"[,;:–—]|\b(?:but|so|because)\b", re.IGNORECASE)


def _before(found: Found, sentence: str) -> str:
    """Return the words of the same clause before those found."""
    return _CLAUSE_ENDS.split(sentence[: found.start("words")])[-1]


def negated(found: Found, sentence: str) -> bool:
    if re.match(r"\s+(?:is|are)\s+(?:not|never)\b", sentence[found.end("words") :], re.IGNORECASE):
        return True
    return _NEGATION.search(_before(found, sentence)) is not None


def offered(found: Found, sentence: str) -> bool:
    return negated(found, sentence) or _OFFER.search(sentence) is not None


def conditional(found: Found, sentence: str) -> bool:
    return negated(found, sentence) or _ONLY_IF.search(_before(found, sentence)) is not None


def conditional_or_asked(found: Found, sentence: str) -> bool:
    return sentence.endswith("?") or conditional(found, sentence)


def either_way(found: Found, sentence: str) -> bool:
    return re.search(r"\b(?:if|whether)\b", sentence, re.IGNORECASE) is not None


def too_deep(found: Found, sentence: str) -> bool:
    hard = re.search(r"\b(?:hard|difficult|impossible|few)\b", sentence, re.IGNORECASE)
    return negated(found, sentence) or hard is not None


_HARMLESS = re.compile(
    r"must (?:have|be (?:lovely|nice|tired|said|\w+ing))\b"
    r"|should feel free\b"
    r"|should (?:you|your|any|anything|it|this|that|a|an|the|something|someone|there|they|we|i)\b"
    r"|should(?: not|n't) (?:ever )?(?:hurt|strain|be (?:any |a )?(?:pain|strain|effort|uncomfortable))"
    r"|(?:have|has|got|need) to (?:yourself|the|your|my|our|this|that|these|those|offer|spare)\b",
    re.IGNORECASE,
)
_NOT_THE_LISTENER = re.compile(r"\b(?:i|a|an|any|the|every|that)(?:'d|'ve)?(?: \w+ly)?\s+$", re.IGNORECASE)


def no_command(found: Found, sentence: str) -> bool:
    """Return whether must, should or have to is no command here: `if you need to`, `it must have been`."""
    before, modal = _before(found, sentence), found["modal"].lower()
    return bool(
        sentence.endswith("?")
        or negated(found, sentence)
        or _ONLY_IF.search(before)
        or (modal not in ("must", "should") and _AS_NEEDED.search(before))
        or _NOT_THE_LISTENER.search(sentence[: found.start("modal")])
        or (modal == "must" and re.search(r"\b(?:it|this|there)\s+$", before, re.IGNORECASE))
        or _HARMLESS.match(sentence[found.start("modal") :])
    )
