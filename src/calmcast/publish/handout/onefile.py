"""A class as one file that needs no other and no network: its page with the sound inside, to be sent by mail."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

from calmcast.errors import PublishError
from calmcast.files import atomic_file
from calmcast.model.handout import Handout
from calmcast.publish.handout.page import page

MAIL_BYTES = 20_000_000
"""What a mail may have that arrives nearly everywhere: some providers take 20 MB, some 25."""
_ROW, _ROW_IN_MAIL = 57, 78
"""So many bytes are a row of a mail (RFC 2045, section 6.8: base64 in rows of 76 and a line break)."""
_BLOCK_BYTES = 3 << 18
"""A multiple of three, so that blocks of base64 can stand one behind the other."""


def mailed(size: int) -> int:
    """Return how many bytes a file of so many takes in a mail."""
    return -(-size // _ROW) * _ROW_IN_MAIL


def one_file_bytes(sound: int) -> int:
    """Return about how many bytes a page has that holds so many of sound: base64, and a page of its own."""
    return sound * 4 // 3 + 200_000


def write_one_file(folder: Path, handout: Handout, pictures: Mapping[str, bytes], path: Path) -> int:
    """Write a handout's page to `path`, the MP3s of `folder` and these JPEGs inside it; return how many bytes it has.

    It is whole or absent, and grows on disk a block at a time. Raises PublishError where an MP3 is gone or the page
    cannot be written.
    """
    with atomic_file(path) as file:
        for piece in _pieces(handout, pictures):
            if isinstance(piece, str):
                file.write(piece.encode())
            else:
                for block in _base64(folder / piece):
                    file.write(block)
        return file.tell()


def _pieces(handout: Handout, pictures: Mapping[str, bytes]) -> Iterator[str | Path]:
    """Yield the page in pieces: text, and the name of each MP3 whose base64 stands there."""
    every = (*handout.tracks, *handout.ways_out)
    tracks = {track.sha256: Path(track.file) for track in every}
    # Nobody's words hold the digest of a file that they are in.
    inside = {track.file: f"data:audio/mpeg;base64,{track.sha256}" for track in every}
    inside |= {name: f"data:image/jpeg;base64,{b64encode(data).decode()}" for name, data in pictures.items()}
    text = page(handout, seed=handout.name, app="", inside=inside)
    for piece in re.split(f"(?<=;base64,)({'|'.join(tracks)})", text):
        yield tracks.get(piece, piece)


def _base64(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield b64encode(block)
    except OSError as error:
        raise PublishError(f"{path} cannot be read: {error.strerror or error}", "run it again") from error
