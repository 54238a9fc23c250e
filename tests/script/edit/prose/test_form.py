"""The form of a text: lines, lists, placeholders, languages, capitals."""

import pytest

from calmcast.script.edit.prose.manuscript import Manuscript
from calmcast.script.edit.prose.opened import rows_of
from calmcast.script.edit.prose.pipeline import understood
from tests.script.edit.prose.reading import paragraphs, read, shown

LINES = {
    "a poem": ("The day is done,\nThe house is still,\nYour hands,\nYour feet,\nAt rest.\n",
               ["The day is done,", "The house is still,", "Your hands,", "Your feet,", "At rest."]),
    "lines without stops": ("let the day go\nlet the light go\n\nrest\n",
                            ["let the day go", "let the light go.", "rest"]),
    "a poem whose phrases go on": ("Let your body\nbe heavy\n\nlet it\nrest",
                                   ["Let your body be heavy.", "let it", "rest."]),
    "a phrase that was broken": ("Let **everything** be\nas it is.\nAnd rest.",
                                  ["Let everything be as it is.", "And rest."]),
    "wrapped prose": (
        "Let your whole body settle onto the floor now, and feel that the floor\nhas been holding it all along. "
        "There is nothing for you to do about\nit, and nowhere to be. Rest.",
        ["Let your whole body settle onto the floor now,",
         "and feel that the floor has been holding it all along.",
         "There is nothing for you to do about it, and nowhere to be.", "Rest."],
    ),
    "words divided where a row ends": (
        "With every exhala-\ntion let it sink, softer than be\u00ad\nfore. Breathe in- \nand out.",
        ["With every exhalation let it sink, softer than before.", "Breathe in-", "and out."],
    ),
    "numbers of footnotes": ("Your back has nothing to do.1 Let it rest. It is 2.5 wide.",
                             ["Your back has nothing to do.", "Let it rest.", "It is 2.5 wide."]),
    "German abbreviations": ("Dein Bauch wird weich, z. B. so. Und d. h. ruhig.",
                             ["Dein Bauch wird weich, z.B. so.", "Und d.h. ruhig."]),
    "bullets of a word processor": (
        "Feel:\n\n•\tHeels\no\tHips\n\uf0b7\tBack\n● Neck\n▪ Jaw\n→ Brow\n\n– Hands\n✓ Feet",
        ["Feel:", "Heels.", "Hips.", "Back.", "Neck.", "Jaw.", "Brow.", "Hands.", "Feet."]),
    "an item over two lines": ("- Let your heels\n  be heavy.\n- And your hips.",
                               ["Let your heels be heavy.", "And your hips."]),
    "numbers and letters": ("1. Heels.\n2) Hips.\n\na) Back.\nb) Neck.", ["Heels.", "Hips.", "Back.", "Neck."]),
    "capitals": ("LIE DOWN, IF YOU LIKE. I AM HERE.\n\nFEEL THE FLOOR BENEATH YOU. LET IT HOLD ALL OF YOU.",
                 ["Lie down, if you like.", "I am here.", "Feel the floor beneath you.", "Let it hold all of you."]),
    "signs that no voice says": ("Lie down 🌿 and rest.\u200b\n\nBe\u00a0here. ✨", ["Lie down and rest.", "Be here."]),
}  # fmt: skip


