"""Broken scripts, each with the problems it must show: code, line and column."""

import pytest

from calmcast.diagnostics import Problem
from calmcast.script.language.builder import build_script, build_segment
from calmcast.script.language.reader import read

CASES = [
    # what people type, and what they are told: (code, line, column)
    ("", [("empty-file", 1, 1)]),
    ("\n\n# nothing\n", [("empty-file", 1, 1)]),
    ("just words", [("not-a-script", 1, 1)]),
    ("- a\n- b\n", [("not-a-script", 1, 1)]),
    ("title: A\nsteps:\n  - Hello\n", [("not-a-script", 1, 1)]),
    ("title: A\n", [("missing-key", 1, 1)]),
    ("segments: [a]\n", [("missing-key", 1, 1)]),
    ("title:\nsegments: [a]\n", [("empty", 1, 7)]),
    ("title: A\nsegments:\n", [("empty", 2, 10)]),
    ("title: A\nsegments: []\n", [("empty", 2, 11)]),
    ("title: A\nsegments: setup\n", [("wrong-form", 2, 11)]),
    ("title: [A]\nsegments: [a]\n", [("wrong-form", 1, 8)]),
    ("title: A\ntitle: B\nsegments: [a]\n", [("duplicate-key", 2, 1)]),
    ("title: A\nlenght: 10 min\nsegments: [a]\n", [("unknown-key", 2, 1)]),
    ("title: A\nlength: 5 parsecs\nsegments: [a]\n", [("bad-length", 2, 9)]),
    ("title: A\nlength: -3s\nsegments: [a]\n", [("bad-length", 2, 9)]),
    ("title: A\nlength: nan\nsegments: [a]\n", [("bad-length", 2, 9)]),
    ("title: A\nlength: 0s\nsegments: [a]\n", [("bad-length", 2, 9)]),
    ("title: A\nlength: 1e9h\nsegments: [a]\n", [("bad-length", 2, 9)]),
    ("title: A\nlanguage: English, please\nsegments: [a]\n", [("bad-language", 2, 11)]),
    ("title: A\nsegments: [../../etc/passwd]\n", [("bad-name", 2, 12)]),
    ("title: A\nsegments: [segments/a.yaml]\n", [("bad-name", 2, 12)]),
    ("title: A\nsegments: ['C:\\x']\n", [("bad-name", 2, 12)]),
    ("title: A\nextends: b\nsegments: [a]\n", [("extends-and-segments", 3, 11)]),
    ("title: A\n\tabout: B\nsegments: [a]\n", [("tab", 2, 1)]),
    ("title: A\nabout: \x07\nsegments: [a]\n", [("control-character", 2, 8)]),
    ("title: &x A\nsegments: [a]\n", [("anchor", 1, 8)]),
    ("title: A\nabout: *x\nsegments: [a]\n", [("alias", 2, 8)]),
    ("title: !!python/object:os.system A\nsegments: [a]\n", [("tag", 1, 8)]),
    ("title: A\n<<: {about: B}\nsegments: [a]\n", [("merge", 2, 1)]),
    ("title: A\nsegments: [a]\n---\ntitle: B\n", [("second-document", 3, 1)]),
    ("title: A\n? [x, y]\n: z\nsegments: [a]\n", [("complex-key", 2, 3)]),
    ("title: A: B\nsegments: [a]\n", [("colon-in-line", 1, 9)]),
    ("title: 'A\nsegments: [a]\n", [("open-quote", 1, 8)]),
    ("title: A\ngap: {about: 1s, least: 2s}\nsegments: [a]\n", [("bad-bounds", 2, 25)]),
    ("title: A\ngap: {least: 2s}\nsegments: [a]\n", [("missing-key", 2, 6)]),
    ("title: A\nsegments:\n  - steps: [Hello]\n", [("missing-key", 3, 5)]),
    ("title: A\nsegments:\n  - use: a\n    keep: perhaps\n", [("bad-yes_no", 4, 11)]),
]

