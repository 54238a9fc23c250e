"""A lexicon as the text of a file, one word a line, as `voices/lexicon/en.yaml` is written."""

import json

from calmcast.model.voice import Lexicon, Pronunciation
from calmcast.script.edit.writing import written

_HEAD = """\
# {about}
#
# word      what the script says. Several words help where the spelling has two sounds: "live your" against "live".
# say       a spelling that any voice reads aloud the right way.
# phonemes  exact sounds for voices that take them: ipa for any of them, or a voice's own signs.
# case      yes: only with these capitals.
"""


def lexicon_text(lexicon: Lexicon, about: str) -> str:
    """Return the text of a lexicon's file, which `profiles.build_lexicon` reads back; `about` heads it as a comment."""
    head = _HEAD.format(about=" ".join(about.split()))
    words = "\n".join(f"  - {{{_word(entry)}}}" for entry in lexicon.entries)
    return f"{head}language: {written(lexicon.language)}\nwords:\n{words}\n"


def _word(entry: Pronunciation) -> str:
    fields = [f"word: {written(entry.word, flow=True)}"]
    if entry.case:
        fields.append("case: yes")
    if entry.say:
        fields.append(f"say: {written(entry.say, flow=True)}")
    if entry.phonemes:
        signs = ", ".join(f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in entry.phonemes)
        fields.append(f"phonemes: {{{signs}}}")
    return ", ".join(fields)
