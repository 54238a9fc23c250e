"""Files as people have them: whatever encoding, Word documents, pages; and what is refused."""

import io
import time
import zipfile

import pytest

from calmcast.errors import ScriptError
from calmcast.script.edit.prose.manuscript import Row
from calmcast.script.edit.prose.opened import manuscript
from calmcast.script.edit.prose.tables import tables
from tests.script.edit.prose.documents import GOOGLE_DOCS, docx, paragraph, run, text_box

TEXT = "It’s okay to rest – really.\r\n\r\nÉlise is here, too: “yes.”\r\n"


def spoken(data: bytes) -> list[str]:
    return [row.text for row in manuscript(data, "a file").rows if row.may_be_spoken]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac-roman"]
)
def test_encodings(encoding: str) -> None:
    assert spoken(TEXT.encode(encoding)) == ["It’s okay to rest – really.", "Élise is here, too: “yes.”"]


def test_lines_that_only_a_carriage_return_ends_are_those_of_an_old_mac() -> None:
    assert spoken("You’re here.\r\rAnd that’s all.\r".encode("mac-roman")) == ["You’re here.", "And that’s all."]
    assert spoken("Ça va très bien, n’est-ce pas ?".encode("cp1252")) == ["Ça va très bien, n’est-ce pas ?"]


def test_what_another_program_mangled_is_mended() -> None:
    assert spoken("Itâ€™s fine â€“ and cafÃ©.".encode()) == ["It’s fine – and café."]


@pytest.mark.parametrize(
    ("data", "said", "hint"),
    [
        (b"{\\rtf1\\ansi Lie down.}", "rich text", ".docx"),
        (b"%PDF-1.7 ...", "PDF", "copy its words"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "old Word", ".docx"),
        (b"PK\x03\x04" + bytes(50), "packed", ".txt"),
        (b"ID3\x04" + bytes(50), "recording", "record import"),
        (b"\x89PNG\r\n" + bytes(9), "picture", ".txt"),
        (b"a\0b\0\0c", "no plain text", ".txt"),
        (b"x" * 500_001, "too long", "divide it"),
    ],
)
def test_what_is_refused_says_what_to_do(data: bytes, said: str, hint: str) -> None:
    with pytest.raises(ScriptError) as caught:
        manuscript(data, "mine")
    assert said in str(caught.value)
    assert hint in (caught.value.hint or "")


def test_a_word_document() -> None:
    data = docx(
        paragraph("The soft floor", style="Title"),
        paragraph("Arriving", style="berschrift1"),
        paragraph("Lie down ", run("now", "b"), run(" secretly", "vanish"), run(" soon", "strike"), " &amp; rest."),
        paragraph("Heels", style="ListBullet"),
        paragraph("Hands", item=True),
        paragraph(run("Closing", "b")),
        "<w:p><w:r><w:t>One</w:t><w:br/><w:t>two</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>",
        f"<w:tbl><w:tr><w:tc>{paragraph('a cell')}</w:tc></w:tr></w:tbl>",
        paragraph("More", style="Own"),
    )
    read = manuscript(data, "a.docx")
    assert read.counted_by == "paragraph"
    assert [(row.number, row.text) for row in read.rows if row.may_be_spoken] == [
        (1, "# The soft floor"), (2, "# Arriving"), (3, "Lie down now & rest."), (4, "- Heels"), (5, "- Hands"),
        (6, "**Closing**"), (7, "One"), (7, "two"), (9, "## More"),
    ]  # fmt: skip
    assert [(row.text.strip(), row.why) for row in read.rows if row.why] == [
        ("secretly", "hidden text"),
        ("soon", "crossed out"),
        ("a cell", "a table"),
    ]


def _refers(kind: str) -> str:
    return f'<w:r><w:{kind}Reference w:id="1"/></w:r>'