STEP_CASES = [
    ("- Note: breathe", [("colon-in-line", 3, 5)]),
    ("- Note: breathe: slowly", [("colon-in-line", 3, 9)]),
    ("- Remember this:", [("colon-in-line", 3, 5)]),
    ("- [2s] Breathe", [("opening-sign", 3, 5)]),
    ("- [2s]", [("wrong-form", 3, 5)]),
    ('- "Hello," she said', [("text-after-quote", 3, 12)]),
    ("- 'Tis time", [("open-quote", 3, 5)]),
    ("- *slowly* now", [("opening-sign", 3, 5)]),
    ("- *slowly*", [("opening-sign", 3, 5)]),
    ("- *slowly", [("alias", 3, 5)]),
    ("- @home", [("opening-sign", 3, 5)]),
    ("- % of you", [("opening-sign", 3, 5)]),
    ("- {head} is held", [("opening-sign", 3, 5)]),
    ("- The {head is held", [("open-bracket", 3, 9)]),
    ("- The head} is held", [("open-bracket", 3, 13)]),
    ("- !now", [("tag", 3, 5)]),
    ("- Breathe [2x] out", [("bad-bracket", 3, 13)]),
    ("- Breathe [softly] out", [("bad-bracket", 3, 13)]),
    ("- Breathe [2s] and [2x] and [2x] out", [("bad-bracket", 3, 22), ("bad-bracket", 3, 31)]),
    ("- Breathe [5 min] out", [("bad-bracket", 3, 13)]),
    ("- Breathe [2s out", [("open-bracket", 3, 13)]),
    ("- Breathe 2s] out", [("open-bracket", 3, 15)]),
    ("- ...", [("nothing-to-say", 3, 5)]),
    ("-", [("nothing-to-say", 3, 4)]),
    ("- ''", [("nothing-to-say", 3, 5)]),
    ("- {}", [("empty", 3, 5)]),
    ("- pause: 6", [("bad-duration", 3, 12)]),
    ("- pause:", [("empty", 3, 11)]),
    ("- pause: six seconds", [("bad-duration", 3, 12)]),
    ("- pause: [6s]", [("wrong-form", 3, 12)]),
    ("- pause: {about: 6s, most: 3s}", [("bad-bounds", 3, 30)]),
    ("- pause: {about: 6s, mots: 9s}", [("unknown-key", 3, 24)]),
    ("- puase: 6s", [("unknown-key", 3, 5)]),
    ("- pause: 6s\n    least: 3s", [("misplaced-key", 4, 5)]),
    ("- pause: 6s\n    hold: 3s", [("two-steps", 4, 5)]),
    ("- hold: {time: 1s, about: 3s}", [("unknown-key", 3, 22)]),
    ("- breathe: {in: 4s, out: 6s}", [("missing-key", 3, 14)]),
    ("- breathe: 4s", [("wrong-form", 3, 14)]),
    ("- breathe: {in: 4s, out: 6s, rounds: 6 to 4}", [("bad-count", 3, 40)]),
    ("- breathe: {in: 4s, out: 6s, rounds: many}", [("bad-count", 3, 40)]),
    ("- breathe: {in: 4s, out: 6s, rounds: 0}", [("bad-count", 3, 40)]),
    ("- breathe: {in: 4s, out: 100ms, rounds: 4}", [("bad-count", 3, 28)]),
    ("- breathe: {in: 4s, out: 2 min, rounds: 4}", [("bad-count", 3, 28)]),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, slower: a lot}", [("bad-pace", 3, 51)]),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, say: In}", [("wrong-form", 3, 48)]),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, say: {hold: Wait.}}", [("cue-without-count", 3, 55)]),
    ("- breathe: {in: 4s, out: 6s, rounds: 4, say: {in: '[2s] In.'}}", [("bad-bracket", 3, 53)]),
    ("- one of: []", [("empty", 3, 13)]),
    ("- one of: [A, {rest: 5s}]", [("one-of", 3, 24)]),
    ("- one of: [A, {say: B, optional: 2}]", [("one-of", 3, 23)]),
    ("- rest: {about: 2 min, every: 3 min}", [("half-check", 3, 33)]),
    ("- rest: {about: 2 min, check: a}", [("half-check", 3, 33)]),
    ("- rest: {about: 2 min, every: 1 min, check: a}", [("bad-bounds", 3, 33)]),
    ("- rest: {about: 2 min, most: 4 min, every: 3 min, check: a}", [("bad-bounds", 3, 32)]),
    ("- say: A\n    optional: maybe", [("bad-rank", 4, 15)]),
    ("- say: A\n    repeat: 4 to 2", [("bad-count", 4, 13)]),
    ("- say: A\n    repeat: 1 to 2\n    keep: yes", [("keep-or-drop", 4, 13)]),
    ("- say: A\n    optional: 2\n    keep: yes", [("keep-or-drop", 4, 15)]),
    ("- say: A\n    from: 8 bananas", [("bad-length", 4, 11)]),
    ("- say: A\n    role: exti", [("bad-role", 4, 11)]),
    ("- say: A\n    allow: [long-line]", [("wrong-form", 4, 12)]),
    ("- say: A\n    allow: {long-line: }", [("empty", 4, 24)]),
    ("- optional: 2", [("no-step", 3, 5)]),
    ("- |\n    A block\n    of text.\n  - B.", []),
    ("- >-\n    A block [2x]\n\n  - B.", [("bad-bracket", 4, 13)]),
    ("- rest: 2 min\n    every: 3 min", [("misplaced-key", 4, 5)]),
    ("- bell: soft\n    level: loud", [("misplaced-key", 4, 5)]),
    ("- bell: {sound: soft, level: loud}", [("bad-level", 3, 32)]),
    ("- bell: {sound: soft, level: 90 dB}", [("bad-level", 3, 32)]),
    ("- bell: {level: -6 dB}", [("missing-key", 3, 11)]),
    ("- use: ../x", [("bad-name", 3, 10)]),
    ("- steps: Hello", [("wrong-form", 3, 12)]),
    ("- steps: []", [("empty", 3, 12)]),
    ("- - Hello\n    - you", [("wrong-form", 3, 5)]),
    ("- say: [Hello]", [("wrong-form", 3, 10)]),
    ("- say: {text: ''}", [("empty", 3, 17)]),
    ("- say: {words: Hello}", [("unknown-key", 3, 11), ("missing-key", 3, 10)]),
    ("- say: Hello\n    keep: maybe", [("bad-yes_no", 4, 11)]),
    ("- say: Hello\n    when: high", [("wrong-form", 4, 11)]),
    ("- say: Hello\n    when: {}", [("wrong-form", 4, 11)]),
    ("- say: Hello\n    when: {head: {low: yes}}", [("wrong-form", 4, 18)]),
    ("- say: Hello\n    voice: a/b", [("bad-name", 4, 12)]),
    ("- when: {head: low}\n    line: Hello", [("unknown-key", 4, 5)]),
]


