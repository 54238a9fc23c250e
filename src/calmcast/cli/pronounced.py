"""`calmcast lexicon try` and `affected`: a word as it will be said, and the lines that have it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import counted
from calmcast.cli.options import Named, json_option, library_of, output_path, studio
from calmcast.cli.output import print_json, print_table, progress
from calmcast.diagnostics import SourceRef
from calmcast.errors import CalmcastError, ScriptError
from calmcast.model.script import Option, Segment, every_line
from calmcast.model.steps import Line, walk
from calmcast.model.voice import Lexicon, Pronounced, Pronunciation
from calmcast.script.language.lines import PLACEHOLDER
from calmcast.script.language.options import filled
from calmcast.script.language.profiles import build_lexicon
from calmcast.speech.words.lexicon import matches
from calmcast.speech.words.overrides import own_words
from calmcast.speech.words.phonemes import unknown_signs
from calmcast.speech.words.phrases import utterance
from calmcast.workspace.library import Library

if TYPE_CHECKING:
    from calmcast.track.cast import Narrator

_TRY_EPILOG = """\b
Examples:
  calmcast lexicon try psoas
  calmcast lexicon try psoas --say so-as
  calmcast lexicon try psoas --ipa ˈsoʊæs --voice plain
"""
_SIGNS = frozenset("{}|[]/")
"""Signs that mean something in a line."""


@click.command("try", epilog=_TRY_EPILOG)
@click.argument("word")
@click.option("--voice", "-v", type=Named("voice"), help="The voice profile.  [default: calm, or as in calmcast.yaml]")
@click.option("--say", "respelling", metavar="RESPELLING", help="Try this respelling: so-as.")
@click.option("--ipa", metavar="PHONEMES", help="Try these phonemes of the International Phonetic Alphabet: ˈsoʊæs.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The .mp3 file.  [default: output/try-WORD.mp3]")
@click.option("--quiet", is_flag=True, help="Write the file, play nothing.")
@click.pass_context
def try_(
    ctx: click.Context,
    word: str,
    voice: str | None,
    respelling: str | None,
    ipa: str | None,
    output: Path | None,
    quiet: bool,
) -> None:
    """Have a voice say WORD, alone and in a sentence, and show how it says it and which lexicon that comes from."""
    from calmcast.publish.names import safe_name
    from calmcast.track import render as pipeline
    from calmcast.track.check import checked
    from calmcast.track.speak import speak

    if respelling and ipa:
        raise click.UsageError("--say and --ipa are two ways to try a word: choose one")
    word = _words("WORD", word)
    if wrong := unknown_signs("ipa", ipa or ""):
        raise click.UsageError(f"--ipa: not of the phonetic alphabet: {' '.join(wrong)}")
    said = f"/{ipa.strip('/[] ')}/" if ipa else _words("--say", respelling) if respelling else ""
    here = studio(ctx)
    text = _script(f"{{{word}|{said}}}" if said else word, voice)
    path = output_path(output, here.library.workspace.output, f"try-{safe_name(word)}.mp3")
    loaded = checked(here, here.library.written("try", text, "(the word)")).without_warnings()
    with progress() as show:
        performance = speak(here, loaded, {}, None, show)
        info = pipeline.usual_info(here, performance)
        pipeline.write_audio(here, pipeline.planned(performance, performance.feasible[0], info), path, show)
    voice = performance.script.voice
    narrator, line = performance.cast[voice].narrator, next(every_line(performance.script))
    click.echo(f"{path}\n  {_how(narrator, line)}")
    click.echo(f"  voice {voice}, engine {narrator.engine.name}")
    if not quiet:
        _play(path)


@click.command(
    epilog="\b\nExamples:\n  calmcast lexicon affected psoas\n  calmcast lexicon affected 'close your' --json"
)
@click.argument("word")
@json_option
@click.pass_context
def affected(ctx: click.Context, word: str, as_json: bool) -> None:
    """List the lines that have WORD: those that are spoken anew when its pronunciation changes."""
    library = library_of(ctx)
    unread = list[str]()
    found = _affected(library, _words("WORD", word), unread)
    if as_json:
        lines = [
            {"file": place.file, "line": place.line, "text": each.text, "scripts": each.scripts}
            for place, each in found.items()
        ]
        print_json({"word": word, "lines": lines, "unread": unread})
        return
    rows = [(f"{place.file}:{place.line}", _several(each.scripts), each.text) for place, each in found.items()]
    if rows:
        print_table(("line", "scripts", "text"), rows)
    click.echo(f"{counted(len(rows), 'line')} with `{word}`")
    for name in unread:
        click.echo(f"note: {name} cannot be read, so its lines are not here: see `calmcast check {name}`", err=True)


@dataclass(slots=True)
class _Affected:
    """A line with the word."""

    text: str
    scripts: list[str]
    """Names of those that have it."""


def _words(what: str, text: str) -> str:
    """Return a text of words alone. Raises UsageError."""
    plain = " ".join(text.split())
    if not any(map(str.isalnum, plain)) or _SIGNS & set(plain):
        raise click.UsageError(f"{what}: `{text}` is no word; write letters alone, such as psoas or close your")
    return plain


def _script(word: str, voice: str | None) -> str:
    lines = (word, f"This is how {word} sounds in a sentence.")
    first, second = (json.dumps(line, ensure_ascii=False) for line in lines)
    head = "title: Try\nbed: none\n" + (f"voice: {json.dumps(voice)}\n" if voice else "")
    return f"{head}segments:\n- title: Try\n  steps:\n  - {first}\n  - hold: 1s\n  - {second}\n"


def _how(narrator: "Narrator", line: Line) -> str:
    """Return in plain words how a line of one word is said, and why."""
    spans = [span for phrase in narrator.utterance(line).phrases for span in phrase.spans]
    said = " ".join(span.phonemes if isinstance(span, Pronounced) else span.strip() for span in spans)
    phonemes = any(isinstance(span, Pronounced) for span in spans)
    shown = f"said {said} ({narrator.engine.alphabet})" if phonemes else f"said as if written `{said}`"
    if line.said:
        asked = line.said[0][1]
        if asked.startswith("/") and not phonemes:
            return f"the engine {narrator.engine.name} cannot be given {asked}, and reads the word by itself; try --say"
        return f"{shown}, as you asked"
    entries = matches(narrator.lexicons, line.text)
    if not entries:
        return f"read as it is written: no lexicon of the voice {narrator.voice.name} has it"
    place = f"{entries[0].source.file}:{entries[0].source.line}"
    if not phonemes and said == line.text:
        return f"read as it is written: {place} has no form of it for the engine {narrator.engine.name}"
    return f"{shown}: {place}"


def _play(path: Path) -> None:
    from calmcast.cli.player import play

    if not play(path):
        click.echo("Nothing here plays sound aloud: open the file above.", err=True)


def _affected(library: Library, word: str, unread: list[str]) -> dict[SourceRef, _Affected]:
    """Return the lines with the word by their place, in order; what cannot be read is named in `unread`."""
    probe = _probe(library, word)
    found = dict[SourceRef, _Affected]()
    for name in library.workspace.scripts():
        try:
            script = library.script(name).script
        except ScriptError:
            script = None
        if script is None:
            unread.append(name)
            continue
        for line in every_line(script):
            if line.source in found or _has(line, probe, script.options):
                scripts = found.setdefault(line.source, _Affected(line.text, [])).scripts
                scripts += [name] if name not in scripts else []
    for line in _lines_of_segments(library):
        if line.source not in found and _has(line, probe, ()):
            found[line.source] = _Affected(line.text, [])
    return dict(sorted(found.items()))


def _probe(library: Library, word: str) -> Pronunciation:
    """Return an entry for the word, which counts with its capitals alone where a lexicon's does."""
    loaded = (library.load(path, build_lexicon)[0] for path in library.workspace.lexicons().values())
    entries = (entry for lexicon in loaded if lexicon for entry in lexicon.entries)
    case = any(entry.case for entry in entries if entry.word == word)
    return Pronunciation(word, word, (), case, SourceRef("(the word)", 1, 1))


def _has(line: Line, probe: Pronunciation, options: Iterable[Option]) -> bool:
    """Return whether the entry is applied in a line, whatever is chosen for the options that the line names."""
    lexicon = Lexicon("word", "", (probe,))
    choices = {option.name: option.choices for option in options}
    for filled_line in _filled(line, choices):
        pieces, _ = own_words(filled_line, (), None)
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
    for name in library.workspace.segments():
        try:
            segment, _ = library.segment(name)
        except CalmcastError:
            continue
        yield from _lines(segment)


def _lines(segment: Segment | None) -> Iterator[Line]:
    yield from (step for step in walk(segment.steps if segment else ()) if isinstance(step, Line))


def _several(names: list[str]) -> str:
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "") or "none"