def test_what_stands_beside_the_text_of_a_word_document_is_told() -> None:
    data = docx(
        paragraph("Lie down.", _refers("footnote")),
        paragraph("Rest.", _refers("endnote"), _refers("comment"), _refers("comment")),
        paragraph("Be."),
        paragraph("Stay.", _refers("footnote"), f"<w:del>{_refers('footnote')}</w:del>"),
        pages={
            "header1": paragraph("Yoga ", run("North", "b")),
            "header2": paragraph(""),
            "footer1": paragraph("3"),
            "footer2": paragraph("Page ", "3 of 4"),
            "footer3": paragraph("Page 3 of 4"),
        },
    )
    read = manuscript(data, "a.docx")
    assert [row.text for row in read.rows if row.may_be_spoken] == ["Lie down.", "Rest.", "Be.", "Stay."]
    assert read.notes == (
        "2 footnotes are left out: paragraphs 1 and 4",
        "1 endnote is left out: paragraph 2",
        "2 comments are left out: paragraph 2",
        "1 header is left out, at the top of its pages: “Yoga North”",
        "2 footers are left out, at the foot of its pages: “Page 3 of 4”",
    )


def test_of_many_footnotes_the_first_places_are_told() -> None:
    read = manuscript(docx(*(paragraph("Be.", _refers("footnote")) for _ in range(40))), "a.docx")
    assert read.notes == ("40 footnotes are left out: paragraphs 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 28 more",)
    assert manuscript(docx(paragraph("Be.")), "a.docx").notes == ()


def test_a_text_box_is_doubtful_and_does_not_part_the_paragraph_that_it_stands_in() -> None:
    data = docx(
        paragraph("Lie ", text_box(paragraph("Soft music"), paragraph("from here")), "down here.", style="ListBullet"),
        paragraph("Rest."),
    )
    rows = manuscript(data, "a.docx").rows
    assert [(row.number, row.text) for row in rows if row.may_be_spoken] == [(1, "- Lie down here."), (2, "Rest.")]
    assert [(row.number, row.text, row.why, row.is_doubtful) for row in rows if row.why] == [
        (1, "Soft music", "in a text box", True),
        (1, "from here", "in a text box", True),
    ]


def test_a_text_that_stands_in_text_boxes_is_spoken() -> None:
    data = docx(paragraph("Rest", text_box(paragraph("Lie down here."), paragraph("Be."))))
    assert spoken(data) == ["Lie down here.", "Be.", "Rest"]


def test_tracked_changes_are_read_as_if_they_were_accepted() -> None:
    deleted, end = "<w:del><w:r><w:delText>no</w:delText></w:r></w:del>", "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    moved = f"<w:moveFrom>{run('there')}</w:moveFrom><w:moveTo>{run('here')}</w:moveTo>"
    data = docx(
        paragraph("Lie ", f"<w:ins>{run('right ')}</w:ins>", deleted, moved, "."),
        f"<w:p>{end}{run('Let the floor')}</w:p>",
        paragraph(" hold you."),
        f"<w:p>{end}{run('Rest.')}</w:p>",
    )
    read = manuscript(data, "a.docx")
    assert [row.text for row in read.rows if row.may_be_spoken] == [
        "Lie right here.",
        "Let the floor hold you.",
        "Rest.",
    ]
    assert not [row for row in read.rows if row.why]


def test_styles_say_what_is_hidden_and_what_is_a_list_of_contents() -> None:
    styled = '<w:r><w:rPr><w:rStyle w:val="ForMe"/></w:rPr><w:t> slowly</w:t></w:r>'
    data = docx(
        paragraph("Arriving 1", style="Verzeichnis1"),
        paragraph("Lie down", styled, "."),
        paragraph("Low light", style="ForMe"),
    )
    rows = manuscript(data, "a.docx").rows
    assert [row.text for row in rows if row.may_be_spoken] == ["Lie down."]
    assert [(row.number, row.text.strip(), row.why) for row in rows if row.why] == [
        (1, "Arriving 1", "a list of what is in it"),
        (2, "slowly", "hidden text"),
        (3, "Low light", "hidden text"),
    ]


