"""JSON from anywhere is an object, or a ValueError."""

import json
from pathlib import Path

import pytest

from calmcast.jsonfile import object_of, read_object

DAMAGE = {
    "nothing": b"",
    "cut off": b'{"takes": [{"id": "a", "te',
    "no JSON": b"\x00\xff\xfe\x01",
    "a list": b"[]",
    "a number": b"12",
    "null": b"null",
    "deep": b'{"takes": ' * 100_000,
    "deep and whole": b'{"a": ' * 5_000 + b"1" + b"}" * 5_000,
    "not a number": b'{"takes": NaN}',
    "beyond all numbers": b'{"takes": 1e999}',
    "a long number": b'{"takes": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("data", DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        object_of(data)


def test_an_object_is_what_it_is(tmp_path: Path) -> None:
    said = {"name": "Süße Ruhe", "many": [1, 2.5, None, True], "within": {"a": "b"}}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(said), encoding="utf-8-sig")
    assert read_object(path) == said


def test_a_file_that_is_far_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": "b" * 1_000}), encoding="utf-8")
    with pytest.raises(ValueError, match="far too large"):
        read_object(path, 100)
