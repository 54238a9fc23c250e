"""Inputs that once failed, each a small text file: its kind, what it was about, and its bytes where all can be seen."""

import re
from pathlib import Path

from tests.fuzz.trial import Input

CORPUS = Path(__file__).parent / "corpus"

_SEEN = re.compile(rb"\\(?:x([0-9a-f]{2})|\\)")


def kept() -> list[Path]:
    """Return every file of the corpus."""
    return sorted(CORPUS.glob("*.txt"))


def load(path: Path) -> Input:
    """Return the input that a file of the corpus holds: `script-what-was-wrong.txt`."""
    return Input(path.stem.partition("-")[0], hidden(path.read_bytes().replace(b"\r\n", b"\n")))


def keep(given: Input, name: str, folder: Path = CORPUS) -> Path:
    """Write an input into a file of the corpus."""
    path = folder / f"{given.kind}-{name}.txt"
    path.write_bytes(seen(given.data))
    return path


def seen(data: bytes) -> bytes:
    r"""Return bytes in which every letter that can be seen is itself, and the others are `\xff`."""
    text = data.decode("utf-8", "surrogateescape")
    return "".join(c if c == "\n" or (c.isprintable() and c != "\\") else _escaped(c) for c in text).encode()


def hidden(data: bytes) -> bytes:
    """Return the bytes that `seen` made visible."""
    return _SEEN.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else b"\\", data)


def _escaped(character: str) -> str:
    data = character.encode("utf-8", "surrogateescape")
    return "\\\\" if character == "\\" else "".join(f"\\x{byte:02x}" for byte in data)
