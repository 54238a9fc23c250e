"""A Piper model, opened by onnxruntime; as it has rewritten it for itself, which opens in a quarter of the time.

The rewritten model is kept among what is cached for the user, under the state of the file that it was made from and all
that decides what becomes of it. It speaks the very same samples.
"""

import json
import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

import onnxruntime
from platformdirs import user_cache_path

from calmcast.files import hidden_name, sweep
from calmcast.packages import version
from calmcast.speech.models.onnx_metadata import field

_FORMAT = 1
"""Part of every key. Goes up when a model is rewritten in another way."""
_MOST = 4
"""So many rewritten models are kept, those used last; one is 60 MB."""
_GRAPH, _NODE, _NODE_OUTPUT, _NODE_TYPE, _OUTPUT, _NAME = 7, 1, 2, 4, 12, 1
"""Fields of onnx.proto: of a model, a graph, a node, a graph again, and a value."""
_LONGEST_NODE = 1 << 16
_CHUNK_BYTES = 1 << 18


def open_session(weights: Path, seed: int, *, draws: bool) -> Any:
    """Return a model's `onnxruntime.InferenceSession`, on one thread; it also gives the length of each sound.

    `draws`: whether chance is asked for. It comes from `seed`, and from the place of each node, so that such a model is
    opened as it is. Raises OSError, and what onnxruntime raises, which has an exception of its own for every damage.
    """
    # On Windows it tells the system, whatever `calmcast.speech` has set.
    onnxruntime.disable_telemetry_events()
    # Chance is drawn from what the seed was when the session was made.
    onnxruntime.set_seed(seed)
    if draws:
        return _opened(_telling_lengths(weights.read_bytes()), _options())
    sweep(_folder())  # one that was killed leaves 60 MB
    key = _key(weights)
    return _kept_session(key) or _rewritten(_telling_lengths(weights.read_bytes()), key)


def _opened(model: bytes | str, options: onnxruntime.SessionOptions) -> Any:
    # By itself onnxruntime opens a model that it cannot open a second time, while it still holds the first.
    session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"], enable_fallback=False)
    # onnxruntime keeps the bytes it was given, to open them again by other providers: there are none.
    session._model_bytes = None
    return session


def _options(level: Any = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED) -> onnxruntime.SessionOptions:
    """`level`: by itself all that holds on every machine; what is left out concerns pictures."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.graph_optimization_level = level
    # Else a sentence as long as one before takes a second place in memory.
    options.enable_mem_pattern = False
    return options


def _kept_session(key: str) -> Any:
    """Return the session of a rewritten model that is kept; None where there is none that opens."""
    with suppress(Exception):  # a file that passes its check and is no model: the teacher's own opens, or is told of
        if (kept := _kept(key)) is not None:
            session = _opened(str(kept), _options(onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL))
            with suppress(OSError):  # where it can only be read
                os.utime(kept)
            return session
    return None


def _rewritten(model: bytes, key: str) -> Any:
    """Return the session of a model, and keep what onnxruntime has made of it where there is room."""
    draft = _folder() / hidden_name()
    try:
        session = _written(model, draft)
        if session is None:  # nothing of a first one is held by now: there is room for one alone
            return _opened(model, _options())
        with suppress(OSError):
            draft.replace(_folder() / f"{key}-{_check(draft):08x}.onnx")
            _thin_out()
        return session
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _written(model: bytes, draft: Path) -> Any:
    """Return the session of a model that has written itself to `draft`; None where it cannot."""
    with suppress(Exception):  # whatever is wrong with the cache; what is wrong with the model is told without it
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.touch()
        options = _options()
        options.optimized_model_filepath = str(draft)
        return _opened(model, options)
    return None


def _folder() -> Path:
    return user_cache_path("calmcast", appauthor=False) / "models"


def _key(weights: Path) -> str:
    """Return what tells a rewritten model from every other; the file's content is held to its state."""
    about = weights.stat()
    state = str(weights), about.st_size, about.st_mtime_ns, about.st_ino
    made_by = _FORMAT, version("onnxruntime"), platform.system(), platform.machine()
    return sha256(json.dumps([*state, *made_by]).encode()).hexdigest()[:32]


def _kept(key: str) -> Path | None:
    """Return the rewritten model of a key, or None where it is not there, or damaged."""
    for path in _folder().glob(f"{key}-*.onnx"):
        if path.stem == f"{key}-{_check(path):08x}":
            return path
        path.unlink()
    return None


def _check(path: Path) -> int:
    """Return the check sum of a file: 10 ms for 60 MB."""
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            found = crc32(chunk, found)
    return found


def _thin_out() -> None:
    """Remove all but what was used last."""
    found = sorted(_folder().iterdir(), key=lambda path: path.stat().st_mtime_ns)
    for path in found[:-_MOST]:
        path.unlink()


def _telling_lengths(data: bytes) -> bytes:
    """Return a model that gives a second thing: how long each sound is, in hops, which it rounds up on the way.

    As `piper.patch_voice_with_alignment` does, without the package onnx: protobuf joins messages that follow each
    other, so the graph's further output is written behind the model. One with no such node stays as it is.
    """
    names = {name for name in _ceilings(data) if name}
    if len(names) != 1:
        return data
    output = _field(_OUTPUT, _field(_NAME, names.pop()))
    return data + _field(_GRAPH, output)


def _ceilings(data: bytes) -> Iterator[bytes]:
    """Yield what each node of the type `Ceil` gives its output as name."""
    for start, end in _parts(data, 0, len(data), _GRAPH):
        for node, after in _parts(data, start, end, _NODE):
            # Few nodes hold the word at all: only these are taken apart.
            if after - node >= _LONGEST_NODE or data.find(b"Ceil", node, after) < 0:
                continue
            if [data[a:b] for a, b in _parts(data, node, after, _NODE_TYPE)] == [b"Ceil"]:
                yield from (data[a:b] for a, b in _parts(data, node, after, _NODE_OUTPUT))


def _parts(data: bytes, start: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where each field of this number lies in a message of protobuf."""
    stream = BytesIO(data)
    stream.seek(start)
    while stream.tell() < end:
        number, length = field(stream)
        if number == wanted:
            yield stream.tell(), stream.tell() + length
        stream.seek(length, os.SEEK_CUR)


def _field(number: int, content: bytes) -> bytes:
    """Return a field of protobuf with this content, of fewer than 128 bytes."""
    return bytes((number << 3 | 2, len(content))) + content
