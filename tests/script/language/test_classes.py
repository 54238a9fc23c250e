"""A class's file: what it comes to, and what is said of each slip."""

from datetime import date

import pytest

from calmcast.model.classes import ClassPlan
from calmcast.script.language.class_values import parse_address, parse_contact
from calmcast.script.language.classes import build_class
from calmcast.script.language.reader import read
from calmcast.units import SAMPLE_RATE, UnitError

CLASS = """\
title: Tuesday
teacher: Ada
about: For the evening.
contact: +49 (0)151 / 123 45
voice: calm
date: 2026-3-1
url: https://example.org/tuesday
quality: Small
options: {head: high bolster}
tracks:
  - psoas-release
  - script: evening-wind-down
    lengths: [10 min, 20]
    title: The long rest
    note: Best in bed.
    bed: {sound: rain, level: -26 dB}
    stereo: yes
for:
  Mara: {options: {shaking: hands only, knees: yes}, note: Mind your wrist., voice: plain}
  Иван:
"""


def built(text: str) -> tuple[ClassPlan | None, list[tuple[str, int, int]]]:
    node, problems = read(text.encode(), "c.yaml")
    plan, more = build_class(node, "c", "c.yaml")
    return plan, [(p.code, p.source.line, p.source.column) for p in (*problems, *more)]


def test_a_class() -> None:
    plan, problems = built(CLASS)
    assert problems == []
    assert plan is not None
    assert (plan.title, plan.teacher, plan.quality) == ("Tuesday", "Ada", "small")
    assert (plan.published, plan.contact, plan.url) == (date(2026, 3, 1), "+4915112345", "https://example.org/tuesday/")
    first, second = plan.tracks
    assert (first.script, first.lengths, first.title, first.note) == ("psoas-release", (), "", "")
    assert [samples for samples, _ in second.lengths] == [600 * SAMPLE_RATE, 1200 * SAMPLE_RATE]
    assert [str(place) for _, place in second.lengths] == ["c.yaml:13:15", "c.yaml:13:23"]
    assert second.wishes.bed is not None
    assert second.wishes.bed.level == -26.0
    assert second.wishes.stereo is True
    mara, ivan = plan.clients
    assert [(s.option, s.value) for s in mara.wishes.options] == [("shaking", "hands only"), ("knees", "yes")]
    assert (mara.name, mara.note, mara.wishes.voice) == ("Mara", "Mind your wrist.", "plain")
    assert (ivan.name, ivan.wishes.options) == ("Иван", ())


def test_one_length_needs_no_list() -> None:
    plan, problems = built("title: A\ntracks:\n  - {script: x, lengths: 7:30}\n")
    assert problems == []
    assert plan is not None
    assert [samples for samples, _ in plan.tracks[0].lengths] == [450 * SAMPLE_RATE]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("tracks: [x]\n", "missing-key", (1, 1)),
        ("title: A\n", "missing-key", (1, 1)),
        ("title: A\ntracks: []\n", "wrong-form", (2, 9)),
        ("title: A\ntracks: x\n", "wrong-form", (2, 9)),
        ("title: A\ntracks: [[x]]\n", "wrong-form", (2, 10)),
        ("title: A\ntracks: [../x]\n", "bad-name", (2, 10)),
        ("title: A\ntracks: [{lengths: 5 min}]\n", "missing-key", (2, 10)),
        ("title: A\ntracks: [{script: x, lenghts: 5 min}]\n", "unknown-key", (2, 22)),
        ("title: A\ntracks: [{script: x, lengths: [5 min, soon]}]\n", "bad-length", (2, 39)),
        ("title: A\ntracks: [{script: x, lengths: []}]\n", "empty", (2, 31)),
        ("title: A\ntracks: [{script: x, options: high}]\n", "wrong-form", (2, 31)),
        ("title: A\ntracks: [{script: x, options: {head: [a]}}]\n", "wrong-form", (2, 38)),
        ("title: A\ntracks: [x]\nfor: Mara\n", "wrong-form", (3, 6)),
        ("title: A\ntracks: [x]\nfor: {Mara: high}\n", "wrong-form", (3, 13)),
        ("title: A\ntracks: [x]\nfor: {Mara: {head: high}}\n", "unknown-key", (3, 14)),
        ("title: A\ntracks: [x]\ndate: 2026-02-30\n", "bad-date", (3, 7)),
        ("title: A\ntracks: [x]\ndate: 1.3.2026\n", "bad-date", (3, 7)),
        ("title: A\ntracks: [x]\nurl: example.org\n", "bad-address", (3, 6)),
        ("title: A\ntracks: [x]\nquality: best\n", "bad-quality", (3, 10)),
        ("title: A\ntracks: [x]\nbed: {sound: rain, level: loud}\n", "bad-level", (3, 27)),
        ('title: A\ntracks: [{script: x, lengths: "3 min, 5 min"}]\n', "wrong-form", (2, 31)),
        ("title: A\nsegments: [x]\n", "not-a-class", (1, 1)),
        ("- x\n", "not-a-class", (1, 1)),
        ("", "not-a-class", (1, 1)),
    ],
)
def test_slips(text: str, code: str, place: tuple[int, int]) -> None:
    assert (code, *place) in built(text)[1]


def test_all_slips_at_once() -> None:
    text = "titel: A\ntracks:\n  - {script: x, lengths: soon}\n  - [y]\nfor: {Mara: 3}\ndate: never\n"
    codes = [code for code, _, _ in built(text)[1]]
    assert codes == ["unknown-key", "bad-length", "wrong-form", "wrong-form", "bad-date", "missing-key"]


def test_a_class_is_not_endless() -> None:
    many = "title: A\ntracks: [" + ", ".join(["x"] * 201) + "]\n"
    assert built(many)[1] == [("too-many", 2, 9)]


@pytest.mark.parametrize("address", ["http://a.org", "https://a.org:8080/b/c//", "HTTPS://Ä.org/x y%20"])
def test_addresses(address: str) -> None:
    if " " in address:
        with pytest.raises(UnitError):
            parse_address(address)
    else:
        assert parse_address(address).endswith("/")


@pytest.mark.parametrize(
    "address",
    ["", "a", "ftp://a.org", "javascript:alert(1)", "https://", "https://a.org/?q=1", "https://a.org/#x", 'https://a"b/',
     "https://me:word@a.org/", "https://[::1", "https://a.org:port/"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UnitError) as refused:
        parse_address(address)
    assert "https://example.org" in refused.value.hint


def test_how_somebody_is_reached() -> None:
    written = (" rosa@example.org ", "r.k+yoga@a-b.co.uk", "0151 / 123-45", "+49 (0) 151 123.45")
    assert [*map(parse_contact, written)] == ["rosa@example.org", "r.k+yoga@a-b.co.uk", "015112345", "+4915112345"]
    for text in (
        "",
        "Rosa",
        "rosa@",
        "a@b.c?cc=x@y.z",
        "javascript:1",
        "12",
        "123 456 789 012 345 678",
        "+49 １５１ 12345",
    ):
        with pytest.raises(UnitError, match="neither an e-mail address nor a telephone number"):
            parse_contact(text)
