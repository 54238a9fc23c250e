"""What Piper writes about a voice beside its model: `en_US-amy-low.onnx.json`, read and held to its form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.jsonfile import object_of

NOTES = ".onnx.json"
"""How the file's name ends."""
LARGEST = 4_000_000
"""In bytes; that of 904 speakers has 20 000."""
BOTH = "a voice of Piper is two files, X.onnx and X.onnx.json: fetch both again, and keep them in one folder"
_OTHER = "choose another voice: calmcast voices add lists those that are known to speak"

RULES = ("espeak", "text")
"""The ways of reading that need nothing besides Piper itself."""

_MARKS = ("_", "^", "$")
"""Padding, beginning and end: without them, Piper's voices say nothing."""


def notes_of(model: Path) -> Path | None:
    """Return what Piper wrote about a model, beside it: `X.onnx.json`, or `X.json`; None where there is nothing."""
    beside = (model.with_name(f"{model.name}.json"), model.with_suffix(".json"))
    return next((path for path in beside if path.is_file()), None)


def check_notes(path: Path, called: str = "") -> None:
    """Raise SpeechError, in words, where the file is not what Piper writes about a voice. `called`: its own name."""
    called = called or path.name
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise SpeechError(f"{called} cannot be read: {(error.strerror or 'no reason given').lower()}", BOTH) from error
    if len(data) > LARGEST:
        raise SpeechError(f"{called} is larger than {LARGEST // 10**6} MB, too large for what it should be", BOTH)
    try:
        notes = object_of(data)
    except ValueError:
        raise SpeechError(f"{called} is damaged, or no JSON", BOTH) from None
    lacking = _lacking(notes)
    if lacking:
        raise SpeechError(f"{called} is not what Piper writes about a voice: `{lacking}` is missing or wrong", BOTH)
    rules = notes.get("phoneme_type", RULES[0])
    if rules not in RULES:
        raise SpeechError(f"{called} asks for the rules `{rules}` to read by, which calmcast does not have", _OTHER)


def language_code(notes: Any) -> str:
    """Return the language that Piper's notes name, as `en-US`, or "" where they name none.

    Early voices name only the rules of espeak-ng by which they read, such as `en-us`.
    """
    match notes:
        case {"language": {"code": str(code)}} if 2 <= len(code) <= 20:
            return code.replace("_", "-")
        case {"espeak": {"voice": str(code)}} if 2 <= len(code) <= 20:
            language, _, region = code.partition("-")
            region = region.partition("-")[0]
            return f"{language}-{region.upper()}" if len(region) == 2 else language
    return ""


def _lacking(notes: Mapping[str, Any]) -> str:
    """Return what is missing or of another form, or ""."""
    audio, espeak, ids = (notes.get(name) for name in ("audio", "espeak", "phoneme_id_map"))
    rate_hz = audio.get("sample_rate") if isinstance(audio, dict) else None
    voice = espeak.get("voice") if isinstance(espeak, dict) else None
    right = {
        "audio.sample_rate": _number(rate_hz, 4_000),
        "espeak.voice": isinstance(voice, str) and bool(voice),
        "phoneme_id_map": isinstance(ids, dict) and all(map(_ids, ids.values())) and all(m in ids for m in _MARKS),
        "num_symbols": _number(notes.get("num_symbols"), 1),
        "num_speakers": _number(notes.get("num_speakers"), 1),
        "inference": isinstance(notes.get("inference", {}), dict),
    }
    return next((name for name, fits in right.items() if not fits), "")


def _number(value: Any, least: int) -> bool:
    return type(value) is int and value >= least


def _ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_number(number, 0) for number in value)
