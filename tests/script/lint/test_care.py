"""Lines that a careful teacher would say otherwise, and gentle ones that nothing is said of."""

from pathlib import Path

import pytest

from calmcast.diagnostics import Problem, Severity
from calmcast.script.lint.care import check_words_of_care
from calmcast.script.lint.checks import check
from calmcast.script.lint.placed import placed, wanted
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library

STRICT = [
    # a line; the code, the words under the caret, and what the gentler form says
    ("You must relax.", "must", "You must", "Perhaps you let go a little."),
    ("You must keep breathing.", "must", "You must", "You could keep breathing."),
    ("You have to bend your knees.", "must", "You have to", "You could bend your knees."),
    ("Now you should turn your head.", "must", "you should", "Now you could turn your head."),
    ("You need to stay on your back.", "must", "You need to", "You could stay on your back."),
    ("You'll need to lie down for this.", "must", "You'll need to", "You could lie down for this."),
    ("You've got to let go.", "must", "You've got to", "You could let go."),
    ("You really must try this.", "must", "You really must", "You could try this."),
    ("Your knees must be bent.", "must", "must", "Your knees can be bent."),
    ("Your breath needs to be slow.", "must", "needs to", "Your breath can be slow."),
    ("You must not worry.", "must", "You must not", "say what is possible"),
    ("You shouldn't lift your head.", "must", "You shouldn't", "say what is possible"),
    ("If you are cold, you must take a blanket.", "must", "you must", "If you are cold, you could take a blanket."),
    ("Everyone ought to lie flat.", "must", "ought to", "Everyone can lie flat."),
    ("Don't move.", "stillness", "Don't move", "Move whenever you like."),
    ("Lie down, and do not move.", "stillness", "do not move", "and move whenever you like."),
    ("Please don’t move your head.", "stillness", "don’t move", "move whenever you like"),
    ("Do not move a muscle.", "stillness", "Do not move", "`Move whenever you like.`"),
    ("Relax deeper and deeper.", "relax-now", "Relax deeper", "`Let go a little, if you like.`"),
    ("This will heal your back.", "promise", "This will heal", "Many people find this restful."),
    ("Never open your eyes.", "eyes", "Never open your eyes", "open or closed"),
    ("Push through the pain.", "pain", "Push through the pain", "change something, or stop"),
    ("Ignore any discomfort.", "pain", "Ignore any discomfort", "change something, or stop"),
    ("Stop moving.", "stillness", "Stop moving", "Move whenever you like."),
    ("Stay completely still.", "stillness", "Stay completely still", "Rest, and move whenever you like."),
    ("Lie still, and listen.", "stillness", "Lie still", "Rest, and move whenever you like"),
    ("Keep your legs still.", "stillness", "Keep your legs still", "move whenever you like"),
    ("Now be still.", "stillness", "be still", "move whenever you like"),
    ("Close your eyes.", "eyes", "Close your eyes", "Close your eyes if you like, or leave them open."),
    ("Close your eyes and listen.", "eyes", "Close your eyes", "if you like, or leave them open, and listen."),
    ("Rest with your eyes closed.", "eyes", "with your eyes closed", "Rest with your eyes open or closed."),
    ("Let your eyes close.", "eyes", "Let your eyes close", "or leave them open"),
    ("Surrender to the floor.", "surrender", "Surrender", "as much of you as you like"),
    ("Give in to the weight.", "surrender", "Give in", "as much of you as you like"),
    ("Give up all control.", "surrender", "Give up all control", "as much of you as you like"),
    ("Feel your psoas soften.", "psoas", "Feel your psoas", "Notice where the floor supports you."),
    ("Can you sense your deep psoas?", "psoas", "sense your deep psoas", "where the floor supports you"),
    ("You might feel how your psoas lets go.", "psoas", "feel how your psoas", "where the floor supports you"),
    ("This cures back pain.", "promise", "cures", "Many people find this restful."),
    ("Your body is healing itself.", "promise", "healing", "Many people find this restful."),
    ("Rest treats your anxiety.", "promise", "treats your anxiety", "Many people find this restful."),
    ("The shaking releases old trauma.", "promise", "releases old trauma", "Many people find this restful."),
    ("It fixes your posture.", "promise", "fixes your posture", "Many people find this restful."),
    ("This will relax your back.", "promise", "This will relax", "This may relax your back."),
    ("It'll calm your nerves.", "promise", "It'll calm", "It may calm your nerves."),
    ("You will feel warm.", "you-will-feel", "You will feel", "You may feel warm."),
    ("You'll soon feel lighter.", "you-will-feel", "You'll soon feel", "You may soon feel lighter."),
    ("You should feel your back widen.", "you-will-feel", "You should feel", "You may feel your back widen."),
    ("Your legs will feel heavy.", "you-will-feel", "Your legs will feel", "Your legs may feel heavy."),
    ("Relax now.", "relax-now", "Relax now", "Let go a little, if you like."),
    ("Just relax.", "relax-now", "Just relax", "Let go a little, if you like."),
    ("Relax completely.", "relax-now", "Relax completely", "Let go a little, if you like."),
    ("Now sink deeper.", "relax-now", "sink deeper", "let go a little, if you like."),
    ("Hold your breath.", "breath-hold", "Hold your breath", "Let your breath come and go."),
    ("Breathe in, hold for four, and out.", "breath-hold", "hold", "Breathe in, and out"),
    ("Breathe in and hold.", "breath-hold", "hold", "Breathe in, and out"),
]

