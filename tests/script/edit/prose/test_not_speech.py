"""What was never meant to be heard is not spoken, whatever form it has, and somebody is told of it."""

import re
from pathlib import Path

import pytest

from calmcast.model.steps import Line, walk
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library
from tests.script.edit.prose.reading import read, shown, spoken

SAID = ["Settle onto the floor.", "Let your hips be wide.", "Open your eyes when you like."]
WORDS = "\n\n".join(SAID)

AROUND = {
    "front matter": f"---\ntitle: A wide rest\nmusic: [piano]\n# draft\nsteps:\n  - one\n---\n{WORDS}\n",
    "front matter of another sort": f"+++\ntitle = 'A wide rest'\n+++\n\n{WORDS}",
    "fields at the head": f"# A wide rest\n\n**Duration:** 12 min\n**Level:** all\n**Props:** a blanket\n\n{WORDS}",
    "fields under a plain title": f"A wide rest\nBy Mara Lind\nTotal time - 15 minutes\nFloor: yes\n\n{WORDS}",
    "fields at the end": f"A wide rest\n\n{WORDS}\n\nDuration: 12 minutes\nKeywords: rest, hips",
    "a title among fields": f"Title: A wide rest\nAuthor: Mara Lind\nMusic: none\n\n{WORDS}",
    "what is needed, as a list": f"# A wide rest\n\nYou will need:\n\n- a blanket\n- a pillow\n\n{WORDS}",
    "notes after the last rule": f"# A wide rest\n\n{WORDS}\n\n---\n\nRecord this script slowly, with soft music.\n",
    "notes under a heading": f"# A wide rest\n\n{WORDS}\n\n## Notes for the reader\n\nTake your time.\n\nSmile.",
    "a heading in bold": f"# A wide rest\n\n{WORDS}\n\n**Recording Notes:**\n- Total duration: 10 minutes\n- Softly!\n",
    "how to use it, first": f"# A wide rest\n\n## How to use this\n\nRead it slowly.\n\n## Script\n\n{WORDS}",
    "credits as a plain line": f"A wide rest\n\n{WORDS}\n\nCredits\n\nThanks to Mara for her kind help.",
    "a table": f"# A wide rest\n\n| When | What |\n|---|---|\n| 0:00 | settle |\n\n{WORDS}",
    "code": f"# A wide rest\n\n```python\nprint('rest')\n```\n\n{WORDS}",
    "comments of all sorts": f"# A wide rest\n\n<!-- slower\nhere -->\n\n[//]: # (and here)\n\n%% hidden %%\n\n{WORDS}",
    "a typesetter's commands": f"\\documentclass{{article}}\n\\title{{A wide rest}}\n\\newpage\n{WORDS}\n\n\\end{{x}}",
    "the feet of pages": f"A wide rest\n\n{WORDS}\n\n- 2 -\n\nPage 2 of 2\n\n(c) 2021 Mara. All rights reserved.\n",
    "an address and a licence": f"A wide rest\n\n{WORDS}\n\nwww.example.org\n\nLicensed under CC BY 4.0\n",
    "who wrote it, under the title": f"A wide rest\nby Mara Lind\n\n{WORDS}",
    "who wrote it, in brackets": f"A wide rest\n(by Mara Lind)\n\n{WORDS}",
    "who wrote it, in German": f"A wide rest\nvon Petra Müller\n\n{WORDS}",
    "who wrote it, among lines": "\n".join(("A wide rest", "by Mara Lind", *SAID)),
    "who wrote it, under a heading": "\n".join(("# A wide rest", "by Mara Lind", *SAID)),
    "where it comes from": f"A wide rest\n\n{WORDS}\n\nAdapted from a talk by Mara Lind\n\n#rest #hips #floor\n",
    "what a chat program says": f"Of course! Here's a relaxation script for your class:\n\n# A wide rest\n\n{WORDS}\n\n"
    "Would you like me to make it longer?",
    "notes in one paragraph": f"A wide rest\n\n{WORDS}\n\nNotes:\nSpeak low.\nSmile.\n\nVariations: on a chair.",
    "who wrote it, after a rule": f"A wide rest\n\n{WORDS}\n\n* * *\n\nMara Lind is a yoga teacher in Leeds.",
    "the feet of pages, in a row": f"A wide rest\n\n{WORDS}\n\n-- 1 of 2 --\n\nA wide rest    Page 2 of 2    Mara Lind",
    "a letter": f"Hi Tom,\n\nHere is the rest script:\n\nA wide rest\n\n{WORDS}\n\nBest,\nMara\n\nSent from my phone",
    "a length without a colon": f"A wide rest\n\nApprox. 12 minutes | Beginners\n\n{WORDS}\n\nDuration about 12 min",
    "a play": f"A WIDE REST: ON THE FLOOR\nWritten by: Mara\nNarrator: female\n\n{WORDS}\n\nEND OF SCRIPT",
    "references": f"A wide rest\n\n{WORDS}\n\nReferences:\n1. Lind, M. (2019). Rest. Vol. 3.\n2. Doe, J. Sleep.",
    "a footnote and a link": f"# A wide rest\n\n{WORDS}\n\n[^1]: So they say.\n\n[Back to top](#top)\n",
    "a mark of its end": f"A wide rest\n\n{WORDS}\n\n*** END ***\n",
    "what a chat adds": "A wide rest\n\nMessages and calls are end-to-end encrypted. Only you can read them.\n\n"
    f"{WORDS}\n\n\u200eimage omitted\n\nThis message was deleted",
    "captions and footnotes": f"A wide rest\n\n{WORDS}\n\n1 See p. 44.\n\nFigure 4.4: A wide rest on a chair.",
    "the heads of pages": f"On Rest      Chapter 4\n\n# A wide rest\n\n{SAID[0]}\n\n41\n"
    f"On Rest      Chapter 4\n\n{SAID[1]}\n\n42\nOn Rest      Chapter 4\n\n{SAID[2]}\n\n43\n",
    "a source, in German": f"A wide rest\n\n{WORDS}\n\nQuelle: ein altes Buch\n\nNB: Karin hat Knie",
    "about itself, at the end": f"A wide rest\n\n{WORDS}\n\nThis script may be adapted by teachers.\n",
}


