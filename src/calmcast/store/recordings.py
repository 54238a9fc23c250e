"""Recordings in a store: a line spoken once serves every length, every track and every later run.

What is known of a recording is its head, so a plan reads no samples; they are read when it sounds. Where they turn out
damaged then, whoever made the recording makes it once more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from calmcast.errors import SpeechError
from calmcast.model.voice import Recording
from calmcast.store.folder import FolderStore
from calmcast.store.heads import pack, unpack
from calmcast.store.store import RECORDING, Store

FORMAT = 6
"""Part of every key. Goes up when recordings are trimmed, measured or kept in another way."""
_MAKING_AGAIN = Lock()
"""A line that comes twice in a track may be read by two threads at once."""


Make = Callable[["Recordings"], object]
"""Makes a recording and keeps it among these."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """The recordings of a store."""

    store: Store
    again: dict[str, "Make"] = field(default_factory=dict, compare=False)
    """How a recording is made once more, by its key; told by whoever asks for recordings."""

    @classmethod
    def at(cls, folder: Path) -> "Recordings":
        """Return those that are kept in a folder."""
        return cls(FolderStore(folder))

    def get(self, key: str) -> Recording | None:
        """Return the recording of this key, or None where there is none, or one that is damaged."""
        return self.several([key]).get(key)

    def several(self, keys: Iterable[str]) -> dict[str, Recording]:
        """Return the recordings of those of these keys that are there."""
        heads = self.store.heads(_kept_as(key) for key in keys)
        found = (_recording(key.removeprefix(f"{RECORDING}-"), head) for key, head in heads.items())
        return {recording.key: recording for recording in found if recording}

    def pcm(self, recording: Recording) -> bytes:
        """Return a recording's samples: mono, 16-bit little-endian, at 44 100 Hz.

        Where they are gone or damaged they are made again, once in a run. Raises SpeechError where nobody has told how,
        and what making them raises.
        """
        pcm = self._whole(recording)
        if pcm is None:
            with _MAKING_AGAIN:
                pcm = self._whole(recording) or self._made_again(recording)
        if pcm is None:
            raise SpeechError("a recording is gone or damaged", "run the command again: the line is spoken anew")
        return pcm

    def _whole(self, recording: Recording) -> bytes | None:
        pcm = self.store.get(_kept_as(recording.key))
        return pcm if pcm is not None and len(pcm) == 2 * recording.samples else None

    def _made_again(self, recording: Recording) -> bytes | None:
        make = self.again.pop(recording.key, None)
        if make is None:
            return None
        make(self)
        return self._whole(recording)

    def put(self, recording: Recording, pcm: bytes) -> None:
        """Keep a recording and its samples, in place of any of the same key. Raises SpeechError where it can't."""
        if len(pcm) != 2 * recording.samples:
            raise ValueError(f"{len(pcm)} bytes are not {recording.samples} samples")
        try:
            self.store.put(_kept_as(recording.key), pcm, _head(recording))
        except OSError as error:
            raise SpeechError(
                f"recordings cannot be kept in {self.store.place}: {error.strerror or error}",
                "free some space there, or name another folder in settings.yaml or with CALMCAST_STORE",
            ) from error


def _kept_as(key: str) -> str:
    return f"{RECORDING}-{key}"


def _head(recording: Recording) -> bytes:
    said = {
        "samples": recording.samples,
        "silences": recording.silences,
        "peak": recording.peak,
        "heard": recording.heard,
    }
    return pack(said, recording.loudness)


def _recording(key: str, head: bytes) -> Recording | None:
    """Return what a head says of a recording; None where it says something else."""
    try:
        said, loudness = unpack(head)
        return Recording(
            key=key,
            samples=int(said["samples"]),
            silences=tuple((int(start), int(length)) for start, length in said["silences"]),
            loudness=loudness,
            peak=float(said["peak"]),
            heard=(int(said["heard"][0]), int(said["heard"][1])) if said["heard"] else None,
        )
    except (ValueError, KeyError, TypeError):
        return None