GENTLE = """\
You should feel free to ignore me.
Perhaps you will feel like moving later.
Surrendering is not asked of you.
The floor must be enjoying this.
Give in to a yawn, if one comes.
You never need to push through any discomfort.
You don't have to do anything.
You do not need to change your breath.
There's no need to rush.
Nothing has to be perfect.
Nothing needs to happen now.
Nobody has to stay for all of it.
You never have to reach the floor.
They never need to arrive.
It must have been a long day.
That must be a quiet street.
I should mention one more thing.
I have to say, there is no wrong way.
Should you want to move, please do.
Should anything pinch, change it.
If you need to cough, cough.
Move as often as you need to.
Take all the time you need to settle.
Do you need to shift a little?
You may need to bend your knees.
Whenever you have to go, you can go.
All you have to do is rest.
Nothing should hurt.
Your neck shouldn't hurt.
Everything is as it should be.
There's nothing you should be feeling.
Give all the weight you have to the floor.
Once you have got to the floor, take a moment.
This hour is what you have to yourself.
You can stay still, or move.
You don't have to lie still.
If you like, stay still for a moment.
Are you still comfortable?
You could stay still until the bell, or not.
There is still time.
The room is very still.
Your ribs do not move much, and that is fine.
Move, or don't move, as you please.
Close your eyes if you like.
You can close your eyes, or leave them open.
Your eyes can be open or closed, and they can change their mind.
Perhaps your eyes want to close.
There's no need to close your eyes.
Close your eyes. Or keep them open, and look at one spot.
There is nothing to surrender to.
What you give in an hour like this comes back.
We can't feel the psoas, it lies too deep.
You won't feel your psoas, and nobody does.
It is hard to feel your psoas directly.
This is rest, and not a cure.
We are not healing anything.
Treat yourself kindly.
This is not a treatment for pain.
There's nothing to fix, and no need to fix your posture.
You may feel warm, or nothing at all.
You will hear a bell at the end.
What you will feel is up to you.
Some people feel lighter, most do not.
You can relax now, if you like.
Relax now and then, and look around.
And now let go of the cushion.
Let go slowly, in your own time.
You only have to listen.
The bell will help you find your way back.
Fix your cushion, if it has slipped.
No need to hold your breath.
If you are holding your breath, that happens to everyone.
Let the floor hold your weight.
Breathe in, and let the floor hold you.
A healthy dose of nothing at all.
Secure the cushion under your head.
Let it be easy, let it be short.
Shake your hands, as if there was water on them.
Whatever time you gave it was the right amount.
And you're free to come out now, without me.
You've been preparing, for the movement that comes after this.
Roll to the right or the left, and stop there for a moment.
Look around the room, until you find something you like.
""".splitlines()