@pytest.mark.parametrize("kind", AROUND)
def test_around_the_words(kind: str) -> None:
    prose = read(AROUND[kind])
    assert spoken(AROUND[kind]) == SAID
    assert prose.title.casefold().startswith("a wide rest")
    assert prose.findings.left_out or prose.findings.unsure


def test_comments_of_a_word_processor_are_no_words() -> None:
    """As Word writes them into a page."""
    words = "".join(f"<p class=MsoNormal>{each}</p>\n" for each in SAID)
    noted = words.replace("floor.", 'floor. <a class=msocomanchor id="_anchor_1" href="#_msocom_1">[AM1]</a>')
    box = "<div><hr class=msocomoff><div class=msocomtxt><p class=MsoCommentText>[AM1] Slower here!</p></div></div>"
    assert shown(f"<html><body>{noted}{box}</body></html>") == [SAID[0], SAID[1], SAID[2]]


def test_a_refrain_is_no_head_of_a_page() -> None:
    assert spoken("Rest now.\n\nLie down.\n\nRest now.\n\nLet go.\n\nRest now.") == [
        "Rest now.", "Lie down.", "Rest now.", "Let go.", "Rest now.",
    ]  # fmt: skip


AMONG: dict[str, tuple[str, list[str | int]]] = {
    "labels": ("Narrator: Lie down.\n\nNARRATOR: Rest.\n\nNarrator: Be.\n", ["Lie down.", "Rest.", "Be."]),
    "labels in bold": ("**Mara:** Lie down.\n\n**Mara:** Rest.\n", ["Lie down.", "Rest."]),
    "two who speak": ("Mara: Lie down.\nMara: Rest.\nTom: And be.\n", ["Lie down.", "Rest.", "And be."]),
    "a label in a line of its own": ("SPEAKER 1:\nLie down.\n\nSPEAKER 1:\nRest.\n", ["Lie down.", "Rest."]),
    "a label and a manner": ("Teacher (softly): Lie down.\n\nRest.\n", ["# (softly)", "Lie down.", "Rest."]),
    "a bracketed paragraph": ("(Waves, far away)\n\nLie down.\n\nRest.", ["# (Waves, far away)", "Lie down.", "Rest."]),
    "an aside": ("(whispering) Lie down. Rest (if you like).", ["# (whispering)", "Lie down.", "Rest (if you like)."]),
    "an aside in the midst": ("Let your hips (softly) be wide.", ["# (softly)", "Let your hips be wide."]),
    "a direction in italics": ("*The music fades in.*\n\nLie down.", ["# The music fades in.", "Lie down."]),
    "a manner in italics": ("*Slowly* Lie down.", ["# *Slowly*", "Lie down."]),
    "quotes": (
        'Ask them to lie down.\n\n"Lie down."\n\n"Let it all rest now."\n\nWait 20 seconds.\n\n"Rest in this."',
        ["# Ask them to lie down.", "Lie down.", "Let it all rest now.", 20, "Rest in this."],
    ),
    "music, without brackets": (
        "0:00 Intro music\n0:10 Lie down.\n0:20 Rest.",
        ["# Intro music", "Lie down.", "Rest."],
    ),
    "quotes with a time behind": (
        '"Lie down." (30 sec)\n\n"Rest in this."',
        ["Lie down.", "# (30 sec)", "Rest in this."],
    ),
    "pauses with a colon": ("Lie down.\n\nPause: 10 seconds\n\nRest.\n\nPause: 5 s", ["Lie down.", 10, "Rest.", 5]),
    "a note to oneself": (
        "Lie down.\n\n# note to self: shorten\n\n{{comment: here}} Rest.",
        ["Lie down.", "# {{comment: here}}", "Rest."],
    ),
    "behind two slashes": ("Lie down. // softly\n\nRest. // And be.", ["Lie down.", "# // softly", "Rest.", "And be."]),
    "slides": ("Slide 1\nLie down.\n\nSlide 2\nRest.", ["Lie down.", "Rest."]),
    "a note": ("Lie down.\n\nNote: speak low.\n\nRest.", ["Lie down.", "Rest."]),
    "entities": (
        "Lie&nbsp;down &amp; rest. It&rsquo;s &amp;quot;fine&amp;quot;.",
        ["Lie down and rest.", 'It’s "fine".'],
    ),
    "escapes": ("1\\. Lie down\\.\n\nIt's fine \\- really\\.", ["Lie down.", "It's fine - really."]),
    "trailing backslashes": (
        "Lie down.\\\n\\\n_- Pause 9 s -_ \\\n\\\nRest.\\\nBe.\n",
        ["Lie down.", 9, "Rest.", "Be."],
    ),
    "ssml": (
        '<speak><p>Lie <prosody rate="slow">all the</prosody> way down.<break strength="strong"/> Rest.</p></speak>',
        ["Lie all the way down.", 2, "Rest."],
    ),
    "a page": (
        "<!DOCTYPE html><html><head><style>b{}</style></head><body><nav>Home</nav><h2>X</h2><p>Lie down.</p>"
        "<script>let x</script><p>Rest.</p><footer>Mara</footer></body></html>",
        ["Lie down.", "Rest."],
    ),
    "srt": (
        "1\n00:00:00,000 --> 00:00:02,000\nLie down on\n\n2\n00:00:02,100 --> 00:00:04,000\nyour <i>mat</i>.\n\n"
        "3\n00:00:12,000 --> 00:00:14,000\n{\\an8}Rest.\n",
        ["Lie down on your mat.", 8, "Rest."],
    ),
    "vtt": (
        "WEBVTT\nKind: captions\n\nNOTE soft\n\na1\n00:01.000 --> 00:02.000 line:0\n"
        "<v Mara>Lie down.\n\n00:02.500 --> 00:04.000\nRest.",
        ["Lie down.", "Rest."],
    ),
    "subtitles of several who speak": (
        "1\n00:00:00,000 --> 00:00:02,000\n-Lie down.\n–Rest.\n\n2\n00:00:02,100 --> 00:00:04,000\n♪ la la\nla ♪\n\n"
        "3\n00:00:04,100 --> 00:00:06,000\n<i>- Be.</i>\n\n4\n00:00:06,100 --> 00:00:08,000\n"
        "Subtitles by www.some.org\n",
        ["Lie down.", "Rest.", "Be."],
    ),
    "times and turns in a subtitle": (
        "WEBVTT\n\n00:01.000 --> 00:03.000\nLie <00:02.000><c>down</c> <00:02.500>now.\n\n"
        "00:03.100 --> 00:04.000\n>> ANNA: Rest.\n\n00:04.100 --> 00:05.000\n&gt;&gt; Be.\n",
        ["Lie down now.", "Rest.", "Be."],
    ),
    "music, by its sign": ("♪ soft piano ♪\n\nLie down.\n\n[♫ fades]\n\nRest.", ["Lie down.", "Rest."]),
    "lyrics": ("[00:12.00]Lie down.\n[00:19.50]Rest.\n", ["Lie down.", "Rest."]),
    "stamps": (
        "0:10 Lie down.\n\n[00:45] Rest.\n\n(1:20:00) Be.\n\n00:30 - 00:40 Go.",
        ["Lie down.", "Rest.", "Be.", "Go."],
    ),
    "a transcript": ("0:00\nlie down on\n0:03\nyour mat now\n0:07\nand rest\n", ["lie down on your mat now and rest"]),
    "a chat": ("[1/2/24, 10:15:01] Mara: Lie down. 🌿\n[1/2/24, 10:16:00] Mara: Rest.\n", ["Lie down.", "Rest."]),
    "another chat": ("12.01.24, 10:15 - Mara: Lie down.\n12.01.24, 10:16 - Mara: Rest.\n", ["Lie down.", "Rest."]),
    "a chat with strangers": (
        "[12/03/2024, 19:02:11] +49 170 1234567: Lie down.\n[12/03/2024, 19:03:11] ~ Anna 🌸: Rest. "
        "<This message was edited>\n[12/03/2024, 19:03:50] ~ Anna added Mara\n"
        "[12/03/2024, 19:04:11] Mara: Remember this: be.\n",
        ["Lie down.", "Rest.", "Remember this: be."],
    ),
    "a chat without names": (
        "1/2/24, 10:15 - Lie down.\n1/2/24, 10:16 - Remember: rest.",
        ["Lie down.", "Remember: rest."],
    ),
    "directions in German": (
        "Atme ruhig ein und aus. (3x wiederholen)\n\nSpüre den Boden. (leise) Ruhe. (andere Seite)",
        ["Atme ruhig ein und aus.", "# (3x wiederholen)", "Spüre den Boden.", "# (leise)", "Ruhe.", "# (andere Seite)"],
    ),
    "tasks": (
        "# Rest\n\n- [x] Soften the belly.\n- [ ] Soften the jaw.\n\n1. [X] Rest.\n2. [ ] Be.",
        ["Soften the belly.", "Soften the jaw.", "Rest.", "Be."],
    ),
    "what is crossed out": (
        "Lie ~~up~~ down.\n\n~~All of this.~~\n\nRest ~~ here ~~.",
        ["Lie down.", "Rest ~~ here ~~."],
    ),
    "a foot in the midst of a sentence": (
        "A wide rest\n\nLie down. Feel\n\nA wide rest | Page 1\n\nthe floor.\n\nA wide rest | Page 2\n\nRest.",
        ["Lie down.", "Feel the floor.", "Rest."],
    ),
    "a heading with a stamp": ("## [00:30] Settling\n\nLie down.\n\n## [02:00] Rest\n\nRest.", ["Lie down.", "Rest."]),
    "a screenplay": ("FADE IN:\n\nLie down.\n\nCUT TO:\n\nRest.\n\nFADE OUT.", ["Lie down.", "Rest."]),
    "stamps in bold headings": (
        "**[0:00 – 1:00] Arriving**\n\nLie down.\n\n**[1:00] Rest**\n\nRest.",
        ["Lie down.", "Rest."],
    ),
    "footnotes": ("Lie down.[1] Rest.[^2]\n\nBe.", ["Lie down.", "Rest.", "Be."]),
}


