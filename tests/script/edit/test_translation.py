"""Copies under other names and copies to translate: comments stay, references follow, nothing else moves."""

from calmcast.model.script import Script, Segment
from calmcast.model.steps import Breathe, Line, Step, inside, walk
from calmcast.script.edit.copies import references, renamed, with_field
from calmcast.script.edit.translation import slug, translated
from calmcast.script.edit.writing import edited
from calmcast.script.language.builder import build_script, build_segment
from calmcast.script.language.nodes import Document, Mapping
from calmcast.script.language.reader import read
from calmcast.script.lint.sounding import every_bell


def document(text: str, name: str = "x") -> Document:
    node, problems = read(text.encode(), "x.yaml")
    assert problems == ()
    assert isinstance(node, Mapping)
    return Document(name, text, node)


SCRIPT = """\
# Head
title: Base   # title
segments:
  - a                  # by name
  - {use: b, keep: yes}
  - use: "c"
  - title: In place
    steps:
      - use: d
      - use: {segment: e}
      - rest: {about: 60s, every: 3 min, check: f}
      - one of: [a, b]
      - when: {use: a}
        steps: [{use: a}]
      - breathe: {in: 4s, out: 6s, rest: 1s, rounds: 3}
options: {use: {choices: [a, b]}}
"""


def test_every_reference_and_nothing_else() -> None:
    assert [scalar.text for scalar in references(document(SCRIPT).node)] == ["a", "b", "c", "d", "e", "f", "a"]


def test_references_get_their_new_names_and_all_else_stays() -> None:
    names = {name: f"new-{name}" for name in "abcdef"}
    text = edited(SCRIPT, renamed(document(SCRIPT), names))
    expected = SCRIPT.replace("  - a  ", "  - new-a  ").replace("{use: b,", "{use: new-b,").replace('"c"', "new-c")
    expected = expected.replace("use: d", "use: new-d").replace("segment: e", "segment: new-e")
    expected = expected.replace("check: f", "check: new-f").replace("[{use: a}]", "[{use: new-a}]")
    assert text == expected


def test_references_of_a_version() -> None:
    text = (
        "extends: x\nreplace: {A: b, Welcome: {title: T, steps: [{use: c}]}}\n"
        "insert:\n  - {after: a, segment: b}\n  - before: Welcome\n    segment: {title: T, steps: [{use: a}]}\n"
        "drop: [c, a]\n"
    )
    assert [scalar.text for scalar in references(document(text).node)] == ["b", "c", "b", "a"]
    assert edited(text, renamed(document(text), {"a": "n-a", "b": "n-b", "c": "n-c"})) == (
        "extends: x\nreplace: {n-a: n-b, Welcome: {title: T, steps: [{use: n-c}]}}\n"
        "insert:\n  - {after: n-a, segment: n-b}\n  - before: Welcome\n    segment: {title: T, steps: [{use: n-a}]}\n"
        "drop: [n-c, n-a]\n"
    )


def test_a_field_in_its_place_or_in_a_line_of_its_own() -> None:
    text = "# x\ntitle: 'Old'  # c\n# y\nsegments: [a]\n"
    assert edited(text, [with_field(document(text), "title", "New: one")]) == text.replace("'Old'", '"New: one"')
    assert edited(text, [with_field(document(text), "language", "de")]) == text.replace(
        "segments", "language: de\nsegments"
    )
    flow = "{title: T, segments: [a]}"
    assert edited(flow, [with_field(document(flow), "voice", "x")]) == "{title: T, voice: x, segments: [a]}"


SEGMENT = """\
# About this segment.
title: Settling        # the title
about: >
  Two lines
  about it.
options:
  head: {ask: Which support?, choices: [low, high]}
steps:
  - Hello there.       # a comment
  - Two lines
    of one text.       # with a comment
  - say: Named already.
    id: mine
  - voice: plain
    say: "Quoted: here"
  - say: {text: With a field.}
  - one of: [A bird., "A, comma", {say: B.}]
  - one of:
      - First.
      - steps: [Second., {pause: 3s}]
  - breathe:
      in: 4s
      out: 6s
      rounds: 4
      say:
        in: Breathe in.
        out: And out.
  - breathe: {in: 4s, out: 6s, rounds: 4, say: {in: In., out: Out.}}
  - rest: {about: 60s, least: 20s}
  - when: {head: high}
    steps:
      - Deep down.
  - |
    A block.
"""