def problems_of(folder: Path, steps: str, **more: str) -> tuple[Problem, ...]:
    """Return what `check` says of the words of a script with one segment of these steps."""
    fields = "".join(f"{name}: {value}\n" for name, value in more.items())
    written = f"title: X\n{fields}segments:\n  - title: T\n    role: exit\n    steps:\n{steps}"
    (folder / "scripts").mkdir(exist_ok=True)
    (folder / "scripts" / "x.yaml").write_text(written, encoding="utf-8")
    loaded = Library(Folder(folder)).script("x")
    assert loaded.script is not None
    assert not loaded.problems
    found = check(loaded.script, ("calm",))
    assert all(problem.severity is Severity.WARNING for problem in found)
    return tuple(problem for problem in found if problem.code not in ("no-rest", "missing-notice"))


def line(text: str) -> str:
    return '      - "' + text.replace('"', '\\"') + '"\n'


def under(problem: Problem) -> str:
    """Return the words under the caret."""
    source = problem.source
    return source.excerpt[source.column - 1 : source.column - 1 + source.width]


@pytest.mark.parametrize(("text", "code", "words", "gentler"), STRICT, ids=[text for text, *_ in STRICT])
def test_strict_words(tmp_path: Path, text: str, code: str, words: str, gentler: str) -> None:
    (problem,) = problems_of(tmp_path, line(text))
    assert problem.code == code
    assert problem.source.line == 6
    assert under(problem) == words
    assert gentler in (problem.hint or "")


def test_gentle_words(tmp_path: Path) -> None:
    assert len(GENTLE) >= 60
    assert problems_of(tmp_path, "".join(map(line, GENTLE))) == ()


@pytest.mark.parametrize(
    "steps",
    [
        line("Close your eyes.") + line("Or leave them open, and look at one spot."),
        line("Close your eyes.") + "      - pause: 2s\n" + line("Open eyes are just as good."),
        '      - {say: "Close your eyes.", when: {eyes: closed}}\n',
        '      - {steps: ["Close your eyes."], when: {eyes: closed}}\n',
    ],
)
def test_the_choice_of_open_eyes_may_stand_beside(tmp_path: Path, steps: str) -> None:
    options = "{eyes: {ask: Eyes, choices: [open, closed]}}"
    assert [p.code for p in problems_of(tmp_path, steps, options=options)] in ([], ["unused-option"])


def test_the_caret_stands_under_the_words_that_are_meant(tmp_path: Path) -> None:
    repeated = "You don't have to do it. You have to [2s] breathe, and you have to rest."
    problems = problems_of(tmp_path, line(repeated))
    assert [(p.code, under(p)) for p in problems] == [("must", "You have to"), ("must", "you have to")]
    assert [p.source.column for p in problems] == [35, 65]


def test_words_in_the_second_row_of_a_line_have_the_line_s_place(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "      - Take a moment here, and then\n        close your eyes.\n")
    assert (problem.code, problem.source.line, problem.source.column) == ("eyes", 6, 9)


def test_what_a_breath_and_a_variant_say_is_heard_too(tmp_path: Path) -> None:
    steps = (
        "      - breathe: {in: 4s, out: 6s, rounds: 4, say: {in: Hold your breath.}}\n"
        "      - one of: [You must rest., {steps: [Don't move.]}]\n"
        "      - rest: {about: 20s, every: 3 min, check: a}\n"
    )
    (tmp_path / "scripts" / "segments").mkdir(parents=True)
    (tmp_path / "scripts" / "segments" / "a.yaml").write_text("title: A\nsteps: [Surrender.]\n", encoding="utf-8")
    assert [p.code for p in problems_of(tmp_path, steps)] == ["breath-hold", "must", "stillness", "surrender"]


def test_long_lines(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, line(" ".join(["word"] * 18)) + line(" ".join(["word"] * 19)))
    assert [(p.code, p.source.line) for p in problems] == [("long-line", 7)]


def test_the_shipped_scripts_are_gentle() -> None:
    library = Library(Folder(Path(__file__).parents[3]))
    for name in library.folder.scripts():
        script = library.script(name).script
        assert script is not None
        found = wanted(check_words_of_care(placed(script)), placed(script))
        assert [str(problem) for problem in found] == []