@pytest.mark.parametrize("kind", AMONG)
def test_among_the_words(kind: str) -> None:
    text, expected = AMONG[kind]
    assert shown(text) == expected


SPEECH = {
    "words before a colon": "Remember: nothing is asked of you.\n\nLie down.\n\nAnd this: rest.",
    "sections between rules": "Lie down.\n\n---\n\nFeel the floor beneath you.\n\n---\n\nCome back when you like.",
    "a bracket for the listener": "Lie down (or sit, if you like).\n\nRest.",
    "counts": "Inhale: 4 counts.\n\nHold: 4 counts.\n\nExhale: 6 counts.\n\nInhale: 4 counts.",
    "what begins as a byline does": "Lie down.\n\nBy now you are resting.\n\nWith each breath, soften.",
    "the hour": "10:30 is a good hour to rest.\n\nLie down.",
    "a short last line after a rule": "Lie down.\n\nLet your breath come and go as it likes.\n\n---\n\nRest.",
    "numbers": "Count from 5 to 1.\n\n5\n\n3\n\n1\n\nRest.",
    "thanks": "Lie down.\n\nRest here.\n\nThank you for listening.",
}


@pytest.mark.parametrize("kind", SPEECH)
def test_what_only_looks_so_is_spoken(kind: str) -> None:
    said = " ".join(spoken(SPEECH[kind])).replace(".", "").split()
    assert said == SPEECH[kind].replace("---", "").replace(".", "").split()


