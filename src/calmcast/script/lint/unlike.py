"""Words that do not look like English: a voice that has never met one says it by English rules, and often wrongly.

There is no dictionary behind this: English spelling has habits, and a word that breaks one is a loan word, a name or a
slip. Few English words end in -a, -i, -u or -us: those are listed. What breaks no habit (`adho`, `zazen`) passes
unseen.
"""

import re
from functools import lru_cache

SHORTEST = 4
"""Letters. Shorter words are too alike in all languages."""

_UNLIKE = re.compile(
    # pairs that English does not write inside a word
    r"aa|ii(?!n)|uu(?!m)|jj|kk(?!e)|qq|yy|q(?!u)|[cfgklmpqvwx]j|j[bcdfghjklmnpqrstvwxyz]|v[bcdfghjklmnpqrstwxz]|(?<![crln])kh(?!o|e)|[vz]h(?!o|e)|"
    r"bh(?!o|e)|(?<!a)dh(?!ea|e|o|a)|(?<=[b-df-hj-np-tv-z])gh(?!o|e|t)|[sz]r(?![eu])|tsu(?!i)|ksh(?!o|i|a|e)|[nm]sk(?!i)|"
    r"kty|shth|thn(?!i)|dny|dhy|jn|chch|tv|sht|phth|"
    # how a word does not begin
    r"^(?:b[dn]|cn|d[vnz]|fj|gd|h[lmrv]|k[jsv]|lh|m[lr]|n[gsz]|p[fn]|rh(?![yoeui])|s[bdjvz]|t[lmsz]|vl|vr|vy|xh|yl|z[bdhlmv])|"
    # how a word does not end
    r"[jvq]$|[hlv]d[hj]a$|(?:asana|[dn]dha|moris|inae|nae|[^fu]orum|arum|orsi|oides|[^g]oideus|iacus|atum|[dnrthc]ii)$"
)
_RARE_ENDINGS = (
    (
        r"[^e]a$",
        "agenda algebra alpha america aorta apnea arabica area arena armada aroma asia aura banana beta bra "
        "camera candela charisma china cinema coda cola coma comma cornea criteria data delta diaspora "
        "diploma drama dyslexia echinacea encyclopedia enigma era etcetera extra fauna fibula fiesta flora "
        "formula gala gamma gondola granola guava hyena hysteria idea inertia insomnia karma lambda lasagna "
        "lava lavender llama magenta magma magnolia malaria mama mania mantra marijuana mascara media mega "
        "melodrama memorabilia mesa meta militia mocha nausea nebula ninja nova omega opera orchestra paella "
        "pagoda pajama panda panorama papa papaya paprika pasta patella persona petunia phobia piazza pizza "
        "plasma plaza polenta polka propaganda pupa pyjama quota regalia regatta replica retina ricotta saga "
        "saliva salsa samba sauna scapula schema sepia siesta soda sofa spa spatula stamina stanza stigma "
        "tapioca tequila terracotta tiara tibia toga tortilla trauma trivia tuba tuna tundra ulna ultra "
        "umbrella utopia uvula vanilla vendetta veranda villa viola vista vodka yoga zebra",
    ),
    (
        r"[^aeiou]i$",
        "alibi alumni anti bikini broccoli confetti deli graffiti kiwi maxi midi mini multi omni origami "
        "pepperoni safari salami semi spaghetti taxi teri tsunami wifi wiki yeti zucchini",
    ),
    (
        r"[^aeoy]u$",
        "ecru emu flu guru haiku impromptu menu thru tofu tutu",
    ),
    (
        r"[^o]us$",
        "abacus apparatus bogus bonus cactus callus campus celsius census chorus circus cirrus citrus "
        "colossus consensus corpus crocus discus emus esophagus eucalyptus exodus fetus focus genius genus "
        "gurus hiatus hibiscus humus litmus locus lotus menus minus modulus mucus nucleus octopus opus "
        "papyrus platypus plexus plus prospectus radius ruckus rumpus sinus status stimulus surplus syllabus "
        "terminus thesaurus thus thymus uterus venus versus virus walrus",
    ),
)
"""Endings that few English words have, and those words."""
_NO_PLURALS = "alias atlas bias canvas christmas gas ideas overseas pancreas peas pleas seas teas whereas"
"""English words that end in -as."""

_ENDINGS = tuple((re.compile(ending), frozenset(words.split())) for ending, words in _RARE_ENDINGS)
_AS = frozenset(_NO_PLURALS.split())


@lru_cache(maxsize=1 << 14)
def unlike_english(word: str) -> bool:
    """Return whether a word looks as if English readers, and voices, had not met it.

    A word that begins with a capital may be a name: those end as they like.
    """
    plain = word.casefold().replace("é", "e").replace("ï", "i")
    if not plain.isascii():
        return True
    if len(plain) < SHORTEST:
        return False
    if _UNLIKE.search(plain):
        return True
    single = plain.removesuffix("s") if plain.endswith("as") and plain not in _AS else plain
    return word[:1].islower() and any(ending.search(single) and single not in known for ending, known in _ENDINGS)
