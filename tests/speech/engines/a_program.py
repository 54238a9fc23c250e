"""A program that speaks, for tests of the engine `command`: `python a_program.py [MODE] [--rate N] ...`.

It sounds 60 ms for each letter at 150 words a minute, and writes its number and what it is to say to the file `log` in
the folder `--log-in`.
"""

import argparse
import io
import math
import os
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path


def sound(text: str, rate: int) -> bytes:
    """Return a WAV file that lasts as long as the text."""
    count = round(sum(c.isalnum() for c in text) * 0.06 * 16_000 * 150 / rate)
    samples = (round(8_000 * math.sin(i / 16)) for i in range(count))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 16_000, 0, "NONE", ""))
        writer.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", nargs="?", default="speak")
    parser.add_argument("--rate", type=int, default=150)
    for name in ("--text", "--text-file", "--out", "--log-in"):
        parser.add_argument(name)
    asked = parser.parse_args()
    if asked.text is not None:
        text = asked.text
    elif asked.text_file:
        text = Path(asked.text_file).read_text("utf-8")
    else:
        text = sys.stdin.buffer.read().decode("utf-8")
    if asked.log_in:
        with (Path(asked.log_in) / "log").open("a", encoding="utf-8") as log:
            log.write(f"{os.getpid()} {text.rstrip(chr(10))}\n")
    if asked.mode == "hang":
        time.sleep(600)
    if asked.mode == "wait":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (Path(asked.log_in) / "log.child").write_text(str(child.pid), "utf-8")
        child.wait()
    if asked.mode == "fail":
        print("The bow is tight.\nthe string is torn\n", file=sys.stderr)
        return 3
    written = {"nothing": b"", "garbage": b"no sound at all" * 999}.get(asked.mode, sound(text, asked.rate))
    if asked.mode == "forget":
        print("where is my voice?", file=sys.stderr)
    elif asked.out:
        Path(asked.out).write_bytes(written)
    else:
        sys.stdout.buffer.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
