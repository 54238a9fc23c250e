"""Where a word is said: the lines that a change of its pronunciation touches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from calmcast.diagnostics import SourceRef
from calmcast.errors import CalmcastError, ScriptError
from calmcast.model.script import Option, Segment, every_line
from calmcast.model.steps import Line, walk
from calmcast.model.voice import Lexicon, Pronunciation
from calmcast.script.language.lines import PLACEHOLDER
from calmcast.script.language.options import filled
from calmcast.script.language.profiles import build_lexicon
from calmcast.speech.words.lexicon import matches
from calmcast.speech.words.overrides import own_words
from calmcast.speech.words.phrases import utterance
from calmcast.workspace.library import Library


@dataclass(slots=True)
class Occurrence:
    """A line that has a word."""

    text: str
    scripts: list[str]
    """Names of those that have it."""


def occurrences(library: Library, word: str, unread: list[str]) -> dict[SourceRef, Occurrence]:
    """Return the lines with the word by their place, in order; what cannot be read is named in `unread`."""
    probe = _probe(library, word)
    found = dict[SourceRef, Occurrence]()
    for name in library.folder.scripts():
        try:
            script = library.script(name).script
        except ScriptError:
            script = None
        if script is None:
            unread.append(name)
            continue
        for line in every_line(script):
            if line.source in found or _has(line, probe, script.options):
                scripts = found.setdefault(line.source, Occurrence(line.text, [])).scripts
                scripts += [name] if name not in scripts else []
    for line in _lines_of_segments(library):
        if line.source not in found and _has(line, probe, ()):
            found[line.source] = Occurrence(line.text, [])
    return dict(sorted(found.items()))


def _probe(library: Library, word: str) -> Pronunciation:
    """Return an entry for the word, which counts with its capitals alone where a lexicon's does."""
    loaded = (library.load(path, build_lexicon)[0] for path in library.folder.lexicons().values())
    entries = (entry for lexicon in loaded if lexicon for entry in lexicon.entries)
    case = any(entry.case for entry in entries if entry.word == word)
    return Pronunciation(word, word, (), case, SourceRef("(the word)", 1, 1))


def _has(line: Line, probe: Pronunciation, options: Iterable[Option]) -> bool:
    """Return whether the entry is applied in a line, whatever is chosen for the options that the line names."""
    lexicon = Lexicon("word", "", (probe,))
    choices = {option.name: option.choices for option in options}
    for filled_line in _filled(line, choices):
        pieces, _ = own_words(filled_line.pieces, (), None)
        phrases = utterance(pieces, 0, 0, lambda text: (text,)).phrases
        if any(probe in matches((lexicon,), str(span)) for phrase in phrases for span in phrase.spans):
            return True
    return False


def _filled(line: Line, choices: Mapping[str, tuple[str, ...]]) -> Iterator[Line]:
    yield line
    for name in map(str.strip, PLACEHOLDER.findall(line.text)):
        for choice in choices.get(name, ()):
            pieces = (filled(piece, {name: choice}) if isinstance(piece, str) else piece for piece in line.pieces)
            yield replace(line, pieces=tuple(pieces))


def _lines_of_segments(library: Library) -> Iterator[Line]:
    """Yield the lines of every segment, used or not."""
    for name in library.folder.segments():
        try:
            segment, _ = library.segment(name)
        except CalmcastError:
            continue
        yield from _lines(segment)


def _lines(segment: Segment | None) -> Iterator[Line]:
    yield from (step for step in walk(segment.steps if segment else ()) if isinstance(step, Line))
