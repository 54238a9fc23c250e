"""The shipped lexicon as real engines read it: espeak-ng's own phonemes, and the phonemes that Pico is given."""

import importlib.util
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from calmcast.model.voice import Lexicon, Phrase, Pronounced
from calmcast.script.language.profiles import build_lexicon
from calmcast.script.language.reader import read
from calmcast.speech.engines.registry import find
from calmcast.speech.words.lexicon import pronouncer

LEXICON = Path(__file__).parents[3] / "voices" / "lexicon" / "en.yaml"

needs_espeak = pytest.mark.skipif(
    importlib.util.find_spec("espeakng_loader") is None, reason="the library of espeak-ng is not installed"
)
needs_pico = pytest.mark.skipif(importlib.util.find_spec("ttspico") is None, reason="SVOX Pico is not installed")

PICO_SYMBOL = r"t_S|d_Z|[eaO]_I|[a@]_U|[AO]:|[iu]:|@`|r\\|[pbtdkgfvTDszSZhmnNlwjIE{UV@]"
"""The X-SAMPA that Pico's en-US voice takes; what it does not know it leaves out without a word."""

ESPEAK_TRACE = """
import ctypes, json, os, sys, tempfile
import espeakng_loader
library, libc = ctypes.CDLL(espeakng_loader.get_library_path()), ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.fclose.argtypes = [ctypes.c_void_p]
library.espeak_SetPhonemeTrace.argtypes = [ctypes.c_int, ctypes.c_void_p]
assert library.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0x8000) > 0
callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(lambda *_: 0)
library.espeak_SetSynthCallback(callback)
assert library.espeak_SetVoiceByName(b"en-us") == 0
found = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "phonemes").encode()
    for text in json.load(sys.stdin):
        stream = libc.fopen(path, b"w")
        library.espeak_SetPhonemeTrace(1, stream)
        utf8 = text.encode() + bytes(1)
        library.espeak_Synth(utf8, len(utf8), 0, 1, 0, 1 | 0x100, None, None)
        libc.fclose(stream)
        with open(path, encoding="utf-8") as file:
            found.append(" ".join(file.read().split()))
print(json.dumps(found))
"""

PICO_SAMPLES = """
import hashlib, json, os, sys
import ttspico
engine = ttspico.TtsEngine("en-US")
found = []
for text in json.load(sys.stdin):
    near, far = os.pipe()
    if os.fork() == 0:
        sound = engine.speak(text) or b""
        os.write(far, json.dumps([len(sound) // 2, hashlib.sha256(sound).hexdigest()]).encode())
        os._exit(0)
    os.close(far)
    with os.fdopen(near, "rb") as pipe:
        found.append(json.load(pipe))
    os.wait()
print(json.dumps(found))
"""


def in_a_child(program: str, texts: list[str]) -> list[Any]:
    command = [sys.executable, "-c", program]
    child = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120)
    answer: list[Any] = json.loads(child.stdout)
    return answer


@cache
def lexicon() -> Lexicon:
    document, problems = read(LEXICON.read_bytes(), "en.yaml")
    built, more = build_lexicon(document, "en", "en.yaml")
    assert built is not None
    assert [*problems, *more] == []
    return built


def markup(engine: str, text: str) -> str:
    """Return the text as the engine is given it, the shipped lexicon applied."""
    speaks = find(engine)
    return speaks.markup(Phrase(pronouncer((lexicon(),), speaks.alphabet)(text), 0))


SOUNDS = {
    "psoas": "s'oU@s",
    "the psoas's end": "D@2 s'oU@sI#z 'End",
    "iliopsoas": ",Ili;,oUs'oU@s",
    "SI joint": "'Es'aI dZ,OInt",
    "both SI joints": "b'oUT 'Es'aI dZ,OInts",
    "sacroiliac": "s,akroU'Ili;,ak",
    "sacrum": "s'akr@m",
    "iliacus": "I2l'aI@k@s",
    "hamstrings": "h'amstrINz",
    "savasana": "S@v'A:s@n@",
    "namaste": "n'A:m@st,eI",
    "asana": "'A:s@n@",
    "asanas": "'A:s@n@z",
    "pranayama": "pr,A:n@j'A:m@",
    "Pilates": "p@l'A:t#i:z",
    "bolster": "b'oUlst3",
    "bolsters": "b'oUlst3z",
    "diaphragm": "d'aI@fr,am",
    "pelvis": "p'ElvIs",
    "coccyx": "k'0ksIks",
    "you could close your eyes": "ju: kUd kl'oUz jU@r- 'aIz",
    "let your eyes close": "l'Et jU@r- 'aIz kl'oUz",
    "close to the wall": "kl'oUs t@ D@2 w'O:l",
    "live your day": "l'Iv jU@ d'eI",
    "live music": "l'aIv mj'u:zIk",
    "let it wind down": "l'Et It w'aInd d'aUn",
    "an evening wind-down": "a#n 'i:vnIN w'aInd d'aUn",
    "the wind in the trees": "D@2 w'Ind InD@2 tr'i:z",
    "heavy as lead": "h'Evi; az l'Ed",
    "lead the way": "l'i:d D@2 w'eI",
    "as I read": "az aI r'i:d",
    "you have read": "ju: hav r'Ed",
    "a tear": "a# t'i@3",
    "tear it": "t'e@r It",
    "wear and tear": "w'e@r and t'e@",
    "use your hands": "j'u:z jU@ h'andz",
    "make use of it": "m,eIk j'u:s Vv It",
    "bow your head": "b'aU jU@ h'Ed",
}
"""Text, and espeak-ng's phonemes for it."""


