"""Sound aloud, with what the system has."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_PLAYERS: Mapping[str, tuple[str, ...]] = {
    "mpv": ("--no-terminal", "--no-video"),
    "ffplay": ("-nodisp", "-autoexit", "-loglevel", "quiet"),
    "mpg123": ("-q",),
    "pw-play": (),
    "paplay": (),
    "aplay": ("-q",),
    "afplay": (),
}
"""Programs that play a file and end, and what they are told besides its name; the best first."""
_ONLY = {"mpg123": ".mp3", "aplay": ".wav"}
_POWERSHELL = "(New-Object Media.SoundPlayer $env:CALMCAST_SOUND).PlaySync()"
_MOMENT_S = 3.0
_LATE_S = 10.0
"""How much longer than the sound a player may take, to start and to end."""
_STOP_S = 1.0
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0


def play(path: Path) -> bool:
    """Play an audio file to its end, or until Ctrl-C; return whether there was something to play it with.

    The environment variable CALMCAST_PLAYER names the program to play with, or `none` for silence. Without it,
    nothing is played in CI off a terminal. A player that fails at once, as without a sound card, counts as none.
    """
    if not path.is_file():
        return False
    # From the root on no name begins with a hyphen, and none looks like an address.
    path = path.absolute()
    wanted = os.environ.get("CALMCAST_PLAYER", "").strip()
    if wanted:
        commands = iter(()) if wanted.lower() == "none" else _named(wanted, path)
    elif _mute() or (os.environ.get("CI") and not sys.stdout.isatty()):
        return False
    else:
        commands = _commands(path)
    return any(_played(command, path) for command in commands) or (not wanted and _opened(path))


def _mute() -> bool:
    """Return whether this Linux machine has nothing to sound with; some players never end there."""
    if sys.platform != "linux":
        return False
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    server = os.environ.get("PULSE_SERVER") or os.environ.get("PIPEWIRE_REMOTE")
    sockets = (folder / "pulse" / "native", folder / "pipewire-0")
    return not (server or any(map(Path.exists, sockets)) or any(Path("/dev/snd").glob("pcm*p")))


def _named(program: str, path: Path) -> Iterator[list[str]]:
    """Yield the command for the program that the user names."""
    if found := shutil.which(program):
        yield [found, *_PLAYERS.get(Path(program).stem.lower(), ()), str(path)]


def _commands(path: Path) -> Iterator[list[str]]:
    """Yield the commands of this system that may play the file, the best first."""
    if sys.platform == "win32" and path.suffix.lower() == ".wav":
        yield ["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL]
    for name in ("afplay", *_PLAYERS) if sys.platform == "darwin" else _PLAYERS:
        if _ONLY.get(name, path.suffix.lower()) == path.suffix.lower():
            yield from _named(name, path)


def _played(command: list[str], path: Path) -> bool:
    """Run a player to its end; return False where it does not start, fails, or ends before the sound can have."""
    # PowerShell reads the name from here, so that nothing in it can be taken for a command.
    env = os.environ | {"CALMCAST_SOUND": str(path)}
    quiet = subprocess.DEVNULL
    length_s = _length_s(path)
    began = time.monotonic()
    try:
        player = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=env, creationflags=_NO_WINDOW)
    except OSError:
        return False
    try:
        code = player.wait(length_s + _LATE_S if length_s else None)
    except subprocess.TimeoutExpired:
        return False
    except KeyboardInterrupt:
        return True
    finally:
        _stop(player)
    took_s = time.monotonic() - began
    # ffplay ends well where it found no sound card, only too soon.
    return took_s > _MOMENT_S or (code == 0 and took_s > 0.8 * length_s)


def _length_s(path: Path) -> float:
    """Return how long a file sounds, in seconds; 0 where that cannot be told."""
    import av

    with suppress(av.FFmpegError, OSError, ValueError), av.open(str(path)) as file:
        return (file.duration or 0) / 1_000_000
    return 0.0


def _stop(player: "subprocess.Popen[bytes]") -> None:
    if player.poll() is None:
        player.terminate()
        try:
            player.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            player.kill()
            # Ctrl-C at the wrong moment of an earlier `wait` leaves the lock taken that all wait for: so not for ever.
            with suppress(subprocess.TimeoutExpired):
                player.wait(_STOP_S)


def _opened(path: Path) -> bool:
    """Hand the file to the program that Windows opens such files with; return whether there is one."""
    if sys.platform == "win32":
        with suppress(OSError):
            os.startfile(path)  # noqa: S606  # a sound that calmcast made
            return True
    return False
