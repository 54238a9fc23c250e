"""Class plans and screenplays: what of them is heard, what are titles, and that nothing of them goes without a word."""

import pytest

from tests.script.edit.prose.reading import comments, left_out, read, said, titles

YIN = """\
YIN YOGA – TUESDAY 75 MIN

10:00-10:15 Arrival & Meditation
Come to a comfortable seat.
(pause)
Notice the breath.

10:15-10:20 Butterfly (5')
Bring the soles of the feet together.
5' hold

10:20-10:25 Dragon R
Step the right foot forward.
"""
SCREENPLAY = """\
"STILL WATER" - A GUIDED REST

FADE IN:

1 EXT. LAKE - DAWN

Mist over the water. A wooden jetty.

          NARRATOR (V.O.)
     Lie down, as you like.

                (pause)

     Let the ground carry you.

ANNA (40s, calm) rings a bell.

          ANNA (CONT'D)
     (softly)
     You have all the time in the world.

FADE TO BLACK.
"""


def test_times_from_and_to_are_those_of_parts_whose_titles_are_not_spoken() -> None:
    prose = read(YIN)
    assert titles(prose) == ["Arrival & Meditation", "Butterfly", "Dragon R"]
    assert said(prose) == [
        "Come to a comfortable seat.", "Notice the breath.", "Bring the soles of the feet together.",
        "Step the right foot forward.",
    ]  # fmt: skip
    assert left_out(prose)["a time stamp"] == "10:00 / 10:15 / 10:20"
    assert [remark.text for remark in prose.findings.unsure] == ["(pause): 6 s", "5' hold: 180 s"]


def test_minutes_of_a_plan_are_told_and_its_parts_without_words_too() -> None:
    prose = read("Slow flow\n\n0-5 min: arrival\n5-10 min: sun salutations x5\n10-20 min: floor\n\nLie down. Rest.\n")
    assert (titles(prose), said(prose)) == (["floor"], ["Lie down.", "Rest."])
    assert left_out(prose) == {
        "a time stamp": "0-5 min / 5-10 min / 10-20 min",
        "a heading without words": "arrival / sun salutations x5",
    }


def test_minutes_before_a_dash_behind_a_picture() -> None:
    prose = read(
        "Yin\n\n⏰ 5 mins – Centering\nFind a seat.\n\n⏰ 10 mins – Legs up the wall\nScoot your hips close.\n"
    )
    assert titles(prose) == ["Centering", "Legs up the wall"]
    assert said(prose) == ["Find a seat.", "Scoot your hips close."]
    assert left_out(prose) == {"a time stamp": "5 mins / 10 mins"}


def test_a_plan_before_the_text_that_is_read_aloud() -> None:
    text = "Lege dich bequem auf den Rücken. Spüre deine Füße. Lass den Boden dich tragen. Atme tief ein und aus.\n"
    prose = read(f"18:00 – 18:10 Asanas\n18:10 – 18:20 Endentspannung\n\nEndentspannung (Text zum Vorlesen)\n\n{text}")
    assert said(prose)[0] == "Lege dich bequem auf den Rücken."
    assert left_out(prose)["before the script"] == "Endentspannung"


def test_a_few_words_with_a_time_over_words_without_one_are_a_title() -> None:
    prose = read("0:00 Welcome\nHello, and welcome.\n1:30 Feet\nFeel your feet.\n3:00 Close\nCome back.\n")
    assert titles(prose) == ["Welcome", "Feet", "Close"]
    assert said(prose) == ["Hello, and welcome.", "Feel your feet.", "Come back."]


def test_in_a_transcript_all_of_it_is_said() -> None:
    prose = read("[00:01 - 00:04] Welcome to this rest\n[00:04 - 00:09] Find a place\n[00:17 - 00:22] And let go\n")
    assert " ".join(said(prose)) == "Welcome to this rest. Find a place. And let go."


def test_times_that_count_down_are_no_pauses() -> None:
    prose = read("3:00\nLie down.\n2:00\nBreathe in, and breathe out.\n1:00\nRest.\n")
    assert said(prose) == ["Lie down.", "Breathe in, and breathe out.", "Rest."]
    assert left_out(prose) == {"a time stamp": "3:00 / 2:00 / 1:00"}


@pytest.mark.parametrize(
    ("line", "title", "aim"),
    [
        ("Drache rechts 4'", "Drache rechts", "4'"),
        ("Savasana 10 min", "Savasana", "10 min"),
        ("Yoga Nidra 30min", "Yoga Nidra", "30min"),
        ("Cool down – legs (15 mins)", "Cool down – legs", "15 mins"),
        ("2. Ankommen, 5 Min.", "Ankommen", "5 Min."),
        ("Wahrnehmung ca. 5'", "Wahrnehmung", "ca. 5'"),
        ("Entspannung; 10'", "Entspannung", "10'"),
        ("Cool down 10:40-10:50", "Cool down", "10:40-10:50"),
        ("Ausklang, 18.50 – 19.00 Uhr", "Ausklang", "18.50 – 19.00 Uhr"),
        ("Forward Fold (Uttanasana)", "Forward Fold (Uttanasana)", ""),
    ],
)
def test_titles_of_poses(line: str, title: str, aim: str) -> None:
    prose = read(f"Stand tall, and feel your feet.\n\n{line}\nLet your head be heavy.\n\nStay for a while.\n")
    assert titles(prose)[1:] == [title]
    assert said(prose)[1:] == ["Let your head be heavy.", "Stay for a while."]
    assert left_out(prose) == ({"how long a part is meant to last": aim} if aim else {})


