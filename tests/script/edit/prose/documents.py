"""Word documents and pages, made for tests."""

import io
import zipfile

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES = (
    ("Title", "Title", ""),
    ("berschrift1", "heading 1", ""),
    ("Heading2", "heading 2", ""),
    ("Own", "My heading", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
    ("ListBullet", "List Bullet", ""),
    ("Verzeichnis1", "toc 1", ""),
    ("ForMe", "For me", "<w:rPr><w:vanish/></w:rPr>"),
)


def paragraph(*runs: str, style: str = "", item: bool = False) -> str:
    """Return a paragraph; each run is its text, or a run as `run` makes it."""
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if item else ""
    texts = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f"<w:p><w:pPr>{inside}</w:pPr>{texts}</w:p>"


def run(text: str, *traits: str) -> str:
    """Return a run with traits such as `b`, `vanish`, `strike`."""
    inside = "".join(f"<w:{trait}/>" for trait in traits)
    return f'<w:r><w:rPr>{inside}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def text_box(*paragraphs: str) -> str:
    """Return a run with a text box, as Word writes it: once for itself, and once for programs that are older."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    choice = f'<mc:Choice><s:txbx xmlns:s="urn:s">{inside}</s:txbx></mc:Choice>'
    old = f"<mc:Fallback><w:pict>{inside}</w:pict></mc:Fallback>"
    return f'<w:r><mc:AlternateContent xmlns:mc="urn:mc">{choice}{old}</mc:AlternateContent></w:r>'


def docx(*paragraphs: str, before: str = "", pages: dict[str, str] | None = None) -> bytes:
    """Return a Word document of paragraphs; `before` stands before its XML; `pages`: runs of `header1` and the like."""
    body = f'<w:document xmlns:w="{NAMESPACE}"><w:body>{"".join(paragraphs)}</w:body></w:document>'
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
        for key, name, more in _STYLES
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<?xml version="1.0" encoding="UTF-8"?>{before}{body}')
        archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{NAMESPACE}">{styles}</w:styles>')
        archive.writestr("word/comments.xml", f'<w:comments xmlns:w="{NAMESPACE}">Too long?</w:comments>')
        for name, text in (pages or {}).items():
            archive.writestr(f"word/{name}.xml", f'<w:p xmlns:w="{NAMESPACE}">{text}</w:p>')
    return file.getvalue()


GOOGLE_DOCS = """\
<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"><style type="text/css">
.lst-kix_a-0>li{counter-increment:lst-ctr}.c2{color:#000;font-weight:700}.c3{font-weight:400}
.c5{font-size:26pt}</style></head><body class="c7 doc-content">
<p class="c5 title" id="h.1"><span class="c3">The long exhale</span></p>
<h2 class="c1" id="h.2"><span class="c3">Arriving</span></h2>
<p class="c0"><span class="c3">Lie down, and let the floor </span><span class="c2">take</span><span class="c3"> your
weight.</span><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>
<p class="c0 c6"><span class="c3"></span></p>
<p class="c0"><span class="c2">Noticing</span></p>
<ul class="lst-kix_a-0 start"><li class="c0 li-bullet-0"><span class="c3">Your heels</span></li>
<li class="c0 li-bullet-0"><span class="c3">Your hands&nbsp;&amp; wrists</span></li></ul>
<p class="c0"><span class="c3">[pause 12s]</span></p>
<table class="c9"><tr><td><p>Time</p></td><td><p>10 min</p></td></tr></table>
<p class="c0"><span class="c3">Come back slowly.</span></p>
<div class="c8"><p class="c0"><a href="#cmnt_ref1" id="cmnt1">[a]</a><span class="c3">Is this too warm?</span></p></div>
</body></html>
"""
