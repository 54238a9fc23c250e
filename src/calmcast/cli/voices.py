"""`calmcast voices`: which there are, who speaks them here, and how they sound."""

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import calmcast
from calmcast.cli.allowing import allow, forbid
from calmcast.cli.asking import tell_unallowed
from calmcast.cli.lists import BROKEN, whose
from calmcast.cli.models import add, remove
from calmcast.cli.options import Named, json_option, workspace
from calmcast.cli.output import print_json, print_table, progress
from calmcast.errors import CalmcastError, SpeechError
from calmcast.script.language.profiles import build_voice
from calmcast.speech.engine import ManyVoices
from calmcast.speech.install.listed import installed_entries
from calmcast.speech.models.bundled import JOE, LICENCE
from calmcast.speech.models.source import ENGINES
from calmcast.speech.words.samples import samples

if TYPE_CHECKING:
    from calmcast.track.cast import Casting
    from calmcast.workspace.workspace import Workspace

_ABOUT_JOE = (
    "Whether tracks that joe speaks may be sold is not settled: its own recordings are free (CC0), but the model was\n"
    "tuned from lessac, whose recordings are for research only. calmcast voices add lists voices that are free to sell."
)


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  calmcast voices\n  calmcast voices try calm low\n  calmcast voices compare --html",
)
@json_option
@click.pass_context
def voices(ctx: click.Context, as_json: bool) -> None:
    """List the voices there are, who speaks each here, and what would sound better."""
    if ctx.invoked_subcommand:
        return
    here = workspace(ctx).unasked
    entries = [_entry(here, name, path) for name, path in here.folder.voices().items()]
    if as_json:
        print_json({"voices": entries, "models": installed_entries()})
        return
    columns = ("name", "speaker", "language", "from", "about")
    print_table(("name", "engine", *columns[2:]), [[entry[column] for column in columns] for entry in entries])
    _print_models()
    if any(JOE in entry["engine"] for entry in entries):
        click.echo(f"\n{_ABOUT_JOE}")
    for line in _wishes(entries):
        click.echo(line)


@voices.command("try", epilog="\b\nExamples:\n  calmcast voices try\n  calmcast voices try calm low --text 'Rest now.'")
@click.argument("names", metavar="[NAME]...", nargs=-1, type=Named("voice"))
@click.option("--text", help="What they say.  [default: a line in the voice's language]")
@click.option("--quiet", is_flag=True, help="Write the files, play nothing.")
@click.pass_context
def try_(ctx: click.Context, names: tuple[str, ...], text: str | None, quiet: bool) -> None:
    """Have each voice say a line, into output/voices/, and aloud where something can play it."""
    from calmcast.audio.player import play
    from calmcast.track.cast import casting_of

    here = workspace(ctx)
    every = names or tuple(here.folder.voices())
    heard, failed = False, list[CalmcastError]()
    for name in every:
        path = here.folder.output / "voices" / f"{name}.mp3"
        try:
            casting = casting_of(here, name)
            with progress() as show:
                calmcast.say(here, text or samples(casting.voice.language)[0], path, voice=name, progress=show)
        except CalmcastError as error:
            if names:
                raise
            failed.append(error)
            click.echo(f"{name}: {error.message}", err=True)
            continue
        tell_unallowed({name: casting})
        click.echo(f"{name} ({_in_words(casting)}): {path}")
        heard = (not quiet and play(path)) or heard
    if failed and len(failed) == len(every):
        raise SpeechError("no voice can speak here", failed[0].hint)
    if not quiet and not heard:
        click.echo("Nothing here plays sound aloud: open the files above.", err=True)


@voices.command(epilog="\b\nExamples:\n  calmcast voices compare --html\n  calmcast voices compare calm low --html")
@click.argument("names", metavar="[NAME]...", nargs=-1, type=Named("voice"))
@click.option("--html", is_flag=True, help="Make a page; there is no other form yet.")
@click.pass_context
def compare(ctx: click.Context, names: tuple[str, ...], html: bool) -> None:
    """Make one page on which every voice says the same lines, to listen and choose: output/voices/compare.html."""
    from calmcast.files import write_bytes
    from calmcast.publish.pages import voices_page

    here = workspace(ctx)
    folder = here.folder.output / "voices"
    every = names or tuple(here.folder.voices())
    page = voices_page("Voices", "en", tuple(_sample(here, name, folder) for name in every))
    write_bytes(folder / "compare.html", page.encode())
    click.echo(folder / "compare.html")