def test_headers_that_unpack_to_much_in_all_are_refused() -> None:
    pages = {f"header{number}": run(" " * 9_000_000) for number in range(4)}
    with pytest.raises(ScriptError, match="too large"):
        manuscript(docx(paragraph("Be."), pages=pages), "zeros.docx")


@pytest.mark.parametrize(
    "encode", [lambda text: text.encode(), lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16")]
)
def test_a_word_document_with_entities_is_refused(encode) -> None:  # type: ignore[no-untyped-def]
    bomb = '<!DOCTYPE x [<!ENTITY a "rest">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("&j;"), before=bomb + "]>"))) as archive:
        text = archive.read("word/document.xml").decode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", encode(text))
    with pytest.raises(ScriptError, match="document type"):
        manuscript(file.getvalue(), "bomb.docx")


def test_a_word_document_that_unpacks_to_much_is_refused_soon() -> None:
    begun = time.process_time()
    with pytest.raises(ScriptError, match="too large"):
        manuscript(docx(paragraph(" " * 40_000_000)), "zeros.docx")
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("data", [docx(paragraph("a"))[:300] + bytes(200), docx("<w:p>"), docx(paragraph("a"))[:-30]])
def test_a_broken_word_document_is_refused(data: bytes) -> None:
    with pytest.raises(ScriptError):
        manuscript(data, "broken.docx")


def test_a_page_of_google_docs() -> None:
    rows = manuscript(GOOGLE_DOCS.encode(), "a.html").rows
    assert [row.text for row in rows if row.may_be_spoken] == [
        "# The long exhale",
        "## Arriving",
        "Lie down, and let the floor take your weight.",
        "**Noticing**",
        "- Your heels",
        "- Your hands & wrists",
        "[pause 12s]",
        "| Time | 10 min |",
        "Come back slowly.",
    ]
    assert [(row.text, row.why) for row in tables(rows) if row.why] == [
        ("| Time | 10 min |", "a table"),
        ("[a]Is this too warm?", "a comment on the text"),
    ]


def test_tags_here_and_there_keep_the_lines() -> None:
    text = (
        'Let your <emphasis>hips</emphasis> soften.<break time="2s"/>\n<!-- slower -->\n\n<p>Rest &amp; be.</p>'
        '<mark name="bell"/>1 < 2 <3 <say-as interpret-as="x">SI</say-as> &lt;b&gt; <softly>'
    )
    rows = manuscript(text.encode(), "a.txt").rows
    assert [(row.number, row.text.strip()) for row in rows if row.may_be_spoken] == [
        (1, "Let your hips soften. [pause 2s]"),
        (4, "Rest & be."),
        (4, "[bell] 1 < 2 <3 SI <b> [softly]"),
    ]
    assert Row(2, "slower", "a comment") in rows


def test_a_part_of_a_page_and_the_tags_of_a_synthesiser() -> None:
    page = (
        '<div><h2>Rest</h2><p>Lie down<br>here.</p><ul><li>Feet</li></ul><p style="display: none">x</p><form/>Be.</div>'
    )
    assert spoken(page.encode()) == ["## Rest", "Lie down", "here.", "- Feet", "Be."]
    ssml = (
        '<speak>Lie <sub alias="right down">r.d.</sub>. <audio src="a.mp3">bell</audio><bookmark mark="x"/> Be.</speak>'
    )
    assert [text.split() for text in spoken(ssml.encode())] == [["Lie", "right", "down.", "[a.mp3]", "Be."]]
    assert spoken(b"<html><p>Lie down.</p><p>Be.</p><figure>rest") == ["Lie down.", "Be."]


@pytest.mark.parametrize(
    "sign", ["<", "<!--", "<a ", "<a href='", "&", "<p>", "<style>", "<table>", "</", "<!", "<![CDATA["]
)
def test_tags_that_are_never_closed_take_no_more_time(sign: str) -> None:
    begun = time.process_time()
    manuscript((sign * (150_000 // len(sign))).encode(), "odd.html")
    manuscript(("<html>" + sign * (150_000 // len(sign))).encode(), "odd.html")
    assert time.process_time() - begun < 3