TABLES = {
    "Markdown": "# Rest\n\n| Time | Script | Pause |\n|---|---|---|\n| 0:00 | Lie down. | 15 sec |\n"
    "| 0:30 | Let your hands be heavy. | long pause |\n| 1:10 | Come back. | |\n",
    "tabs": "Time\tText\tPause\n0:00\tLie down.\t15 sec\n"
    "0:30\tLet your hands be heavy.\tlong pause\n1:10\tCome back.\t\n",
    "HTML": "<html><body><h2>Rest</h2><table><tr><th>Time</th><th>What I say</th><th>Pause</th></tr>\n"
    "<tr><td>0:00</td><td><p>Lie <b>down</b>.</p></td><td>15 sec</td></tr>\n"
    "<tr><td>0:30</td><td>Let your hands<br>be heavy.</td><td>long pause</td></tr>\n"
    "<tr><td>1:10</td><td>Come back.</td><td></td></tr></table></body></html>",
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_is_the_text_is_read_down_its_column(kind: str) -> None:
    assert shown(TABLES[kind]) == ["Lie down.", 15, "Let your hands be heavy.", 20, "Come back."]
    told = {remark.why for remark in read(TABLES[kind]).findings.left_out}
    assert told == {"a table", "beside what is said, in a table"}


@pytest.mark.parametrize("kind", LINES)
def test_lines(kind: str) -> None:
    text, expected = LINES[kind]
    assert shown(text) == expected


def test_a_list_is_one_paragraph_and_a_text_without_empty_lines_has_one_for_each_line() -> None:
    assert paragraphs(read("Feel:\n\n- Heels\n- Hips\n\nRest.")) == [["Feel:"], ["Heels.", "Hips."], ["Rest."]]
    assert paragraphs(read("One line here.\nAnother line.\nA third.\n")) == [
        ["One line here."],
        ["Another line."],
        ["A third."],
    ]


BLANKS = {
    "braces": ("Welcome, {name}.", ["name"]),
    "two braces": ("Welcome to {{studio name}}.", ["studio name"]),
    "brackets": ("Rest for [insert number] breaths, dear [name].", ["number", "name"]),
    "yours": ("I am [Your Name], from [the studio].", ["your name", "the studio"]),
    "angles": ("Welcome to <class name>, and rest.", ["class name"]),
    "a line": ("Welcome, ____, and rest.", ["blank"]),
    "percent": ("Welcome, %FIRST_NAME%.", ["first_name"]),
    "after a word that leads to it": ("This hour is for [Friday's group].", ["Friday's group"]),
    "round": ("Say it to (name), and rest.", ["name"]),
}


@pytest.mark.parametrize("kind", BLANKS)
def test_a_placeholder_is_asked_for_and_its_sentence_not_spoken_without_it(kind: str) -> None:
    text, names = BLANKS[kind]
    prose = read(f"Lie down.\n\n{text} Be still.\n")
    assert [blank.name for blank in prose.findings.blanks] == names
    assert {blank.row for blank in prose.findings.blanks} == {3}
    spoken, comment, after = [each for paragraph in paragraphs(prose) for each in paragraph]
    assert (spoken, after) == ("Lie down.", "Be still.")
    assert str(comment).startswith("# ")
    answers = {name: f"the {number}th" for number, name in enumerate(names)}
    filled = understood(Manuscript(rows_of(f"Lie down.\n\n{text}\n")), answers)
    assert filled.findings.blanks == ()
    assert all(f"the {number}th" in str(paragraphs(filled)[1]) for number in range(len(names)))


def test_what_is_no_placeholder() -> None:
    for text in ("Rest. [music]", "Rest. {pause}", "Rest. [2s]", "Rest. [1]", "[softly] Rest.", "Rest. (softly)"):
        assert read(f"Lie down.\n\n{text}\n").findings.blanks == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Leg dich auf den Rücken und lass den Boden dich tragen. Du musst jetzt nichts tun.", "de"),
        ("Allongez-vous sur le dos et laissez le sol vous porter. Vous n’avez rien à faire pour le moment.", "fr"),
        ("Túmbate en el suelo y deja que la tierra te sostenga. No hay nada que hacer por ahora.", "es"),
        ("Ga liggen op de grond en laat het lichaam rusten. Je hoeft niet te bewegen in dit uur.", "nl"),
        ("Lie down on the floor and let it hold you. There is nothing to do for a while.", "en"),
        ("Om.", "en"),
    ],
)
def test_a_language_is_noticed(text: str, language: str) -> None:
    prose = read(text)
    assert prose.language == language
    assert bool(prose.findings.notes) == (language != "en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Schließe die Augen. Atme ein. Atme aus. Spüre, wie schwer alles wird. Ruhe hier.", "de"),
        ("Lege dich hin. Der Atem fließt. Schultern werden müde, Hände werden schwer.", "de"),
        ("Blunda. Känn hur kroppen blir tung. Låt axlarna sjunka. Låt andningen bli långsam och mjuk.", "sv"),
        ("Sluit je ogen. Adem in en uit. Laat de schouders zakken. Voel hoe zwaar het lichaam is.", "nl"),
        ("Ferme les yeux. Respire. Sens le sol et les épaules. Laisse tout le corps se poser.", "fr"),
        ("Close your eyes. Breathe in. Breathe out. I am here, I am calm. Feel Frau Müller's über-soft mat.", "en"),
    ],
)
def test_a_short_text_is_known_by_its_language(text: str, language: str) -> None:
    assert read(text).language == language