def test_a_segment_to_translate() -> None:
    source = document(SEGMENT, "settle")
    (edits,) = translated((source,))
    text = edited(SEGMENT, edits)
    node, problems = read(text.encode(), "x.yaml")
    assert problems == ()
    before, _ = build_segment(source.node, "settle", "x")
    after, problems = build_segment(node, "settle", "x")
    assert problems == ()
    assert before
    assert after
    assert said(before.steps) == said(after.steps)
    cues = {id(cue) for step in walk(after.steps) if isinstance(step, Breathe) for cue in inside(step)}
    every = [step for step in walk(after.steps) if isinstance(step, Line) and id(step) not in cues]
    assert [line.traits.id for line in every] == [
        "settle-1", "settle-2", "mine", "settle-3", "settle-4", "settle-5", "settle-6", "settle-7", "settle-8",
        "settle-9", "settle-10", "settle-11",
    ]  # fmt: skip
    assert all(line.traits.untranslated for line in every)
    marked = [line.partition("   # translate")[0] for line in text.split("\n") if "# translate" in line]
    assert marked == [
        "title: Settling        # the title",
        "about: >",
        "  head: {ask: Which support?, choices: [low, high]}",
        "        in: Breathe in.",
        "        out: And out.",
        "  - breathe: {in: 4s, out: 6s, rounds: 4, say: {in: In., out: Out.}}",
    ]
    assert text.startswith("# About this segment.\n")
    assert "- say: Hello there.       # a comment\n    id: settle-1\n    untranslated: yes\n" in text


def said(steps: tuple[Step, ...]) -> list[str]:
    return [step.text for step in walk(steps) if isinstance(step, Line)]


def test_translating_twice_adds_nothing() -> None:
    once = edited(SEGMENT, translated((document(SEGMENT, "settle"),))[0])
    assert edited(once, translated((document(once, "settle"),))[0]) == once


def test_names_are_given_once_over_all_files() -> None:
    script = document("title: S\nsegments:\n  - title: Quiet!\n    steps: [A, {say: B, id: quiet-2}]\n", "s")
    segment = document("title: Quiet\nsteps: [C, D]\n", "quiet")
    first, second = translated((script, segment))
    assert "id: quiet-1" in edited(script.text, first)
    text = edited(segment.text, second)
    assert "id: quiet-3" in text
    assert "id: quiet-4" in text
    node, _ = read(edited(script.text, first).encode(), "x")
    assert build_script(node, "s", "x")[1] == ()


def test_a_name_from_a_title() -> None:
    assert slug("Another check-in!") == "another-check-in"
    assert slug("Über: dich") == "über-dich"
    assert slug("???") == "segment"


SOUNDING = """\
title: Base
bed: {sound: rain, level: -26 dB}   # soft
bells:
  start: soft
  every: {time: 5 min, sound: soft}
  at: [{time: -1:00, file: bells/soft.wav}]
stereo: yes
segments:
  - {use: soft, bed: rain, level: -3 dB}
  - title: In place
    bed: none
    steps:
      - {say: Hello., level: -4 dB}
      - bell: {sound: soft, pitch: A4}
      - breathe: {in: 4s, out: 6s, rounds: 4, tone: swell}
"""


def test_sounds_that_are_called_as_segments_keep_their_names() -> None:
    text = edited(SOUNDING, renamed(document(SOUNDING), {"soft": "new-soft", "rain": "new-rain"}))
    assert text == SOUNDING.replace("use: soft", "use: new-soft")


def test_a_script_to_translate_sounds_as_it_did() -> None:
    source = document(SOUNDING, "base")
    text = edited(SOUNDING, translated((source,))[0])
    assert [line for line in text.split("\n") if "# translate" in line] == [
        "title: Base   # translate", "  - title: In place   # translate",
    ]  # fmt: skip
    before, _ = build_script(source.node, "base", "x.yaml")
    after, problems = build_script(document(text).node, "base", "x.yaml")
    assert problems == ()
    assert isinstance(before, Script)
    assert isinstance(after, Script)
    assert [(s.bed, s.stereo, [p.bed for p in s.segments], [p.traits.level for p in s.segments]) for s in (after,)] == [
        (before.bed, True, [p.bed for p in before.segments], [-3.0, 0.0])
    ]
    assert [bell.strike for bell in every_bell(after)] == [bell.strike for bell in every_bell(before)]
    assert len(list(every_bell(after))) == 4
    (_, segment) = after.segments
    assert isinstance(segment, Segment)
    assert [step.traits.level for step in segment.steps] == [-4.0, 0.0, 0.0]
