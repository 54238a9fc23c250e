from dataclasses import replace

import pytest

from calmcast.publish.handout.message import message
from tests.publish.handout.evening import NASTY, a_class, a_nasty_class

ENGLISH = """\
Hello Bo,
“Tuesday evening” is for you: 3 tracks, 35 min 30 s in all, to rest with.
Open this on your phone, lie down, and press play:
https://example.org/rests/tuesday/
There you can also keep it for when there is no network.
You can stop whenever you like: “Coming back early” brings you out gently.
Ada Moor
"""
GERMAN = """\
Hallo,
„Tuesday evening“ ist für dich, zum Ausruhen: 3 Übungen, zusammen 35 min 30 s.
Speichere die Datei, die dabei ist, und entpacke sie. Öffne darin „Hier starten“, leg dich hin und tippe auf Abspielen.
Du kannst aufhören, wann immer du magst: „Früher zurückkommen“ bringt dich sanft zurück.
"""


def test_a_message_says_what_it_is_and_how_to_listen() -> None:
    assert message(replace(a_class(), client="Bo")) == ENGLISH


def test_it_speaks_the_language_of_the_class_and_goes_with_what_is_sent() -> None:
    handout = replace(a_class(), language="de", url="", teacher="")
    assert message(handout, "zip") == GERMAN
    assert "Speichere die Datei, die dabei ist, öffne sie" in message(handout)
    own = replace(handout, ways_out=(), strings={"de": {"message-hello-all": "Ihr Lieben,"}})
    assert message(own).startswith("Ihr Lieben,\n")
    assert "zurück" not in message(own)
    assert "zum Ausruhen: 1 Übung, 10 min." in message(replace(handout, tracks=handout.tracks[:1]))


@pytest.mark.parametrize("written", NASTY, ids=range(len(NASTY)))
def test_whatever_people_write_it_stays_short_and_on_its_lines(written: str) -> None:
    handout = replace(a_nasty_class(written), client=written, url="")
    for sent in ("one-file", "zip"):
        text = message(handout, "zip" if sent == "zip" else "one-file")
        assert len(text) < 600
        assert 4 <= len(text.splitlines()) <= 5
        assert not {"\u202e", "\x1b", "\x00"} & set(text)
