"""Silences in every form that people write, headings, and times that are neither."""

import pytest

from tests.script.edit.prose.reading import paragraphs, read, shown

PAUSES: dict[str, tuple[str, list[str | int]]] = {
    "brackets": ("One. [pause 5s] Two. [pause:3s] Three. [PAUSE:5]", ["One.", 5, "Two.", 3, "Three.", 5]),
    "braces": ("One. {pause:1000} Two. {pause 4s} Three.", ["One.", 1, "Two.", 4, "Three."]),
    "words": ("One. (Pause for half a minute.) Two. [a moment of silence]", ["One.", 30, "Two.", 5]),
    "ornaments": ("One. *pause* Two. -- pause 9s -- Three. — long pause — Four.",
                  ["One.", 6, "Two.", 9, "Three.", 20, "Four."]),
    "speech synthesis": ('One. <break time="1500ms"/> Two. <silence msec="400"/> Three. [[slnc 2500]] Four.',
                         ["One.", 2, "Two.", 1, "Three.", 3, "Four."]),
    "no break": ('One <break strength="none"/>two.', ["One two."]),
    "after slashes": ("One. /2s Two, /3s and three. /1.5m Four.", ["One.", 2, "Two,", 3, "and three.", 90, "Four."]),
    "after semicolons": ("One;4\nTwo;12\nThree;1.5s\n", ["One", 4, "Two", 12, "Three", 2]),
    "mixed numbers": ("One. [pause 2 1/2 min] Two. (pause 1 m 15 s) Three. [pause 0,5 s]",
                      ["One.", 150, "Two.", 75, "Three.", 1]),
    "ranges": ("One. [pause 5-10 seconds] Two. [pause, 2 to 3 min]", ["One.", 5, "Two.", 120]),
    "breaths": ("One. [inhale] Two. [deep breath] Three. [pause for 3 breaths]", ["One.", 4, "Two.", 4, "Three.", 24]),
    "breaths of several": ("One. (inhale, exhale) Two. [breath x3] Three.", ["One.", 8, "Two.", 12, "Three."]),
    "two brackets": ("One. ((pause 3s)) Two. [Pause (5 s)] Three. [p] Four.",
                     ["One.", 3, "Two.", 5, "Three.", 6, "Four."]),
    "a synthesiser's other commands": ("One. [[rate 120]] Two. [[pbas 40]]", ["One.", "Two."]),
    "a bell in a line": ("One.\n\nRing the bell.\n\nTwo.\n\nThe gong sounds.", ["One.", "bell", "Two.", "bell"]),
    "a long direction is no pause": ("One. [Speak slowly and pause after each line] Two.",
                                     ["One.", "# [Speak slowly and pause after each line]", "Two."]),
    "times in ornaments": ("One. --5s-- Two. ||10 sec|| Three.",
                           ["One.", "# --5s--", "Two.", "# ||10 sec||", "Three."]),
    "an item": ("- One.\n- Pause 7 seconds.\n- Two.\n- (pause)\n- Three.", ["One.", 7, "Two.", 6, "Three."]),
    "a sentence": ("One. Pause 5 seconds. Two.", ["One.", 5, "Two."]),
    "a line": ("One.\nPause for a few seconds.\nTwo.", ["One.", 3, "Two."]),
    "dots": ("One... two… Three ... pause ... four.", ["One", 2, "two.", 4, "Three", 2, 6, 2, "four."]),
    "the own notation": ("One, [2s] two.", ["One,", 2, "two."]),
    "alone in its line": ("One.\n\n[45 seconds]\n\nTwo.\n\n(1:30)\n\nThree.", ["One.", 45, "Two.", 90, "Three."]),
    "long, and said to be": ("One. [silence, 10 minutes] Two.", ["One.", 600, "Two."]),
    "a bell": ("[bell] One. (ring the bell) Two. {gong}", ["bell", "One.", "bell", "Two.", "bell"]),
    "in emphasis": ("One. *[wait 9s]* Two. **[pause 8s]**\n\nThree. __(pause 7 s)__ Four. *(softly)* Five.",
                    ["One.", 9, "Two.", 8, "Three.", 7, "Four.", "# (softly)", "Five."]),
    "in emphasis of a page": ("<html><body><p>One. <i>wait 9 s</i></p><p>Two.<b> Pause 8s </b>Feel the "
                              "<em>silence</em>.</p><p>Three. <em>[wait 7s]</em></p>"
                              "<p>Four. <span>wait 6s</span></p></body></html>",
                              ["One.", 9, "Two.", 8, "Feel the silence.", "Three.", 7, "Four.", 6]),
    "in capitals, after a word": ("# Rest\n\nBack. PAUSE 10\n\nLie down.\n\nHIPS. PAUSE 9\n\nRest here.\n\n"
                                  "**Feet. Pause 8**\n\nGo.",
                                  ["Back.", 10, "Lie down.", "HIPS.", 9, "Rest here.", "Feet.", 8, "Go."]),
    "in capitals, without a stop": ("Lie down PAUSE 10\n\nFeet: PAUSE 9 seconds. Rest PAUSE: 8 s.\n\nGo.",
                                    ["Lie down", 10, "Feet:", 9, "Rest", 8, "Go."]),
    "no pause without a pause word": ("One (5 minutes) two. Three. [20 seconds] Four.",
                                      ["# (5 minutes)", "One two.", "Three.", "# [20 seconds]", "Four."]),
}  # fmt: skip


