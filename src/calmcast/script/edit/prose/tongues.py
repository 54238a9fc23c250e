"""In which language a text is, by its commonest words."""

import re

from calmcast.script.edit.prose.vocabulary import vocabulary

_COMMON = {
    "en": vocabulary("the and you your of to a in it is let with be for this that as on now from"),
    "de": vocabulary(
        "der die das und du dich dir dein deine ist nicht ein eine den dem in zu mit auf sich ich wie wenn jetzt lass",
        "wir uns wird werden kann darf von vom zum zur im aus bei bis für über unter nach noch nur alle alles dass",
        "deinen deinem deiner einen einem einer spüre hier hin es sie ganz mehr langsam atem atme augen lasse schließe",
    ),
    "fr": vocabulary(
        "le la les et vous te votre vos tu ton de des du un une est dans en que qui pour sur ne pas maintenant"
    ),
    "es": vocabulary("el la los las y tu tus de del un una es en que para por con se no lo su como ahora deja"),
    "it": vocabulary("il lo la gli le e tuo tua di del della un una è in che per con si non come ora lascia i"),
    "nl": vocabulary("de het een en je jouw van in is dat op te niet met voor zijn aan naar nu laat"),
    "pt": vocabulary("o a os as e seu sua de do da um uma é em que para por com se não no na como agora deixe"),
    "sv": vocabulary("och det att i en du din ditt är som på av med för inte den till nu låt"),
    "pl": vocabulary("i w na się nie że z do to jest twoje twój jak teraz oddech niech"),
}
"""The commonest words of some languages."""
_LETTERS = {"de": frozenset("äöüß"), "sv": frozenset("åäö"), "pl": frozenset("ąęłśżźćń")}
"""A word with one of these counts as a common one."""
NAMES = {
    "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "pt": "Portuguese",
    "sv": "Swedish", "pl": "Polish",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 20_000
_FEWEST = 4
"""Common words of a language that have to be there."""


def tongue(text: str) -> str:
    """Return the tag of the language that a text seems to be in; `en` where nothing else is plain."""
    words = [word.casefold() for word in _WORD.findall(text[:_LOOKED_AT])]
    counts = {tag: _count(words, tag) for tag in _COMMON}
    best = max(counts, key=lambda tag: counts[tag])
    return best if counts[best] >= _FEWEST and counts[best] > 1.5 * counts["en"] else "en"


def _count(words: list[str], tag: str) -> int:
    letters = _LETTERS.get(tag, frozenset[str]())
    return sum(word in _COMMON[tag] or not letters.isdisjoint(word) for word in words)