@needs_espeak
@pytest.mark.real
def test_espeak_says_each_word_as_it_should() -> None:
    heard = in_a_child(ESPEAK_TRACE, [markup("espeak", text) for text in SOUNDS])
    assert dict(zip(SOUNDS, heard, strict=True)) == SOUNDS


@needs_espeak
@pytest.mark.real
def test_espeak_takes_every_phoneme_of_the_lexicon() -> None:
    """espeak-ng reads phonemes that it does not know as letters, or leaves them out: what comes back has other signs.

    It may still weaken or join what it takes (`t#` for `t`), so stress, length and variant signs are left aside.
    """

    def bare(phonemes: str) -> str:
        return re.sub(r"[^A-Za-z03@]|r-", "", phonemes)

    given = [dict(entry.phonemes)["espeak"] for entry in lexicon().entries if "espeak" in dict(entry.phonemes)]
    heard = in_a_child(ESPEAK_TRACE, [f"[[{phonemes}]]" for phonemes in given])
    assert list(map(bare, heard)) == list(map(bare, given))


@needs_espeak
@pytest.mark.real
@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("psoas", r"s'oU,?[V@]s"),
        ("SI joint", r"'Es '?aI dZ'OInt"),
        ("Pilates", r"p.*A:.*t.*i:z"),
        ("namaste", r"n.*st'eI"),
        ("close your eyes", r"kl'oUz .*"),
    ],
)
def test_a_respelling_reads_aloud_the_right_way(word: str, sounds: str) -> None:
    said = "".join(map(str, pronouncer((lexicon(),), None)(word)))
    assert said != word
    assert re.fullmatch(sounds, in_a_child(ESPEAK_TRACE, [said])[0])


def test_pico_is_given_only_sounds_that_it_knows() -> None:
    for entry in lexicon().entries:
        phonemes = dict(entry.phonemes).get("x-sampa", "")
        assert re.fullmatch(rf"(?:[\"%.]|{PICO_SYMBOL})*", phonemes), entry.word


@needs_pico
@pytest.mark.real
def test_pico_says_phonemes_and_not_their_spelling() -> None:
    """Pico falls back to silence for phonemes that it refuses, and reads broken markup aloud, sign by sign."""
    apply = pronouncer((lexicon(),), "x-sampa")
    words = [e.word for e in lexicon().entries if any(isinstance(span, Pronounced) for span in apply(e.word))]
    spoken = [f"The {markup('pico', word)} is here." for word in words]
    nothing, *heard = in_a_child(PICO_SAMPLES, ["The <phoneme alphabet='xsampa' ph=''/> is here.", *spoken])
    plain = in_a_child(PICO_SAMPLES, [f"The {word} is here." for word in words])
    for word, (length, sound), (plain_length, _) in zip(words, heard, plain, strict=True):
        assert sound != nothing[1], word
        assert 0.6 * plain_length < length < 1.6 * plain_length, word


@needs_pico
@pytest.mark.real
def test_pico_hears_the_difference() -> None:
    """Phonemes sound like the plain word that they spell, and unlike the reading that they replace."""
    row, bough, sack = "r\\\\@_U", "r\\\\a_U", "s{k"
    texts = [f"The <phoneme alphabet='xsampa' ph='\"{phonemes}'/> is here." for phonemes in (row, bough, sack)]
    assert len({sound for _, sound in in_a_child(PICO_SAMPLES, texts)}) == 3
    given = f"The {markup('pico', 'row')} is here."
    assert in_a_child(PICO_SAMPLES, [given])[0] == in_a_child(PICO_SAMPLES, texts)[0]
