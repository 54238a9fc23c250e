"""Commands that close a door, promises, predictions: the words to look for in English, each with a gentler form.

A rule looks for its words in a sentence, and steps back where the sentence takes their edge off: `you don't have to`,
`stay still or move`, `close your eyes if you like`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from calmcast.script.lint.harmless import (
    Found,
    conditional,
    conditional_or_asked,
    either_way,
    negated,
    no_command,
    offered,
    too_deep,
)
from calmcast.text import shorten


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that are not said to someone lying with closed eyes."""

    code: str
    words: re.Pattern[str]
    said: str
    """The problem as a sentence; `{}` stands for the words found."""
    gentler: Callable[[Found, str], str]
    """Takes the match and its sentence, and returns the hint."""
    excused: Callable[[Found, str], bool]
    """Takes the match and its sentence: True where the words do no harm."""


def _rule(
    code: str,
    words: str,
    said: str,
    gentler: Callable[[Found, str], str],
    excused: Callable[[Found, str], bool],
) -> Rule:
    marked = words if "(?P<words>" in words else f"(?P<words>{words})"
    return Rule(code, re.compile(marked, re.IGNORECASE), said, gentler, excused)


def _say(hint: str) -> Callable[[Found, str], str]:
    return lambda found, sentence: hint


def _instead(words: str) -> Callable[[Found, str], str]:
    """Return a hint with other words in place of those found and of the rest of their clause."""

    def hint(found: Found, sentence: str) -> str:
        end = found.end("words")
        rest = re.search(r"[,.;:!?]", sentence[end:])
        return _example(found, sentence[:end] + (sentence[end + rest.start() :] if rest else ""), words)

    return hint


def _example(found: Found, sentence: str, words: str) -> str:
    text = f"{sentence[: found.start('words')]}{words}{sentence[found.end('words') :]}".strip()
    return f"for example: `{shorten(text[:1].upper() + text[1:], 90)}`"


def _could(found: Found, sentence: str) -> str:
    if found["nay"]:
        return "say what is possible: `You can always stop.`"
    if relaxes := re.match(r"\s+relax(?=\W*$)", sentence[found.end("words") :], re.IGNORECASE):
        shorter = sentence[: found.end("words")] + sentence[found.end("words") + relaxes.end() :]
        return _example(found, shorter, "perhaps you let go a little")
    who = found["who"] or ""
    return _example(found, sentence, f"{who} could" if who else "can")


_PEOPLE_LIKE_IT = "leave it out, or say what people like about it: `Many people find this restful.`"
_WILL = re.compile(r"(?:'ll|'re going to|\s+(?:will|should|must|is going to|are going to))\b", re.IGNORECASE)


def _may(found: Found, sentence: str) -> str:
    """Return a hint with a prediction as a possibility."""
    if re.search(r"\b(?:heal|cure)", found["words"], re.IGNORECASE):
        return _PEOPLE_LIKE_IT
    return _example(found, sentence, _WILL.sub(" may", found["words"]))


def _open_or_closed(found: Found, sentence: str) -> str:
    words = found["words"]
    shut = re.search(r"\b(?:closed|shut)$", words, re.IGNORECASE)
    if shut:
        return _example(found, sentence, f"{words[: shut.start()]}open or closed")
    comma = "," if re.match(r"\s*\w", sentence[found.end("words") :]) else ""
    return _example(found, sentence, f"{words} if you like, or leave them open{comma}")


_CLAUSE_BEGINS = r"(?:^\s*|(?<=[,.;:!?–—])\s*|\b(?:and|but|so|then|please|just|now|simply|really)\s+)"
_THEIR = r"(?:your|both|the|both your)\s+"

