import os
import shlex
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

from calmcast.audio.player import play
from tests.conftest import needs

PLAYING = "import sys; from pathlib import Path; from calmcast.audio.player import play; print(play(Path(sys.argv[1])))"


def sound(path: Path, length_s: float) -> Path:
    """Write silence as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * int(8000 * length_s)))
    return path


def player(folder: Path, script: str, name: str = "player") -> str:
    """Make a program that runs a Python script with the sound's path in `path`, and notes that path beside itself."""
    code = folder / f"{name}.py"
    noted = f"import pathlib, sys, time; path = sys.argv[1]; pathlib.Path({str(folder / 'heard')!r}).write_text(path)\n"
    code.write_text(noted + script, encoding="utf-8")
    if sys.platform == "win32":
        program = folder / f"{name}.bat"
        program.write_text(f'@"{sys.executable}" "{code}" %1\n', encoding="utf-8")
    else:
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(code)])} "$1"\n', encoding="utf-8")
        program.chmod(0o755)
    return str(program)


def test_nothing_is_played_where_the_user_wants_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", "none")
    assert play(sound(tmp_path / "a.wav", 0.1)) is False


def test_the_player_that_the_user_names_gets_the_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", player(tmp_path, "time.sleep(0.2)"))
    monkeypatch.chdir(tmp_path)
    for name in ("--version.wav", "two  words & “more”; $HOME.wav", "http:a.wav"):
        if sys.platform == "win32" and name != "--version.wav":
            continue
        assert play(sound(Path(name), 0.1)) is True
        assert (tmp_path / "heard").read_text() == str(tmp_path / name)


@pytest.mark.parametrize("script", ["sys.exit('no sound card')", "print('noise', file=sys.stderr)"])
def test_a_player_that_fails_or_ends_too_soon_has_not_played(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", player(tmp_path, script))
    assert play(sound(tmp_path / "a.wav", 2.5)) is False
    assert (tmp_path / "heard").exists()
    assert capfd.readouterr() == ("", "")


def test_without_a_sound_or_a_player_nothing_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", "no-such-player")
    assert play(sound(tmp_path / "a.wav", 0.1)) is False
    monkeypatch.setenv("CALMCAST_PLAYER", player(tmp_path, "time.sleep(0.2)"))
    assert play(tmp_path / "not-there.wav") is False
    assert play(tmp_path) is False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows hands the file to another program")
def test_a_machine_without_players_is_told_from_one_that_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALMCAST_PLAYER", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PULSE_SERVER", "somewhere")
    monkeypatch.setenv("PATH", str(tmp_path))
    path = sound(tmp_path / "a.wav", 0.1)
    assert play(path) is False
    player(tmp_path, "sys.exit(1)", "mpv")
    assert play(path) is False
    player(tmp_path, "time.sleep(0.2)", "aplay")
    assert play(path) is True, "the next player has its turn where one fails"
    assert play(path.rename(tmp_path / "a.mp3")) is False, "aplay would play noise"


def test_in_ci_nothing_is_played_off_a_terminal(tmp_path: Path) -> None:
    env = os.environ | {"CI": "1", "PULSE_SERVER": "somewhere", "CALMCAST_PLAYER": ""}
    path = sound(tmp_path / "a.wav", 5)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PLAYING, str(path)], env=env, capture_output=True, stdin=subprocess.DEVNULL, check=True
    )
    assert done.stdout.split() == [b"False"]
    assert time.monotonic() - began < 4


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c_stops_the_player_quietly(tmp_path: Path) -> None:
    # It tells its number when whoever started it surely waits for it.
    told = f"pathlib.Path({str(tmp_path / 'id')!r}).write_text(str(__import__('os').getpid()))"
    script = f"time.sleep(0.5); {told}; time.sleep(60)"
    env = os.environ | {"CALMCAST_PLAYER": player(tmp_path, script)}
    command = [sys.executable, "-c", PLAYING, str(sound(tmp_path / "a.wav", 60))]
    run = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    number = tmp_path / "id"
    limit = time.monotonic() + 60
    while not (number.exists() and number.read_text()):
        assert time.monotonic() < limit
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=10)
    assert (run.returncode, out.split(), err) == (0, [b"True"], b"")
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


@pytest.mark.real
@needs("ffplay")
def test_ffplay_plays_to_the_end_and_is_found_out_where_there_is_no_sound_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", "ffplay")
    path = sound(tmp_path / "-nodisp 1.wav", 1.5)
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    assert play(path) is True
    monkeypatch.setenv("SDL_AUDIODRIVER", "no-such-driver")
    assert play(path) is False
    assert capfd.readouterr() == ("", "")