def problems_of_script(text: str) -> tuple[Problem, ...]:
    node, problems = read(text.encode(), "x.yaml")
    if node is None and problems:
        return problems
    return (*problems, *build_script(node, "x", "x.yaml")[1])


def problems_of_segment(text: str) -> tuple[Problem, ...]:
    node, problems = read(text.encode(), "x.yaml")
    if node is None and problems:
        return problems
    return (*problems, *build_segment(node, "x", "x.yaml")[1])


def found(problems: tuple[Problem, ...]) -> list[tuple[str, int, int]]:
    return [(p.code, p.source.line, p.source.column) for p in problems]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[repr(text)[:50] for text, _ in CASES])
def test_script(text: str, expected: list[tuple[str, int, int]]) -> None:
    problems = problems_of_script(text)
    assert found(problems) == expected
    assert all(p.hint for p in problems)


@pytest.mark.parametrize(("step", "expected"), STEP_CASES, ids=[repr(step)[:50] for step, _ in STEP_CASES])
def test_step(step: str, expected: list[tuple[str, int, int]]) -> None:
    problems = problems_of_segment(f"title: A\nsteps:\n  {step}\n")
    assert found(problems) == expected
    assert all(p.hint for p in problems)


HEAD = "title: A\nsteps:\n  - Hello there\n"
BREAKS = [
    ("    pause: 6s\n  - x\n", [("indentation", 4, 5)]),
    ("  pause: 6s\n  - x\n", [("indentation", 4, 3)]),
    ("pause: 6s\n", [("unknown-key", 4, 1)]),
    (" - x\n", [("indentation", 4, 2)]),
    ("  that goes on\n  - x\n", [("indentation", 4, 3)]),
    ("    that goes on\n  - x\n", []),
    ("    - x\n", [("joined-line", 4, 5)]),
    ('  - "She said: no hurry\n  - pause: 6s\n  - bell: soft\n', [("open-quote", 4, 5)]),
    ('  - say: "She said: no hurry\n  - pause: 6s\n  - bell: soft\n', [("open-quote", 4, 10)]),
    ("  - 'Tis time\n  - it's fine\n  - pause: 6s\n", [("open-quote", 4, 5)]),
    ('  - "two lines\n    of text"\n  - Note: this: is\n', [("colon-in-line", 6, 9)]),
    ("  - pause: {about: 6s\n  - x\n", [("open-bracket", 4, 12)]),
    ("  - rest: {about: 2min; most: 4min}\n  - x\n", [("semicolon", 4, 23)]),
    ("  - rest: {about: 1 min most: 3 min}\n  - x\n", [("no-comma", 4, 25)]),
    ('  - "C:\\dir"\n  - x\n', [("backslash", 4, 8)]),
    ("<<<<<<< HEAD\n  - x\n=======\n  - y\n>>>>>>> other\n", [("merge-conflict", n, 1) for n in (4, 6, 8)]),
    ("  - Note: this: is\n  - x\n", [("colon-in-line", 4, 9)]),
    ("  - Pause: 6s\n", [("unknown-key", 4, 5)]),
    ("  - wait: 6s\n", [("unknown-key", 4, 5)]),
    ("  - silence: 6s\n", [("unknown-key", 4, 5)]),
]