def test_what_was_left_out_is_told_with_its_rows_and_why() -> None:
    findings = read(
        "# Rest\n\nLie down. (softly) Rest. [pause]\n\nBe.\n\n---\n\n**Recording Notes:**\n- Volume: low\n"
    ).findings
    assert [(each.first, each.last, each.why) for each in findings.left_out] == [(9, 10, "a field")]
    assert [(each.first, each.text) for each in findings.unsure] == [(3, "(softly)"), (3, "[pause]: 6 s")]


def test_two_columns_are_told_of() -> None:
    left, right = [f"{each}{' ' * (40 - len(each))}" for each in SAID], ["Rest in this.", "Let it go.", "Come back."]
    (note,) = read("\n".join(map(str.__add__, left, right))).findings.notes
    assert note.startswith('perhaps two columns: "Settle onto the floor." and "Rest in this."')
    assert read("\n".join(f"{each}  Rest a while." for each in SAID)).findings.notes == ()
    assert read("\n".join(f"{each}      [pause 5 s]" for each in SAID)).findings.notes == ()


def test_most_of_a_text_is_never_taken_for_notes() -> None:
    text = "# Rest\n\nLie down.\n\n## Instructions\n\n" + "\n\n".join(["Let the floor hold you for a while."] * 5)
    assert len(spoken(text)) == 6
    assert len(spoken("```\n" + "\n\n".join(["Let the floor hold you."] * 5) + "\n```\n\nHello.")) == 6


