"""What a neural voice is given to read: phonemes, or the words of its own lexicon."""

import re
from collections.abc import Callable

from calmcast.errors import SpeechError
from calmcast.speech.engines.kokoro import LANGUAGES, kokoro_letters
from calmcast.speech.engines.letters import refuse_foreign
from calmcast.speech.engines.model_files import ModelFiles
from calmcast.speech.engines.phonemizer import Phonemizer

Reading = tuple[str, tuple[str, ...]]
"""The text for a voice that reads words, or the phonemes, in chunks, for one that reads those; the other is empty."""

_MULTILINGUAL_KOKORO = "2"
"""The `version` in the metadata of Kokoro from 1.0 on."""
_LATIN = "A-Za-z\u00c0-\u024f"
_WORD = re.compile(f"[{_LATIN}]+(?:'[{_LATIN}]+)*")
_WORD_OR_NUMBER = re.compile(rf"{_WORD.pattern}|\d+")


def reader(name: str, files: ModelFiles, speaker: int) -> Callable[[str], Reading]:
    """Return what turns a phrase into what this speaker of a voice reads, or raises SpeechError where it can't be said.

    Raises SpeechError where the speaker's language cannot be read.
    """
    if not files.reads_phonemes:
        return _lexicon_reader(name, files)
    if not (files.kind == "kokoro" and files.metadata.get("version") == _MULTILINGUAL_KOKORO):
        language = files.metadata.get("voice") or "en-us"
        phonemizer = Phonemizer(language)
        return lambda text: ("", phonemizer.chunks(_readable(text, language)))
    language = _kokoro_language(files, speaker)
    if not language:
        raise SpeechError(f"calmcast cannot read the language of speaker {speaker} of `{name}`", "try another speaker")
    tied = Phonemizer(language, ties=True)
    return lambda text: (
        "",
        tuple(kokoro_letters(chunk, language) for chunk in tied.chunks(_readable(text, language))),
    )


def _kokoro_language(files: ModelFiles, speaker: int) -> str:
    """Return the language that a speaker's name tells (`bf_emma` is British), or nothing."""
    names = files.metadata.get("speaker_names", "").split(",")
    return LANGUAGES.get(names[speaker][:1], "") if speaker < len(names) else ""


def _readable(text: str, language: str) -> str:
    """Return the text, or raise SpeechError where espeak-ng would read out what its letters are called."""
    if language.startswith("en"):
        refuse_foreign("an English voice", text)
    return text


def _lexicon_reader(name: str, files: ModelFiles) -> Callable[[str], Reading]:
    """Return what lets a text through if every word is known: sherpa-onnx would pass over those that are not."""
    known = frozenset(_entries(files))
    # The rules of a voice turn numbers into words.
    looked_up = _WORD if files.rules else _WORD_OR_NUMBER

    def read(text: str) -> Reading:
        plain = text.replace("’", "'")
        for word in looked_up.findall(plain) if known else ():
            if word.lower() not in known:
                raise SpeechError(
                    f"the neural voice `{name}` does not know `{word}`",
                    "write it as it sounds, in other words, or in a lexicon of your own",
                )
        return plain, ()

    return read


def _entries(files: ModelFiles) -> list[str]:
    """Return the words of the lexicons, in small letters: what each line begins with."""
    lines = (line for file in files.lexicons for line in file.read_text("utf-8", errors="replace").split("\n"))
    return [line.split(maxsplit=1)[0].lower() for line in lines if line.strip()]
