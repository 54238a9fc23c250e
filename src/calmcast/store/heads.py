"""Heads of sounds: what is known of them in words, and their loudness over time."""

import json
from collections.abc import Mapping, Sequence
from struct import Struct, error
from typing import Any

from calmcast.jsonfile import object_of


def pack(said: Mapping[str, object], loudness: Sequence[float]) -> bytes:
    """Return a line of JSON, then each number of `loudness` as 64-bit little-endian float."""
    return json.dumps(said).encode("ascii") + b"\n" + Struct(f"<{len(loudness)}d").pack(*loudness)


def unpack(head: bytes) -> tuple[dict[str, Any], tuple[float, ...]]:
    """Return what was packed. Raises ValueError where that is something else."""
    line, _, loudness = head.partition(b"\n")
    said = object_of(line)
    try:
        return said, Struct(f"<{len(loudness) // 8}d").unpack(loudness)
    except error as cut:
        raise ValueError("cut off") from cut