def test_what_stands_before_a_heading_such_as_script_is_for_the_reader() -> None:
    text = (
        "Progressive Rest\n\nIntroduction\nThis takes ten minutes to read to a group.\n\n"
        "Script\nLie down, if you like to.\n\nHANDS\nMake a fist. (Pause) Let go.\n\nRevised 3/2019\n"
    )
    prose = read(text)
    assert prose.title == "Progressive Rest"
    assert spoken(text) == ["Lie down, if you like to.", "Make a fist.", "Let go."]
    assert [passage.title for passage in prose.passages] == ["Lie down", "Hands"]


SHIPPED = Library(Folder(Path(__file__).parents[4]))


@pytest.mark.parametrize("name", SHIPPED.folder.scripts())
@pytest.mark.parametrize("paragraph", [1, 5])
def test_no_word_of_the_scripts_that_ship_is_left_out(name: str, paragraph: int) -> None:
    script = SHIPPED.script(name).script
    assert script is not None
    steps = [step for segment in script.chapters for step in walk(segment.steps)]
    texts = list(dict.fromkeys(step.text for step in steps if isinstance(step, Line)))
    text = "\n\n".join(" ".join(texts[start : start + paragraph]) for start in range(0, len(texts), paragraph))
    assert re.findall(r"\w+", " ".join(spoken(text)).casefold()) == re.findall(r"\w+", text.casefold())