@pytest.mark.parametrize("kind", PAUSES)
def test_pauses(kind: str) -> None:
    text, expected = PAUSES[kind]
    assert shown(text) == expected


def test_a_pause_that_nobody_measured_is_three_minutes_at_most_and_told() -> None:
    prose = read("One.\n\n(20 minutes)\n\nTwo. [pause 900]\n\nThree.")
    assert paragraphs(prose) == [["One.", 180], ["Two.", 1], ["Three."]]
    assert {each.why for each in prose.findings.unsure} == {
        "a time alone in its line, without a pause word",
        "a number without a unit",
    }


HEADINGS: dict[str, tuple[str, str, list[str]]] = {
    "a title with its length": ("LEGS UP (12 MINUTES)\n\nLie down.\n\nRest.\n\nBe.", "Legs up", ["Lie down"]),
    "parts with their lengths": (
        "Arrive (2-3 minutes):\nLie down.\nSettle.\n\nLeave (1 min):\nGet up.", "", ["Arrive", "Leave"]),
    "a length under a heading": ("# Rest\n\n## Arrive\n\n(3 minutes)\n\nLie down.", "Rest", ["Arrive"]),
    "dashes": ("# Rest\n\n## Arrive — about 5 min\n\nLie down.\n\n## Leave [1 min]\n\nGo.", "Rest",
               ["Arrive", "Leave"]),
    "colons and slashes": ("## Arrive: 5 minutes\nLie down.\n## Leave / 1 min\nGo.", "", ["Arrive", "Leave"]),
    "roman numbers": ("I. ARRIVING\n\nLie down.\n\nII. LEAVING\n\nGo.", "", ["Arriving", "Leaving"]),
    "numbers without an empty line": ("1) Arriving:\nLie down.\n2) Leaving:\nGo.", "", ["Arriving", "Leaving"]),
    "numbers": ("1. Arriving\n\nLie down, slowly.\n\n2. Resting\n\nRest here.", "", ["Arriving", "Resting"]),
    "parts": ("Part One: Arriving\n\nLie down, slowly.\n\nPart Two: Resting\n\nRest here.", "",
              ["Part One: Arriving", "Part Two: Resting"]),
    "capitals": ("QUIET EVENING\nBY MARA LIND\n\nSETTLING DOWN\n\nLie down.\n\nLEAVING\n\nGo.", "Quiet evening",
                 ["Settling down", "Leaving"]),
    "bold": ("**Quiet evening**\n\n**Settling** (2 min)\n\nLie down.\n\n__Leaving:__\n\nGo.", "Quiet evening",
             ["Settling", "Leaving"]),
    "title case": ("Quiet Evening\n\nThe Long Breath\n\nLie down and rest.\n\nOpening\n\nGo on, slowly.",
                   "Quiet Evening", ["The Long Breath", "Opening"]),
    "underlines": ("Quiet evening\n=============\n\nSettling\n--------\n\nLie down.", "Quiet evening", ["Settling"]),
    "a typesetter's": ("\\title{Quiet evening}\n\\section*{Settling}\nLie down.", "Quiet evening", ["Settling"]),
    "none": ("lie down on the floor\n\nRest.", "", ["lie down on the floor"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADINGS)
def test_headings(kind: str) -> None:
    text, title, chapters = HEADINGS[kind]
    prose = read(text)
    assert prose.title == title
    assert [passage.title for passage in prose.passages] == chapters
    assert not any(isinstance(each, int) and each >= 60 for each in shown(text))


def test_numbered_lines_are_no_headings() -> None:
    assert shown("1. Lie down\n\n2. Rest\n\n3. Get up\n") == ["Lie down.", "Rest.", "Get up."]
    assert shown("1. Lie down.\n2. Rest.\n") == ["Lie down.", "Rest."]
