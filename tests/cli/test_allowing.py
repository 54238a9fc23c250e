"""A voice that runs a program runs it where the user has allowed it, as it is now, and nowhere else."""

import json
import sys
from pathlib import Path

import pytest

from calmcast.track.cast import casting_of
from tests.conftest import Calmcast

PROGRAM = Path(__file__).parents[1] / "speech" / "engines" / "a_program.py"


@pytest.fixture
def say_py(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program of the voice `calm`, which writes into `ran/log` that it has run; else a tone speaks."""
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("CALMCAST_PLAYER", "none")
    program = workspace / "say.py"
    program.write_bytes(PROGRAM.read_bytes())
    (workspace / "ran").mkdir()
    profile("calm", workspace)
    (workspace / "scripts" / "short.yaml").write_text(
        "title: Short\nsegments:\n- title: A\n  role: exit\n  steps: [Rest here., rest: 5s, Thank you.]\n"
    )
    return program


def profile(name: str, workspace: Path, rest: str = "- {engine: tone}\n", program: str = "say.py") -> None:
    run = json.dumps([sys.executable, program, "--log-in", "ran", "--out", "{file}"])
    text = f"prefer:\n- {{engine: command, run: {run}}}\n{rest}"
    (workspace / "voices" / f"{name}.yaml").write_text(text, encoding="utf-8")


def ran() -> bool:
    """Return whether the program has run since this was asked last."""
    there = (log := Path("ran/log")).exists()
    log.unlink(missing_ok=True)
    return there


@pytest.mark.usefixtures("say_py")
def test_what_is_not_allowed_is_passed_over_with_its_reason_and_the_command(calmcast: Calmcast) -> None:
    done = calmcast("say", "Rest now.")
    assert done.code == 0
    assert not ran()
    assert "voice calm: tone" in done.out
    assert "it would run a program that you have not allowed as it is now" in done.err
    assert f"{Path(sys.executable).name} say.py --log-in ran --out '{{file}}'" in done.err
    assert "calmcast voices allow calm" in done.err


@pytest.mark.usefixtures("say_py")
def test_what_is_handed_on_does_not_tell_where_the_program_lies(calmcast: Calmcast) -> None:
    (track,) = calmcast("render", "short", "--length", "1 min", "--json").json["tracks"]
    noted = Path(track["path"]).with_suffix(".json").read_text(encoding="utf-8")
    assert "say.py" in noted
    assert str(Path(sys.executable).parent) not in noted


@pytest.mark.usefixtures("say_py")
def test_what_is_allowed_runs_until_it_is_taken_back(calmcast: Calmcast) -> None:
    shown = calmcast("voices", "allow", "calm")
    assert not ran()
    assert f"in {Path.cwd()}" in shown.out
    assert f"{Path.cwd() / 'say.py'} as it is now" in shown.out
    done = calmcast("say", "Rest now, and let go.")
    assert ran()
    assert not done.err
    listed = calmcast("voices", "allow", "--list").out
    assert "say.py --log-in ran" in listed
    assert "may no longer run" in calmcast("voices", "forbid", "calm").out
    assert "nothing was allowed" in calmcast("voices", "forbid", "calm").out
    assert "voice calm: tone" in calmcast("say", "Rest now once more.").out
    assert not ran()


def test_what_has_changed_is_not_allowed(calmcast: Calmcast, say_py: Path, tmp_path: Path, workspace: Path) -> None:
    calmcast("voices", "allow", "calm")
    before = say_py.read_bytes()
    for text in (b"#" + before, before[:-1] + b" "):  # longer, and another of the same length
        say_py.write_bytes(text)
        assert "voice calm: tone" in calmcast("say", "Rest.").out
    say_py.write_bytes(before)
    assert "voice calm: command" in calmcast("say", "Rest.").out
    profile("calm", workspace, program="./say.py")
    assert "voice calm: tone" in calmcast("say", "Rest.").out
    profile("calm", workspace)
    ran()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)  # what runs there may find other files
        (tmp_path / "say.py").write_bytes(before)
        (tmp_path / "ran").mkdir()
        assert "voice calm: tone" in calmcast("-w", workspace, "say", "Rest.").out
        assert not ran()


def test_a_voice_of_the_program_is_part_of_what_is_allowed(calmcast: Calmcast, workspace: Path) -> None:
    text = '- {{engine: command, run: [sh, -c, "{{voice}}"], voice: "{}"}}\n- {{engine: tone}}\n'
    place = workspace / "voices" / "calm.yaml"
    place.write_text("prefer:\n" + text.format("true"), encoding="utf-8")
    assert "sh -c true" in calmcast("voices", "allow", "calm").out
    for other in ("touch it", "{text}"):
        place.write_text("prefer:\n" + text.format(other), encoding="utf-8")
        assert "voice calm: tone" in calmcast("say", "Rest.").out
    assert not Path("it").exists()


def test_where_nobody_else_speaks_the_command_is_the_hint(calmcast: Calmcast, say_py: Path, workspace: Path) -> None:
    assert say_py.exists()
    profile("calm", workspace, "")
    done = calmcast("render", "short", "--length", "1 min")
    assert done.code == 4
    assert "hint: calmcast voices allow calm" in done.err
    profile("calm", workspace, "fallback: plain\n")
    done = calmcast("say", "Rest now.")
    assert "voice calm: plain: tone" in done.out
    assert "to allow it: calmcast voices allow calm" in done.err
    assert not ran()


@pytest.mark.usefixtures("say_py")
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("doctor",), marks=pytest.mark.long),
        ("voices",),
        pytest.param(("voices", "compare", "calm", "--html"), marks=pytest.mark.long),
        ("voices", "try", "calm"),
        pytest.param(("check",), marks=pytest.mark.long),
        ("check", "short", "--length", "1 min"),
        ("plan", "short", "--length", "1 min"),
        ("preview", "short", "--for", "2s", "--no-play"),
        ("render", "short", "--length", "1 min"),
        ("exit", "short"),
        ("speak", "short", "--all"),
        ("compose", "settle", "--length", "1 min"),
        ("lexicon", "try", "psoas", "--quiet"),
    ],
    ids=" ".join,
)
def test_nothing_runs_unasked(calmcast: Calmcast, command: tuple[str, ...]) -> None:
    calmcast(*command)
    assert not ran()


@pytest.mark.usefixtures("say_py")
def test_doctor_says_what_is_allowed_and_runs_nothing(calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmcast.track.health.try_voice", casting_of)  # the voices that ship need not speak for this

    def found() -> dict[str, str]:
        (voice,) = [each for each in calmcast("doctor", "--json").json["findings"] if each["what"] == "voice calm"]
        assert not ran()
        return dict(voice)

    before = found()
    assert before["result"] == "note"
    assert "not allowed" in before["text"]
    assert before["fix"] == "calmcast voices allow calm"
    calmcast("voices", "allow", "calm")
    after = found()
    assert after["result"] == "ok"
    assert "which you have allowed; not tried" in after["text"]


@pytest.mark.usefixtures("say_py")
@pytest.mark.parametrize("answer", ["y", "n", ""])
def test_on_a_terminal_one_is_asked_once_and_shown_what_would_run(
    calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    asked = list[str]()

    def reply(*_: object, **__: object) -> str:
        asked.append(answer)
        return answer

    monkeypatch.setattr("calmcast.cli.asking._declined", set())
    monkeypatch.setattr("click.termui.visible_prompt_func", reply)
    monkeypatch.setattr("calmcast.cli.asking._on_terminal", lambda: True)
    for command in (("voices",), ("check", "short")):
        calmcast(*command)
    calmcast("plan", "short", "--estimate")
    assert not asked
    done = calmcast("say", f"Rest now{answer}.")
    assert asked == [answer]
    assert ran() == (answer == "y")
    assert f"{sys.executable} say.py --log-in ran --out '{{file}}'" in done.err
    assert str(Path.cwd() / "say.py") in done.err
    calmcast("say", f"Rest then{answer}.")
    assert asked == [answer]


def test_a_voice_without_a_program_has_nothing_to_allow(calmcast: Calmcast, workspace: Path) -> None:
    assert workspace
    assert "runs no program" in calmcast("voices", "allow", "plain").out
    assert calmcast("voices", "allow", "nobody").code == 2
    assert calmcast("voices", "allow").code == 2
    assert calmcast("voices", "allow", "plain", "--list").code == 2


def test_nothing_invisible_is_in_what_is_shown(calmcast: Calmcast, workspace: Path) -> None:
    odd = json.dumps(["sh", "-c", "true # \u202e\x1b[2K"])
    (workspace / "voices" / "calm.yaml").write_text(f"prefer: [{{engine: command, run: {odd}}}]\n", encoding="utf-8")
    done = calmcast("voices", "allow", "calm")
    assert "\u202e" not in done.out + done.err
    assert "\x1b" not in done.out + done.err


def test_a_permission_that_was_tampered_with_is_none(calmcast: Calmcast, say_py: Path, tmp_path: Path) -> None:
    assert say_py.exists()
    calmcast("voices", "allow", "calm")
    (kept,) = (path for path in tmp_path.rglob("allowed/*.json"))
    kept.write_text(kept.read_text().replace("say.py", "other.py"), encoding="utf-8")
    assert "voice calm: tone" in calmcast("say", "Rest.").out
    kept.write_text("[]", encoding="utf-8")
    assert "voice calm: tone" in calmcast("say", "Rest.").out
