"""`calmcast record live` on a terminal, with a microphone that plays a file: ALSA's plugin `file` over `null`."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calmcast.takes.ledger import load_ledger

OWN = Path("recordings") / "my-recordings"
ASOUND = """\
pcm.!default {{
  type plug
  slave.pcm {{ type file, slave.pcm null, file /dev/null, infile {sound}, format raw }}
}}
ctl.!default {{ type hw, card 0 }}
"""


def portaudio() -> bool:
    try:
        import sounddevice  # noqa: F401
    except OSError:
        return False
    return True


pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux's"),
    pytest.mark.skipif(not portaudio() and not os.environ.get("CI"), reason="libportaudio2 is not installed"),
]


@pytest.fixture
def script(workspace: Path, tmp_path: Path) -> Path:
    """Return a script of three lines in one's own voice; the microphone hears a tone of a second and a half."""
    import numpy as np

    path = workspace / "scripts" / "mine.yaml"
    steps = "[Hello there., Let go., Thank you.]"
    path.write_text(f"title: Mine\nvoice: my-recordings\nsegments:\n- {{title: All, steps: {steps}}}\n")
    time_s = np.arange(2 * 44_100) / 44_100
    sound = np.where((time_s > 0.3) & (time_s < 1.8), 8_000 * np.sin(2 * np.pi * 220 * time_s), 0.0)
    hiss = np.random.default_rng(1).normal(0, 4, len(sound))
    (tmp_path / "heard.raw").write_bytes((sound + hiss).astype("<i2").tobytes())
    (tmp_path / ".asoundrc").write_text(ASOUND.format(sound=tmp_path / "heard.raw"))
    return path


class Terminal:
    """calmcast in a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self._here, there = pty.openpty()
        command = [sys.executable, "-m", "calmcast", *arguments]
        self.process = subprocess.Popen(command, stdin=there, stdout=there, stderr=there, close_fds=True)
        os.close(there)
        self.seen = ""

    def until(self, text: str, seconds: float = 60.0) -> None:
        """Wait until this is shown, after what was waited for before."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self._here], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{text!r} was never shown: {self.seen!r}"
            try:
                self.seen += os.read(self._here, 65_536).decode("utf-8", "replace")
            except OSError:
                break
        assert text in self.seen, self.seen
        self.seen = self.seen.partition(text)[2]

    def press(self, keys: str) -> None:
        """Press keys, a moment after what was shown: what is typed before a key is waited for is thrown away."""
        time.sleep(0.3)
        os.write(self._here, keys.encode())

    def close(self) -> int:
        self.process.wait(30)
        os.close(self._here)
        return self.process.returncode


def record(terminal: Terminal, line: str, answer: str) -> None:
    terminal.until(line)
    terminal.press("\r")
    terminal.until("Enter ends it")
    terminal.press("\r")
    terminal.until("level good")
    terminal.press(answer)


def test_line_by_line_stopped_and_gone_on_with(script: Path, workspace: Path) -> None:
    terminal = Terminal("record", "live", "mine")
    record(terminal, "Hello there.", "r")  # once more
    terminal.until("Enter ends it")
    terminal.press("\r")
    terminal.until("level good")
    terminal.press("\r")
    terminal.until("Let go.")
    terminal.press("s")
    terminal.until("Thank you.")
    terminal.press("q")
    terminal.until("1 recorded; 2 left")
    assert terminal.close() == 0
    (take,) = load_ledger(workspace / OWN).newest().values()
    assert take.text == "Hello there."
    assert take.doubt is None
    assert abs((take.end - take.start) / 44_100 - 1.66) < 0.1

    terminal = Terminal("record", "live", "mine")
    record(terminal, "Let go.", "\r")
    terminal.until("Thank you.")
    terminal.press("\x03")
    terminal.until("Stopped.")
    assert terminal.close() == 130
    assert {take.text for take in load_ledger(workspace / OWN).newest().values()} == {"Hello there.", "Let go."}


def test_without_a_microphone_it_says_so(script: Path, tmp_path: Path) -> None:
    (tmp_path / ".asoundrc").unlink()
    terminal = Terminal("record", "live", "mine")
    terminal.until("there is no microphone here")
    assert terminal.close() == 5