@pytest.mark.parametrize(("text", "expected"), BREAKS, ids=[repr(text)[:50] for text, _ in BREAKS])
def test_what_breaks_a_file_is_shown_where_it_is(text: str, expected: list[tuple[str, int, int]]) -> None:
    problems = problems_of_segment(HEAD + text)
    assert found(problems) == expected
    assert not any(f'- "{key}' in (p.hint or "") for p in problems for key in ("pause", "title", "bell"))


@pytest.mark.parametrize("text", ["title:T\nsteps: [x]\n", "title: T\nsteps:[x]\nabout: y\n"])
def test_a_missing_space_after_a_colon(text: str) -> None:
    assert [p.code for p in problems_of_segment(text)][:1] == ["no-space"]


def test_a_word_processor_s_file() -> None:
    assert found(read(b"{\\rtf1\\ansi hello}", "x.yaml")[1]) == [("not-plain-text", 1, 1)]
    assert found(read("title: A".encode("utf-16-le"), "x.yaml")[1]) == []


def test_all_slips_are_shown_at_once() -> None:
    """Ten slips that each break YAML, and ten that do not, in one file: all twenty come back, in their places."""
    breaking = [f"  - One: two: {i}" for i in range(10)]
    others = [f"  - pause: {i} parsecs" for i in range(10)]
    lines = [line for pair in zip(breaking, others, strict=True) for line in pair]
    problems = problems_of_segment("title: A\nsteps:\n" + "\n".join(lines) + "\n")
    assert sorted(p.source.line for p in problems) == list(range(3, 23))


def test_a_slip_whose_line_goes_on_is_reported_once() -> None:
    text = "title: A\nsteps:\n  - Note: this: is\n    a long line that\n    goes on\n  - Hello\n"
    assert found(problems_of_segment(text)) == [("colon-in-line", 3, 9)]


def test_the_problem_as_printed() -> None:
    problem = problems_of_segment("title: A\nsteps:\n  - puase: 6s\n")[0]
    assert str(problem) == (
        "x.yaml:3:5: error: calmcast's language has no `puase`\n"
        "      - puase: 6s\n"
        "        ^^^^^\n"
        "  hint: did you mean `pause`?"
    )


def test_the_quoted_form_is_shown() -> None:
    problem = problems_of_segment('title: A\nsteps:\n  - Note: say "ah": now\n')[0]
    assert problem.hint == 'put the whole text in quotes: - "Note: say \\"ah\\": now"'


def test_size_and_depth_are_bounded() -> None:
    assert found(read(b" " * (1 << 20) + b"x", "x.yaml")[1]) == [("file-too-large", 1, 1)]
    deep = "title: A\nsteps: " + "[" * 5000 + "]" * 5000
    assert [p.code for p in problems_of_segment(deep)] == ["too-deep"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_windows_and_word_processors_write_is_accepted(encoding: str) -> None:
    text = "title: “Calm”\r\nsteps:\r\n  - It’s\u00a0time — “let go”.\r\n  -\u00a0pause: 6s\r\n"
    node, problems = read(text.encode(encoding), "x.yaml")
    segment, more = build_segment(node, "x", "x.yaml")
    assert not problems
    assert not more
    assert segment is not None
    assert segment.title == "Calm"
    assert len(segment.steps) == 2


def test_bytes_that_are_not_utf_8() -> None:
    node, problems = read("title: A\nabout: caf\xe9\n".encode("latin-1"), "x.yaml")
    assert node is None
    assert found(problems) == [("not-utf-8", 2, 11)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Your {psoas|} rests.", "open-bracket"),
        ("Your {|x} rests.", "open-bracket"),
        ("Your {a|b|c} rests.", "open-bracket"),
        ("Your {psoas|so-as rests.", "open-bracket"),
        ("Your pre{x|y}post rests.", "said-part"),
        ("Your {psoas|//} rests.", "said-how"),
        ("Your {psoas|/ˈsoʊæs} rests.", "said-how"),
        ("Your {psoas|...} rests.", "said-how"),
        ("Your {psoas|😀} rests.", "said-how"),
    ],
)
def test_how_a_word_is_said_is_looked_at(line: str, code: str) -> None:
    (problem,) = problems_of_segment(f'title: A\nsteps:\n  - "{line}"\n')
    assert problem.code == code
    assert "{psoas|so-as}" in (problem.hint or "")


def test_one_line_is_not_told_without_end() -> None:
    problems = problems_of_script("title: X\nsegments:\n- title: A\n  steps:\n  - Breathe" + " [2x] and" * 5_000 + "\n")
    assert {problem.code for problem in problems} == {"bad-bracket"}
    assert len(problems) == 20
    assert len({problem.source.column for problem in problems}) == 20
