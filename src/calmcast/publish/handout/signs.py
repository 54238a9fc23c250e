"""What the signs on the card mean, and what beds and tones are called there, in the language of the class."""

from collections.abc import Mapping

from calmcast.model.sound import Bed
from calmcast.publish.handout.strings import Strings
from calmcast.publish.pictures.beds import Say, bed_name
from calmcast.publish.pictures.lettering import printable


def meanings(t: Strings) -> dict[str, str]:
    """Return what each sign means, as `legend.MEANINGS`."""
    return {
        "words": t("sign-words"),
        "silence": t("sign-silence"),
        "breath": t("sign-breath"),
        "tone": t("sign-tone"),
        "swell": t("tone-swell"),
        "tones": t("tone-tones"),
        "setup": t("sign-setup"),
        "bell": t("sign-bell"),
        "notice": t("sign-notice"),
        "check": t("sign-check"),
        "exit": t("sign-exit"),
        "bed": t("sign-bed"),
    }


def _beds(t: Strings) -> Mapping[str, str]:
    """Return what each bed that calmcast makes is called."""
    return {
        "rain": t("bed-rain"),
        "sea": t("bed-sea"),
        "stream": t("bed-stream"),
        "wind": t("bed-wind"),
        "night": t("bed-night"),
        "brown": t("bed-brown"),
        "pink": t("bed-pink"),
        "drone": t("bed-drone"),
        "pad": t("bed-pad"),
    }


def bed_named(t: Strings) -> Say:
    """Return what says in the card's language what a bed is: a file by its name."""

    def name(bed: Bed) -> str:
        made_of = bed.made_of
        if made_of is None or made_of.file or made_of.sound not in (beds := _beds(t)):
            return bed_name(bed)
        named = beds[made_of.sound]
        return t("bed-in-key", bed=named, key=printable(made_of.key)) if made_of.key else named

    return name


def bed_in(t: Strings) -> Say:
    """Return what says in the card's language what a bed is, and how loud where nobody speaks."""
    name = bed_named(t)

    def say(bed: Bed) -> str:
        named, level = name(bed), f"{abs(bed.level):g}".replace(".", t("decimal"))
        if bed.level < 0:
            return t("bed-under", bed=named, db=level)
        return t("bed-over", bed=named, db=level) if bed.level else t("bed-as-loud", bed=named)

    return say
