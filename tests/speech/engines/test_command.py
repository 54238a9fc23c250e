"""Programs that speak to a file: any program as the engine `command`, and those that have a table row."""

import json
import os
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.speech.engine import ManyVoices, SpeechEngine, check_settings, resolve_settings
from calmcast.speech.engines import command, programs
from calmcast.speech.engines.command import ENGINE, ProgramSpeaker, fill, split, values
from calmcast.speech.engines.programs import ESPEAK_NG, FESTIVAL, FLITE, RHVOICE, SAY, Program
from calmcast.speech.engines.registry import find
from calmcast.speech.run.job import Patience
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.speaking import IMPATIENT, allow_program, finish, jobs, no_home_but

A_PROGRAM = Path(__file__).parent / "a_program.py"
LINE = "Let your shoulders soften."


def run(*arguments: str) -> str:
    """Return `run` as a profile's YAML list arrives."""
    return json.dumps([sys.executable, str(A_PROGRAM), *arguments])


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing is allowed yet."""
    folder = tmp_path_factory.mktemp("home")
    no_home_but(folder, monkeypatch)
    return folder


def spoken(settings: dict[str, str], store: Path, line: str = LINE) -> int:
    """Return how many samples the line has, spoken by the engine `command`, which may run its program."""
    allow_program(settings)
    recordings, _ = speak(jobs("command", line, settings=settings), Recordings.at(store), finish, patience=IMPATIENT)
    return recordings[0].samples


def is_running(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


@pytest.mark.parametrize("out", [(), ("--out", "{file}")])
@pytest.mark.parametrize(
    ("given", "input_"),
    [((), "stdin"), (("--text-file", "{text-file}"), "file"), (("--text={text}",), "argument"), ((), "auto")],
)
def test_text_goes_in_and_sound_comes_out_in_every_way(
    given: tuple[str, ...], input_: str, out: tuple[str, ...], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    line = "Śavāsana, 'now' \"then\" $HOME; {file} `x` %PATH% & café."
    samples = spoken({"run": run(*given, *out, "--log-in", str(tmp_path)), "input": input_}, tmp_path / "store", line)
    assert samples == pytest.approx(sum(map(str.isalnum, line)) * 0.06 * 44_100, rel=0.1)
    assert log.read_text("utf-8").partition(" ")[2] == f"{line}\n"


def test_a_rate_reaches_the_program(tmp_path: Path) -> None:
    with_rate = {"run": run("--rate", "{rate}", "--out", "{file}")}
    natural, slow = (spoken({**with_rate, "rate": rate}, tmp_path) for rate in ("150", "75"))
    assert slow == pytest.approx(2 * natural, rel=0.05)


def test_factors_are_of_the_programs_own_speed() -> None:
    given = {"rate": "120", "voice": "slt", "pitch": "90"}
    factors = {"stretch": "1.25", "speed": "0.8", "percent": "80"}
    assert values({**given, "run": "x"}, 150) == given | factors


def test_run_is_a_list_or_plain_words() -> None:
    words = ("my-tts", "--out", "{file}", "a b")
    assert split(json.dumps(words)) == words == split('my-tts --out {file} "a b"')
    assert split("~/my-tts x~/y") == (str(Path("~/my-tts").expanduser()), "x~/y")


@pytest.mark.skipif(os.name == "nt", reason="how words are quoted is shlex's, of POSIX")
def test_plain_words_are_spoken(tmp_path: Path) -> None:
    assert spoken({"run": shlex.join([sys.executable, str(A_PROGRAM), "--out", "{file}"])}, tmp_path) > 44_100


def test_text_becomes_no_option() -> None:
    given = {"text": "--help is near", "file": "1.wav"}
    assert fill(("tts", "{text}", "--say={text}", "{file}"), given) == [
        *("tts", " --help is near", "--say=--help is near", "1.wav")
    ]
    assert fill(("tts", "{text}"), {"text": "say {file}"}) == ["tts", "say {file}"]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("fail", "ended with exit code 3: the string is torn"),
        ("forget", "wrote no sound: where is my voice"),
        ("nothing", "wrote no sound"),
        ("garbage", "is not audio"),
    ],
)
@pytest.mark.parametrize("out", [(), ("--out", "{file}")])
def test_a_program_that_fails_is_tried_again_and_told(
    mode: str, reason: str, out: tuple[str, ...], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with pytest.raises(UnspokenError, match=reason) as caught:
        spoken({"run": run(mode, *out, "--log-in", str(tmp_path))}, tmp_path / "store")
    assert "tried 2 times" in caught.value.message
    assert len(log.read_text("utf-8").splitlines()) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="the system ends the program on Linux; looks into /proc")
def test_a_program_that_hangs_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(UnspokenError, match=r"did not finish within 1\.5 seconds"):
        spoken({"run": run("hang", "--log-in", str(tmp_path))}, tmp_path / "store")
    started = [int(line.split()[0]) for line in log.read_text("utf-8").splitlines()]
    assert len(started) == 2
    until(lambda: not any(map(is_running, started)))


def test_a_program_that_hangs_is_ended_before_the_booth_loses_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("A", "Let go.", "word " * 30):
        assert command.LIMIT_S + command.WORD_S * len(text.split()) < Patience().limit_s(text)
    monkeypatch.setattr(command, "LIMIT_S", 1.0)
    settings = {"run": run("wait", "--log-in", str(tmp_path))}
    allow_program(settings)
    speaker = ENGINE.open(resolve_settings(ENGINE, settings))
    with pytest.raises(RuntimeError, match=r"did not finish within 1\.4 seconds"):
        speaker.speak("Rest.", tmp_path / "1.wav")
    assert {file.name for file in tmp_path.iterdir()} <= {"log", "log.child", "1.wav"}
    if sys.platform == "linux":
        until(lambda: not is_running(int((tmp_path / "log.child").read_text("utf-8"))))


@pytest.mark.parametrize(
    ("settings", "reason", "fix"),
    [
        ({}, "`run` names no program", "such as"),
        ({"run": '["my-tts", 1]'}, "`run` names no program", "such as"),
        ({"run": '["my-tts"'}, "`run` names no program", "such as"),
        ({"run": "'my-tts"}, "`run` names no program", "such as"),
        ({"run": "no-such-tts {file}"}, "the program no-such-tts is not there", "whole path"),
        ({"run": run("{fle}")}, "nothing stands for {fle}", "did you mean {file}?"),
        ({"run": run("{zzz}")}, "nothing stands for {zzz}", "there are: text, text-file, file"),
        ({"run": run("{voice}")}, "no `voice` is given", "add voice"),
        ({"run": run(), "input": "file"}, "`input: file` needs {text-file}", "leave `input` out"),
        ({"run": run("{text}"), "input": "stdin"}, "cannot come by stdin too", "leave `input` out"),
    ],
)
def test_settings_that_cannot_be_served_are_told(settings: dict[str, str], reason: str, fix: str) -> None:
    told = ENGINE.missing(settings)
    assert told is not None
    assert reason in told[0]
    assert fix in told[1]
    with pytest.raises(SpeechError) as caught:
        ENGINE.open(resolve_settings(ENGINE, settings))
    assert caught.value.message == told[0]


def test_settings_that_can_be_served_lack_nothing() -> None:
    assert ENGINE.missing({"run": run("--out", "{file}", "{voice}"), "voice": "slt"}) is None
    assert ENGINE.trouble() is None
    assert check_settings(ENGINE, {"run": run(), "input": "by hand", "rate": "fast"})


@pytest.mark.skipif(os.name == "nt", reason="no program by its mode")
def test_a_file_that_is_no_program_is_refused_at_once(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF no program")
    broken.chmod(0o700)
    with pytest.raises(UnspokenError, match="cannot be run") as caught:
        spoken({"run": json.dumps([str(broken)])}, tmp_path / "store")
    assert "times" not in caught.value.message


@pytest.mark.skipif(os.name == "nt", reason="no program by its mode")
def test_no_text_is_handed_to_a_windows_shell(tmp_path: Path) -> None:
    batch = tmp_path / "tts.bat"
    batch.touch(0o700)
    told = ENGINE.missing({"run": json.dumps([str(batch), "{text}"])})
    assert told is not None
    assert "may not have the text" in told[0]
    assert ENGINE.missing({"run": json.dumps([str(batch), "{file}"])}) is None


def test_what_a_program_is_made_of_is_its_identity(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("one" if name == "a" else "two", "utf-8")
    a, b, c = (ENGINE.identity({"run": json.dumps([sys.executable, f"--model={tmp_path / name}"])}) for name in "abc")
    assert a != b == c
    assert len(a.split()) == 2


@pytest.mark.parametrize("engine", [FLITE, FESTIVAL, RHVOICE, SAY, ESPEAK_NG])
def test_a_program_that_is_not_there_is_told_with_the_fix(engine: Program) -> None:
    reason, fix = replace(engine, program="no-such-tts", only=None).trouble() or ("", "")
    assert reason == "the program no-such-tts is not installed"
    assert fix
    assert find(engine.name) is engine


@pytest.mark.parametrize("engine", [FLITE, FESTIVAL, RHVOICE, SAY, ESPEAK_NG, ENGINE])
def test_what_a_profile_lacks_is_asked(engine: SpeechEngine) -> None:
    assert isinstance(engine, ManyVoices)


def test_a_voices_own_pace_and_pitch_become_settings_within_bounds() -> None:
    paces = {
        engine.name: [from_pace(words) for words in (20, 140, 900)]
        for engine in (FLITE, FESTIVAL, RHVOICE, SAY, ESPEAK_NG)
        if (from_pace := engine.settings["rate"].from_pace)
    }
    bounds = {"say": ["80", "140", "400"], "espeak-ng": ["80", "140", "300"]}
    assert paces == {name: bounds.get(name, ["60", "140", "300"]) for name in paces}
    assert len(paces) == 5
    from_pitch = ESPEAK_NG.settings["pitch"].from_pitch
    assert from_pitch
    assert [from_pitch(percent) for percent in (10, 70, 85, 100, 130, 200)] == ["0", "0", "29", "50", "79", "99"]


@pytest.mark.skipif(sys.platform == "darwin", reason="the engine runs here")
def test_say_is_for_macos() -> None:
    assert replace(SAY, program=sys.executable).trouble() == (
        "the program " + sys.executable + " is not for this system",
        "it comes with macOS only; use another engine",
    )


@pytest.mark.parametrize(
    ("engine", "settings", "arguments"),
    [
        (RHVOICE, {"rate": "80"}, "-r {percent} -t {pitch} -i {text-file} -o {file}"),
        (RHVOICE, {"voice": "slt"}, "-p {voice} -r {percent} -t {pitch} -i {text-file} -o {file}"),
        (SAY, {}, "-r {rate} --file-format=WAVE --data-format=LEI16@22050 -o {file} -f {text-file}"),
    ],
)
def test_a_program_is_asked_as_its_row_says(engine: Program, settings: dict[str, str], arguments: str) -> None:
    speaker = replace(engine, program=sys.executable).open(resolve_settings(engine, settings))
    assert isinstance(speaker, ProgramSpeaker)
    assert speaker.arguments[1:] == tuple(arguments.split())
    assert speaker.values["percent"] == ("50" if "rate" in settings else "100")


def test_what_opens_a_command_of_say_is_harmless() -> None:
    assert SAY.markup(Phrase(("[[volm 0]] now",), 0)) == "[ [volm 0]] now"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("naïve café, prāṇāyāma", "naive cafe, pranayama"),
        ("It’s here — and so on…", "It's here ,  and so on."),
        ("turn 90° now 😀", "turn 90 degrees  now"),
        ("say 你好", "say 你好"),
    ],
)
def test_text_is_written_in_plain_letters(text: str, plain: str) -> None:
    assert programs.plain_ascii(Phrase((text,), 0)) == plain


@pytest.fixture
def installed(request: pytest.FixtureRequest) -> Program:
    """Return the engine, where it runs."""
    engine: Program = request.param
    if trouble := engine.trouble() or engine.missing({}):
        pytest.skip(f"{trouble[0]}: {trouble[1]}")
    return engine


@pytest.mark.real
@pytest.mark.parametrize("installed", [FLITE, FESTIVAL], indirect=True)
def test_other_scripts_are_refused(installed: Program, tmp_path: Path) -> None:
    with pytest.raises(UnspokenError, match="cannot say `你好`") as caught:
        speak(jobs(installed.name, "Say 你好 to 你."), Recordings.at(tmp_path), finish)
    assert "times" not in caught.value.message


@pytest.mark.real
@pytest.mark.parametrize("installed", [FLITE, FESTIVAL, ESPEAK_NG], indirect=True)
def test_its_own_speed_is_the_default_and_half_the_rate_is_slower(installed: Program, tmp_path: Path) -> None:
    own = installed.settings["rate"].default
    half = str(max(int(own) // 2, installed.settings["rate"].low or 0))
    natural, named, slow = (
        speak(jobs(installed.name, LINE, settings=settings), Recordings.at(tmp_path), finish)[0][0].samples
        for settings in ({}, {"rate": own}, {"rate": half})
    )
    assert natural == named
    assert 1.5 < slow / natural < 2.5


@pytest.mark.real
@pytest.mark.parametrize("installed", [FLITE], indirect=True)
def test_every_voice_of_flite_speaks(installed: Program, tmp_path: Path) -> None:
    assert installed.voices is not None
    settings = [{"voice": voice} for voice in installed.voices()]
    lengths = {
        speak(jobs("flite", LINE, settings=one), Recordings.at(tmp_path), finish)[0][0].samples for one in settings
    }
    assert len(lengths) == len(settings)
    assert check_settings(installed, {"voice": "no-such-voice"})


@pytest.mark.real
@pytest.mark.parametrize("installed", [FESTIVAL], indirect=True)
def test_a_voice_of_festival_that_is_not_installed_is_missing(installed: Program, tmp_path: Path) -> None:
    elsewhere = replace(installed, voices=lambda: ("rab_diphone",))
    assert elsewhere.missing({}) == (
        "festival has no voice `cmu_us_slt_arctic_hts`",
        "apt install festvox-us-slt-hts",
    )
    assert elsewhere.missing({"voice": "rab-diphone"}) == (
        "festival has no voice `rab-diphone`",
        "did you mean `rab_diphone`?",
    )
    with pytest.raises(UnspokenError, match=r"has no voice `x\)"):
        speak(jobs("festival", LINE, settings={"voice": "x) (quit"}), Recordings.at(tmp_path), finish)
