"""The warnings that a check can give, by code: what `allow` can silence."""

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType({
    # the words
    "must": "a command: must, should, have to, need to",
    "stillness": "the listener is told not to move",
    "eyes": "closed eyes are asked for, and open eyes are not offered",
    "surrender": "surrender, submit, give in: words that take the listener's power away",
    "psoas": "the psoas is said to be felt; it lies too deep for most people",
    "promise": "a medical promise: cure, heal, treat, release trauma, `this will relax you`",
    "you-will-feel": "the listener is told what to feel",
    "relax-now": "a command to relax, at once or ever deeper",
    "pain": "the listener is told to go on in spite of pain",
    "breath-hold": "the listener is told to hold the breath",
    "long-line": "a line of more than 18 words",
    "spoken-step": "a line that looks like a step which lost its colon",
    # how they will be said
    "address": "a web or mail address, which a voice spells out",
    "digits": "a number in digits, which voices read in different ways",
    "sign": "a sign or an emoji among the words",
    "capitals": "a word in capitals, which a voice may spell out",
    "unknown-word": "a word unlike English, which a voice may say wrongly",
    "not-recorded": "a line that the script's own voice has not read, so that another speaks it",
    "stale-recording": "a line that was changed after it was read",
    "doubtful-recording": "a line whose recording nobody has listened to, and that may be another",
    "other-language": "the voice speaks another language than the script is written in",
    "unknown-sign": "a sign in a lexicon's phonemes that its alphabet does not have",
    # how they will sound
    "loud-bed": "a bed that under words is less than 12 dB softer than they are",
    "lost-bed": "a segment with a bed of its own is used as a step of another, and its bed is not heard there",
    "far-level": "levels that add up to words more than 20 dB softer, or more than 6 dB louder, than the voice",
    "many-bells": "a bell more often than every 30 seconds",
    "moved-bell": "a bell by the clock that rings more than five seconds from its time in a track, or not at all",
    # the whole
    "missing-exit": "nothing has `role: exit` (or `role: sleep`): no way out is spoken",
    "no-way-out": "a class has a track of this script, and no track that only brings one out (`way-out`, `role: exit`)",
    "missing-notice": "long rests, and nothing has `role: notice`: no word about feelings that may come",
    "kept-inside-optional": "a `keep` part inside one that comes and goes, which may be dropped with it",
    "open-pair": "a line that some length has without the one that undoes it: hold and release, left and right",
    "silent-breath": "a `breathe` in which nothing is said, and without a tone",
    "unannounced-silence": "a silence of a minute or more that the line before it does not announce, and without a bed",
    "no-check": "more than four minutes of a track without a comfort check (`role: check`), before the exit or sleep",
    "late-check": "a comfort check in the last third of a track that ends in sleep (`role: sleep`)",
    "silence-share": "a track of a script that sets one up to rest, with far less or far more silence than is usual",
    "hurried-setup": "a `role: setup` with far less silence than what it asks for takes, in a track of this length",
    "no-such-length": "a track of this length cannot be made of the script",
    "untranslated": "words that are still in the language they were copied from",
    "unused-option": "an option that no `when` and no `{...}` uses",
    "no-rest": "nothing that can take up a longer length",
    "long-title": "a chapter's title of more than 30 characters",
    "own-length": "the script cannot last as long as its `length` says, or cannot be at any length",
    "safety-segment": "a version leaves out a part that is there for safety",
    "nothing-to-drop": "a version drops a segment that is not there",
    "unknown-code": "an `allow` for a warning that does not exist",
})  # fmt: skip
"""Each warning's code and what it stands for."""
