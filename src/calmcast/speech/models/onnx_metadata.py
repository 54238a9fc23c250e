"""What an ONNX file says about itself, read without a library and without its weights.

An ONNX file is one `ModelProto` in protobuf's wire format (onnx.proto): field 7 is the graph, field 14 each entry of
the metadata, a message of key (field 1) and value (field 2).
"""

import os
from pathlib import Path
from typing import BinaryIO

_GRAPH, _METADATA = 7, 14
_KEY, _VALUE = 1, 2
_LONGEST_VARINT = 10
_LONGEST_ENTRY = 1 << 20


def read_metadata(path: Path) -> dict[str, str]:
    """Return the metadata of an ONNX file. Raises ValueError where it is none or is not whole, OSError as `open`."""
    size = path.stat().st_size
    found: dict[str, str] = {}
    has_graph = False
    with path.open("rb") as file:
        while file.tell() < size:
            number, length = field(file)
            if file.tell() + length > size:
                raise ValueError("it is cut short")
            if number == _METADATA and length < _LONGEST_ENTRY:
                found.update([_entry(file, file.tell() + length)])
            else:
                has_graph = has_graph or number == _GRAPH
                file.seek(length, os.SEEK_CUR)
    if not has_graph:
        raise ValueError("it is no ONNX file")
    return found


def _entry(file: BinaryIO, end: int) -> tuple[str, str]:
    texts = {_KEY: "", _VALUE: ""}
    while file.tell() < end:
        number, length = field(file)
        texts[number] = file.read(length).decode("utf-8", errors="replace")
    return texts[_KEY], texts[_VALUE]


def field(file: BinaryIO) -> tuple[int, int]:
    """Return a field's number and how many bytes of it follow."""
    key = _varint(file)
    match key & 7:
        case 0:
            _varint(file)
            return key >> 3, 0
        case 1:
            return key >> 3, 8
        case 2:
            return key >> 3, _varint(file)
        case 5:
            return key >> 3, 4
    raise ValueError("it is no ONNX file")


def _varint(file: BinaryIO) -> int:
    """Return a number of seven bits a byte, the lowest first; the eighth bit says that more follow."""
    value = 0
    for i in range(_LONGEST_VARINT):
        byte = file.read(1)
        if not byte:
            raise ValueError("it is cut short")
        value |= (byte[0] & 0x7F) << 7 * i
        if byte[0] < 0x80:
            return value
    raise ValueError("it is no ONNX file")