RULES = (
    _rule(
        "stillness",
        rf"{_CLAUSE_BEGINS}(?P<words>(?:do not|don't|never|try not to|stop)\s+(?:even\s+)?"
        r"(?:move|moving|fidget|fidgeting|stir))\b",
        "`{}` closes a door: nobody should feel that moving is wrong",
        _instead("move whenever you like"),
        either_way,
    ),
    _rule(
        "stillness",
        r"\b(?:stay|keep|lie|remain|hold|sit|be)\s+(?:(?:\w+ly|very|quite|as|so)\s+|your\s+\w+\s+|everything\s+){0,2}"
        r"(?:still|motionless|immobile)\b(?=\s*(?:$|[,.;:!?–—]|(?:and|for|now|as|until|while|with|like|in)\b))"
        r"|\b(?:without|no) moving\b",
        "`{}` closes a door: nobody should feel that moving is wrong",
        _instead("rest, and move whenever you like"),
        offered,
    ),
    _rule(
        "eyes",
        rf"\b(?:close|shut)\s+(?:{_THEIR})?(?:eyes|eyelids)\b"
        rf"|\b(?:keep|with|have)\s+{_THEIR}eyes\s+(?:closed|shut)\b"
        rf"|\blet\s+{_THEIR}(?:eyes|eyelids)\s+(?:close|shut|fall shut|fall closed|drop shut)\b"
        r"|^\s*eyes\s+(?:closed|shut)\b",
        "`{}` leaves no choice, and some people feel safer with open eyes",
        _open_or_closed,
        offered,
    ),
    _rule(
        "eyes",
        r"\b(?:never|do not|don't)\s+open\s+(?:your|the)\s+eyes\b",
        "`{}` leaves no choice, and some people feel safer with open eyes",
        _say("for example: `Your eyes can be open or closed.`"),
        either_way,
    ),
    _rule(
        "pain",
        r"\b(?:ignore|endure|bear|fight|(?:push|work|breathe|stay|go)\s+(?:through|with|past|into))\s+"
        r"(?:(?:any|all|the|your|this|that|some)\s+)?(?:pain|discomfort|ache|burning)\b",
        "`{}` sends people past what is good for them",
        _say("for example: `If anything hurts, change something, or stop.`"),
        negated,
    ),
    _rule(
        "surrender",
        r"\b(?:surrender(?:s|ed|ing)?|submit(?:s|ting)?|obey)\b"
        r"|\bgive in\b(?=\s*(?:$|[,.;!?]|(?:to(?! an? )|and|now|completely)\b))"
        r"|\bgive up (?:all |any |every |your )?(?:control|resistance)\b|\bgive yourself (?:up|over)\b",
        "`{}` takes the listener's power to choose away",
        _say("for example: `Let the floor hold as much of you as you like.`"),
        negated,
    ),
    _rule(
        "psoas",
        r"\b(?:feel|sense|notice|find|locate|touch)(?:ing|s)?\s+(?:(?:how|that|into|for|as|where|when)\s+)?"
        r"(?:\w+\s+){0,2}?(?:your|the|this|that|each|both)\s+(?:\w+\s+){0,2}?(?:ilio)?psoas\b",
        "`{}` asks for what most people cannot feel: the muscle lies too deep",
        _say("for example: `Notice where the floor supports you.`"),
        too_deep,
    ),
    _rule(
        "promise",
        r"\b(?:this|that|it|which|they|these|breathing|the \w+)(?:'ll|\s+will|\s+is going to|\s+are going to)\s+"
        r"(?:\w+ly\s+)?(?:(?:relax|calm|heal|soothe|cure)\b|(?:ease|relieve|lower|reduce|improve|fix|release)\s+"
        r"(?:(?:your|the|all|any)\s+)?(?:\w+\s+)?(?:pain|tension|stress|anxiety|pressure|rate|posture|back|neck|sleep"
        r"|nerves|muscles?|system|fears?|trauma|hips?|psoas)\b|(?:help|make) you\s+(?:to\s+)?"
        r"(?:relax|sleep|heal|recover|release|let go|feel|calm|calmer|sleepy|better)\b)",
        "`{}` promises what nobody can know",
        _may,
        negated,
    ),
    _rule(
        "promise",
        r"\b(?:cure[sd]?|curing|heal(?:s|ed|ing)?|therapeutic|detox(?:es|ify|ifies)?|guarantee[sd]?)\b"
        r"|\btreat(?:s|ed|ing|ment)?\s+(?:for\s+)?(?:your\s+|the\s+|any\s+)?(?:\w+\s+)?"
        r"(?:pain|back|anxiety|depression|trauma|insomnia|injur\w+|conditions?|symptoms?|illness|disease|arthritis"
        r"|sciatica|stress)\b"
        r"|\breleas(?:e|es|ed|ing)\s+(?:(?:your|the|any|old|stored|all)\s+)*"
        r"(?:trauma|toxins?|anxiety|depression|emotions?|fears?|memories)\b"
        r"|\bfix(?:es|ed|ing)?\s+your\s+(?:\w+\s+)?"
        r"(?:back|neck|posture|spine|hips?|shoulders?|pelvis|pain|body|alignment|knees?|breath|breathing)\b",
        "`{}` is a medical promise",
        _say(_PEOPLE_LIKE_IT),
        negated,
    ),
    _rule(
        "you-will-feel",
        r"\b(?:you|your\s+(?:\w+\s+)?\w+)(?:'ll|'re going to|\s+(?:will|should|must|are going to|is going to))\s+"
        r"(?:(?!not\b|never\b)\w+\s+)?(?:feel(?! free\b| like\b)|sense|experience"
        r"|(?:be|become|get|grow)\s+(?:\w+ly\s+)?"
        r"(?:relaxed|calm|calmer|sleepy|heavy|heavier|warm|warmer))\b",
        "`{}` says what to feel, and whoever feels otherwise seems to do it wrong",
        _may,
        conditional,
    ),
    _rule(
        "relax-now",
        r"\b(?:relax|let go|sleep)\s+now\b(?!\s+and then)|\b(?:now|just)\s+(?:relax|let go|sleep)\b(?! of\b)"
        r"|\b(?:relax|let go)\s+(?:completely|totally|deeply|fully|entirely|utterly|deeper|even more)\b"
        r"|\bdeeper and deeper\b",
        "`{}` is a command that few can follow",
        _instead("let go a little, if you like"),
        offered,
    ),
    _rule(
        "relax-now",
        rf"{_CLAUSE_BEGINS}(?P<words>(?:go|sink|drop|drift|fall|relax)\s+(?:even\s+)?deeper)\b",
        "`{}` is a command that few can follow",
        _instead("let go a little, if you like"),
        offered,
    ),
    _rule(
        "breath-hold",
        r"\bhold\s+(?:your|the|that|this)\s+breath\b",
        "`{}` can be unpleasant, and for some it is unsafe",
        _instead("let your breath come and go"),
        conditional_or_asked,
    ),
    _rule(
        "breath-hold",
        r"\b(?:breathe|breath|inhale|exhale|air)\b[^.!?]*?(?:, |\band )(?:then )?"
        r"(?P<words>hold)\b(?=\s*(?:$|[,.;!?]|(?:for|it|there)\b))",
        "`{}`: to hold the breath can be unpleasant, and for some it is unsafe",
        _say("leave the holding out: `Breathe in, and out, in your own time.`"),
        conditional,
    ),
    _rule(
        "must",
        r"(?P<words>(?:\b(?P<who>you|we)(?:\s+(?:really|just|always|now))?"
        r"(?:\s+will|'ll|\s+have(?= got)|'ve|\s+are|'re)?\s*)?"
        r"(?P<modal>\bmust|\bshould|\b(?:have|has|need|needs|ought|got|supposed) to|\bgotta|'d better|\bhad better)"
        r"(?P<nay>n't|\s+not)?\b)",
        "`{}` is a command",
        _could,
        no_command,
    ),
)
"""The first rule that fits some words is the one that is shown."""
