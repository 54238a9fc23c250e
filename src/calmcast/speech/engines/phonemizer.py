"""Text -> phonemes in IPA, by espeak-ng's rules: what neural voices were taught to read.

The library comes with `espeakng-loader`, and is used as `speak_lib.h` of espeak-ng 1.52 describes it.
"""

import ctypes
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.speech.engines.espeak_data import openable

TIE = "^"
"""Stands between the letters of one phoneme (`t^ʃ`) where ties are asked for."""
LONGEST = 400
"""The most characters in a chunk of phonemes: Kokoro's voices end the process at more than 510 (`style_dim`)."""

_SYNCHRONOUS, _DO_NOT_EXIT = 2, 0x8000
_UTF8, _IPA, _TIED = 1, 0x02, 0x80
_MARK = re.compile(r"\s*[,;:?!]+(?=\s)|\s*[,;:.?!…]+$")
"""What ends a clause: not the comma of `1,000`, nor a full stop within a phrase, which is an abbreviation's."""
_LANGUAGE = re.compile(r"\([a-z^-]+\)")
"""Where espeak-ng goes over to another language for a word: `(en)wiːkˈɛnd(fr)`."""


class _VoiceProperties(ctypes.Structure):
    """`espeak_VOICE` of speak_lib.h."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class Phonemizer:
    """espeak-ng, opened for one language. There may be one in a process at a time: the library has one voice."""

    def __init__(self, language: str, *, ties: bool = False) -> None:
        """`language` as espeak-ng calls it: `en-us`. Raises SpeechError where it has no such language."""
        self._ties = ties
        self._library = _opened()
        if self._library.espeak_SetVoiceByName(language.encode()) != 0:
            wanted = _VoiceProperties(languages=language.encode())
            if self._library.espeak_SetVoiceByProperties(ctypes.byref(wanted)) != 0:
                raise SpeechError(
                    f"espeak-ng has no language `{language}`, which this voice needs", "use another voice"
                )

    def chunks(self, text: str) -> tuple[str, ...]:
        """Return the phonemes of a phrase in chunks of at most LONGEST characters, most often one; none where it has
        none. Marks that end clauses stay, one each, as voices learned them: `lˈɛt ɡˌoʊ, ænd ɹˈɛst.`
        """
        said = ""
        for words, marks in _clauses(text.strip()):
            if phonemes := self._phonemes(words):
                said += f"{' ' if said else ''}{phonemes}{_mark(marks)}"
        if said and said[-1] not in ",;:.?!":
            said += "."  # without an end the last sound is cut off
        return _chunked(said)

    def _phonemes(self, text: str) -> str:
        """Return the phonemes of a text in one line. Without ties, composed letters are taken apart, as for Piper."""
        mode = _IPA | (_TIED | ord(TIE) << 8 if self._ties else 0)
        given = ctypes.create_string_buffer(text.encode())
        place = ctypes.c_void_p(ctypes.addressof(given))
        clauses = []
        while place.value:
            clause = self._library.espeak_TextToPhonemes(ctypes.byref(place), _UTF8, mode)
            clauses.append(clause.decode("utf-8", errors="ignore"))
        said = " ".join(_LANGUAGE.sub("", " ".join(clauses)).split())
        return said if self._ties else unicodedata.normalize("NFD", said)


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield each clause with the marks that end it, none after the last where it has none."""
    start = 0
    for mark in _MARK.finditer(text):
        yield text[start : mark.start()].strip(), mark.group().strip()
        start = mark.end()
    yield text[start:].strip(), ""


def _mark(marks: str) -> str:
    """Return the one mark that tells most of several: `?` of `?!`."""
    plain = marks.replace("…", ".")
    return next((mark for mark in "?!.;:," if mark in plain), "")


def _chunked(phonemes: str) -> tuple[str, ...]:
    chunks = []
    while len(phonemes) > LONGEST:
        cut = phonemes.rfind(" ", 1, LONGEST) + 1 or LONGEST
        chunks.append(phonemes[:cut].rstrip())
        phonemes = phonemes[cut:]
    return (*chunks, phonemes) if phonemes else tuple(chunks)


def _opened() -> Any:
    """Return the library, started."""
    import espeakng_loader

    data = openable(Path(espeakng_loader.get_data_path()))
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    if library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DO_NOT_EXIT) <= 0:
        raise SpeechError("espeak-ng could not start", "pip install --force-reinstall espeakng-loader")
    return library
