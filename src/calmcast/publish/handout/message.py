"""A few lines to paste into a message: what a class is, and how to listen to it."""

from collections.abc import Iterator
from typing import Literal

from calmcast.model.handout import Handout
from calmcast.publish.handout.strings import strings
from calmcast.publish.handout.weblinks import link
from calmcast.publish.handout.xmltext import line
from calmcast.publish.names import readable_name
from calmcast.publish.titles import spoken_length
from calmcast.text import cut_at_word

_LONGEST_NAME = 80


def message(handout: Handout, sent: Literal["one-file", "zip"] = "one-file") -> str:
    """Return the message that goes with a handout, in its language, ended by a line break.

    It leads to the handout's address; where that has none, it goes with what is `sent`.
    """
    return "\n".join(_lines(handout, sent)) + "\n"


def _lines(handout: Handout, sent: Literal["one-file", "zip"]) -> Iterator[str]:
    t = strings(handout.language, handout.strings)
    title = _name(handout.title) or _name(handout.name) or t("class")
    client, teacher = _name(handout.client), _name(handout.teacher)
    yield t("message-hello", client=client) if client else t("message-hello-all")
    tracks = t("tracks-in-all", n=len(handout.tracks), length=spoken_length(handout.samples))
    yield t("message-what", title=title, tracks=tracks)
    if handout.url:
        yield t("message-page")
        yield link(handout.url)
        yield t("message-keep")
    elif sent == "zip":
        yield t("message-zip", page=readable_name(t("open-me"), "Open me"))
    else:
        yield t("message-file")
    if handout.ways_out:
        yield t("message-out", out=t("come-back"))
    if teacher:
        yield teacher


def _name(text: str) -> str:
    return cut_at_word(line(text), _LONGEST_NAME)