voices.add_command(add)
voices.add_command(allow)
voices.add_command(forbid)
voices.add_command(remove)


def _sample(here: "Workspace", name: str, folder: Path) -> Any:
    from calmcast.publish.pages import VoiceSample
    from calmcast.track.cast import casting_of

    said = list[tuple[str, str]]()
    voice, engine, note = here.library.voice(name), "", ""
    try:
        casting = casting_of(here, name)
        engine, note = _in_words(casting), "; ".join(_notes(casting))
        for number, text in enumerate(samples(voice.language), start=1):
            path = folder / f"{name}-{number}.mp3"
            with progress() as show:
                calmcast.say(here, text, path, voice=name, progress=show)
            said.append((text, path.name))
    except SpeechError as error:
        note = f"{error.message}: {error.hint}" if error.hint else error.message
    return VoiceSample(name, voice.about, voice.language, engine, tuple(said), note)


def _entry(here: "Workspace", name: str, path: Path) -> dict[str, Any]:
    from calmcast.track.cast import casting_of

    voice, _, _ = here.library.load(path, build_voice)
    if voice is None:
        return {"name": name, "engine": "", "speaker": "", "language": "", "from": whose(path), **BROKEN, "better": []}
    try:
        casting = casting_of(here, name)
    except CalmcastError as error:
        engine, better = f"none: {error.message}", []
        speaker = engine
    else:
        engine, speaker = _speaker(casting), _in_words(casting)
        better = [{"engine": p.engine, "reason": p.reason, "fix": p.fix} for p in casting.narrator.passed_over]
    about = {"language": voice.language, "from": whose(path), "about": voice.about}
    return {"name": name, "engine": engine, "speaker": speaker, **about, "better": better}


def _print_models() -> None:
    """Print the neural voices that were added, with their licences."""
    rows = [
        (model["name"], model["engine"], model["language"], model["selling"], _licence(model))
        for model in installed_entries()
    ]
    if rows:
        click.echo()
        print_table(("neural voice", "engine", "language", "sell", "licence, and where it is from"), rows)


def _licence(model: dict[str, Any]) -> str:
    return f"{model['licence']}; from {model['from']}" if model["from"] else model["licence"]


def _speaker(casting: "Casting") -> str:
    """Return who speaks: `pico`, `calm (pico)`, `64 recordings, calm (pico)`."""
    narrator = casting.narrator
    own = narrator.voice.name == casting.voice.name
    chosen = narrator.settings.get("voice", "") if isinstance(narrator.engine, ManyVoices) else ""
    speaker = f"{narrator.engine.name}: {chosen}" if chosen else narrator.engine.name
    engine = speaker if own else f"{narrator.voice.name} ({speaker})"
    if casting.voice.recordings:
        return f"{len(casting.takes)} recordings, {engine}"
    return engine


def _in_words(casting: "Casting") -> str:
    """Return who speaks, for people, with the licence of the voice that a package brings."""
    bundled = casting.narrator.settings.get("voice") == JOE
    return f"{casting.speaker} ({LICENCE})" if bundled else casting.speaker


def _notes(casting: "Casting") -> list[str]:
    return [f"{passed.reason}: {passed.fix}" for passed in casting.narrator.passed_over]


def _wishes(entries: list[dict[str, Any]]) -> list[str]:
    """Return, for each engine that would be better, why it does not speak, the fix, and which voices want it."""
    wanted = defaultdict[tuple[str, str, str], dict[str, None]](dict)
    for entry in entries:
        natural = any(f"{engine}:" in entry["engine"] for engine in ENGINES)
        for better in () if natural else entry["better"]:
            wanted[better["engine"], better["reason"], better["fix"]][entry["name"]] = None
    if not wanted:
        return []
    lines = ["", "What would be tried first, and why it does not speak here:"]
    for (engine, reason, fix), names in wanted.items():
        lines += [f"  {engine} ({', '.join(names)}): {reason}", f"    {fix}"]
    return lines