@pytest.mark.parametrize(
    "lines",
    [
        "Hold the pose for 5 minutes", "Stay here for another 3 min", "Rest 2 min", "INHALE... 2, 3, 4", "EXHALE",
        "Breathe in – 2 – 3 – 4", "Atme ein - 2 - 3 - 4",
        "OM SHANTI SHANTI",
        "Soften the jaw.\nLET GO\nSoften the belly.\nLET GO",
    ],
)  # fmt: skip
def test_what_is_said_to_a_listener_is_no_title(lines: str) -> None:
    prose = read(f"Lie down, as you like it.\n\n{lines}\n\nBe here for a while.\n")
    spoken = [word.strip(".…,") for line in said(prose)[1:-1] for word in line.split()]
    assert spoken == [word.strip(".…,") for word in lines.split()]


def test_names_of_steps_are_lines_of_their_own() -> None:
    prose = read(
        "Take your time.\n\n1. Hands\nMake two fists.\n2. Arms\nBend your elbows.\n3. Face\nLet go.\n\nRest.\n"
    )
    assert said(prose)[1:-1] == ["Hands.", "Make two fists.", "Arms.", "Bend your elbows.", "Face.", "Let go."]


def test_a_number_before_lines_is_not_spoken() -> None:
    prose = read("Sit down first.\n\n2. Roll the shoulders, slowly\nShoulders up.\nShoulders down.\n\nRest.\n")
    assert said(prose)[1:4] == ["Roll the shoulders, slowly.", "Shoulders up.", "Shoulders down."]


def test_what_a_teacher_writes_to_herself_is_not_spoken() -> None:
    prose = read(
        "Lie down, as you like.\n\n[Teacher: wait until all are settled]\n\nNOTE TO SELF: slow down!\n\n"
        "!!! Mara: no headstand !!!\n\nRest for a while.\n\nLG\nPetra\n"
    )
    assert said(prose) == ["Lie down, as you like.", "Rest for a while."]
    assert comments(prose) == ["[Teacher: wait until all are settled]", "!!! Mara: no headstand !!!"]
    assert left_out(prose) == {"a field": "NOTE TO SELF: slow down!", "what is said around the text": "LG / Petra"}


def test_german_plans() -> None:
    prose = read(
        "Stundenbild Yin 90 Min.\n\nThema: Loslassen\nMaterial: Decke, Bolster\n\nSpür deinen Atem. Lass dich tragen."
        "\n\n(Klangschale)\n\nBleib noch eine Weile.\n\n3 Atemzüge bleiben\n\nKomm langsam zurück.\n"
    )
    assert said(prose) == [
        "Spür deinen Atem.", "Lass dich tragen.", "Bleib noch eine Weile.", "Komm langsam zurück.",
    ]  # fmt: skip
    assert left_out(prose)["a field at the head"] == "Thema: Loslassen / Material: Decke, Bolster"
    assert [remark.text for remark in prose.findings.unsure] == ["3 Atemzüge bleiben: 24 s"]


def test_a_table_with_tabs_says_one_column() -> None:
    prose = read(
        "Time\tPose\tCue\n0:00\tEasy seat\tSit tall, lower your gaze.\n3:00\tCat\tInhale to arch, exhale to round.\n"
    )
    assert said(prose) == ["Sit tall, lower your gaze.", "Inhale to arch, exhale to round."]
    assert left_out(prose)["beside what is said, in a table"] == "0:00 / Easy seat / 3:00 / Cat"


def test_of_a_screenplay_only_what_stands_below_names_is_said() -> None:
    prose = read(SCREENPLAY)
    assert said(prose) == [
        "Lie down, as you like.", "Let the ground carry you.", "You have all the time in the world.",
    ]  # fmt: skip
    assert comments(prose) == [
        "Mist over the water. A wooden jetty.", "ANNA (40s, calm) rings a bell.", "(softly)",
    ]  # fmt: skip
    assert left_out(prose) == {
        "a direction": "FADE IN: / 1 EXT. LAKE - DAWN / FADE TO BLACK.",
        "who speaks": "NARRATOR (V.O.) / ANNA (CONT'D)",
    }
    assert prose.title == "Still water - a guided rest"


def test_a_text_with_one_scene_and_few_words_below_names_is_no_screenplay() -> None:
    prose = read(
        "FADE IN\n\nLie down, and let the floor carry all of your weight.\n\nMARA\nRest.\n\nJONA\nBe.\n\n"
        "Stay for a while, and let each breath come and go in its own time.\n"
    )
    assert "Lie down, and let the floor carry all of your weight." in said(prose)


def test_rows_that_all_end_sentences_are_lines_and_a_direction_after_them_is_one() -> None:
    prose = read(
        "Right hand thumb, index finger, middle finger.\nLeft hand thumb, index finger, middle finger.\n"
        "The practice of Yoga Nidra is now complete.\nMusic fades out\n"
    )
    assert said(prose)[-1] == "The practice of Yoga Nidra is now complete."
    assert comments(prose) == ["Music fades out"]
