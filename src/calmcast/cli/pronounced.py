"""`calmcast lexicon try` and `affected`: a word as it will be said, and the lines that have it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

import calmcast
from calmcast.cli.asking import tell_unallowed
from calmcast.cli.options import Named, json_option, library_of, output_path, workspace
from calmcast.cli.output import print_json, print_table, progress
from calmcast.model.script import every_line
from calmcast.model.steps import Line
from calmcast.model.voice import Pronounced
from calmcast.speech.words.lexicon import matches
from calmcast.speech.words.phonemes import unknown_signs
from calmcast.text import counted
from calmcast.workspace.occurrences import occurrences

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
    from calmcast.audio.player import play
    from calmcast.publish.names import safe_name
    from calmcast.track import render as pipeline
    from calmcast.track.check import checked

    if respelling and ipa:
        raise click.UsageError("--say and --ipa are two ways to try a word: choose one")
    word = _words("WORD", word)
    if wrong := unknown_signs("ipa", ipa or ""):
        raise click.UsageError(f"--ipa: not of the phonetic alphabet: {' '.join(wrong)}")
    said = f"/{ipa.strip('/[] ')}/" if ipa else _words("--say", respelling) if respelling else ""
    here = workspace(ctx)
    text = _script(f"{{{word}|{said}}}" if said else word, voice)
    path = output_path(output, here.folder.output, f"try-{safe_name(word)}.mp3")
    loaded = checked(here, here.library.written("try", text, "(the word)")).without_warnings()
    with progress() as show:
        performance = calmcast.perform(here, loaded, progress=show)
        info = pipeline.usual_info(performance)
        pipeline.write_audio(here, pipeline.planned(performance, performance.feasible[0], info), path, show)
    voice = performance.script.voice
    narrator, line = performance.cast[voice].narrator, next(every_line(performance.script))
    tell_unallowed(performance.cast)
    click.echo(f"{path}\n  {_how(narrator, line)}")
    click.echo(f"  voice {voice}, engine {narrator.engine.name}")
    if not quiet and not play(path):
        click.echo("Nothing here plays sound aloud: open the file above.", err=True)


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
    found = occurrences(library, _words("WORD", word), unread)
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


def _several(names: list[str]) -> str:
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "") or "none"
