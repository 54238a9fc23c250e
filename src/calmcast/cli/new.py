"""`calmcast new` and `calmcast init`: something to start from."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli import copies
from calmcast.cli.class_template import class_text
from calmcast.cli.failure import counted, show_problems
from calmcast.cli.options import Length, Named, studio
from calmcast.cli.plaintext import plain_text
from calmcast.cli.templates import QUIET, README, SCHEMA, script_text, version_text
from calmcast.cli.text_template import text_script
from calmcast.diagnostics import Problem, SourceRef
from calmcast.errors import PublishError, ScriptError
from calmcast.script.edit.abridge import script_text as abridged
from calmcast.script.edit.passages import passages
from calmcast.script.edit.settings_text import settings_text
from calmcast.script.language.fields import parse_name, parse_plain
from calmcast.script.language.kinds import Field, Kind
from calmcast.script.language.nodes import Scalar
from calmcast.script.language.reference import schema_text
from calmcast.script.language.version import name_of
from calmcast.text import suggestion
from calmcast.units import UnitError, format_length, parse_length
from calmcast.workspace.folder import CLASSES, LEXICONS, SCRIPTS, SEGMENTS, VOICES, Workspace, normal
from calmcast.workspace.library import Library

if TYPE_CHECKING:
    from calmcast.track.studio import Studio

_EPILOG = """\b
Examples:
  calmcast new tuesday-class
  calmcast new long-rest --title 'Long rest' --length 25
  calmcast new monday-class --from psoas-release
  calmcast new my-psoas --from psoas-release --copy
  calmcast new psoas-deutsch --from psoas-release --language de
  calmcast new tuesday --class --track psoas-release --track evening-wind-down
"""

_SEGMENTS = ("settle", "breath")
_TRACKS = ("psoas-release", "evening-wind-down")


@click.command(epilog=_EPILOG)
@click.argument("name", required=False)
@click.option("--from", "base", metavar="SCRIPT", type=Named("script"), help="Start from this script, and follow it.")
@click.option("--copy", "copied", is_flag=True, help="With --from: copy it and its segments, to change freely.")
@click.option("--language", metavar="TAG", help="With --from: copy it to translate into this language (de, fr-CA).")
@click.option(
    "--text",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Make it of a meditation in plain text; it fits shorter lengths than its words need, too.",
)
@click.option("--title", help="The track's title.")
@click.option("--about", help="One sentence for those who choose it.")
@click.option("--length", type=Length(), help="The length when a command names none.  [default: 10 min, or as settled]")
@click.option("--voice", type=Named("voice"), help="The voice profile.  [default: calm, as settled, or as in --from]")
@click.option(
    "--segment",
    "segments",
    multiple=True,
    type=Named("segment"),
    help=f"A segment to put in; repeatable.  [default: {', '.join(_SEGMENTS)}]",
)
@click.option("--class", "is_class", is_flag=True, help="Write a class: tracks that are handed out together.")
@click.option(
    "--track",
    "tracks",
    multiple=True,
    type=Named("script"),
    help=f"With --class: a script to put in; repeatable.  [default: {', '.join(_TRACKS)}]",
)
@click.option("--force", is_flag=True, help="Replace what is there under these names.")
@click.pass_context
def new(
    ctx: click.Context,
    name: str | None,
    base: str | None,
    copied: bool,
    language: str | None,
    text: Path | None,
    title: str | None,
    about: str | None,
    length: tuple[int, ...] | None,
    voice: str | None,
    segments: tuple[str, ...],
    is_class: bool,
    tracks: tuple[str, ...],
    force: bool,
) -> None:
    """Write a new script, with comments, to start from; or a class of scripts.

    NAME is the file's name in scripts/, without its ending. On a terminal, what no option says is asked.
    With --from it starts from another script: as a version that says only what differs, or as a copy.
    """
    _must_fit(base, text, copied=copied, language=language, segments=segments)
    if tracks and not is_class:
        raise click.UsageError("--track needs --class; a script has segments: --segment")
    if is_class and (base or text or language or segments or length or voice):
        raise click.UsageError("--class takes --track, --title and --about; open the file for all else")
    name = file_name(name or _asked("Name of the file", "my-class"))
    here = studio(ctx)
    library = here.library
    if is_class:
        _new_class(here, name, title, about, tracks or _TRACKS, force=force)
        return
    _must_exist("voice", (voice,) if voice else (), library.workspace.voices())
    _must_exist("segment", segments, library.workspace.segments())
    fields = {"title": title, "about": about, "length": format_length(length[0]) if length else None, "voice": voice}
    given = {key: " ".join(value.split()) for key, value in fields.items() if value and value.strip()}
    tag = _tag(language)
    if base and (copied or tag):
        files, _ = copies.copy(library, base, name, given, tag)
    elif base:
        files = (_version(library, name, base, given),)
    elif text:
        files = (_of_text(library, name, text, given, tag),)
    else:
        files = (_own(library, name, given, segments or _SEGMENTS),)
    path = _write(library.workspace, name, files, force=force)
    _report(here, path, name, len(files) - 1, f"check {_shell(name)}" if tag and base else f"render {_shell(name)}")


def _new_class(
    here: "Studio", name: str, title: str | None, about: str | None, tracks: tuple[str, ...], *, force: bool
) -> None:
    from calmcast.classes.load import inspected_class
    from calmcast.track.check import load_script

    _must_exist("script", tracks, here.library.workspace.scripts())
    loaded = [load_script(here, track) for track in tracks]
    options = {option.name: option for each in loaded if each.script for option in each.script.options}
    text = class_text(
        name,
        title or _asked("Title", _usual_title(name)),
        about or _asked("About, in one sentence", "A quiet rest after class."),
        tuple((each.name, "" if each.script and each.script.lengths else "10 min") for each in loaded),
        tuple(options.values()),
    )
    path = _write(here.library.workspace, name, ((CLASSES / f"{name}.yaml", text),), force=force)
    click.echo(path)
    show_problems(inspected_class(here, str(path)), warnings=3)
    click.echo(f"next: open it in an editor, then: calmcast playlist {_shell(name)}")


def _must_fit(
    base: str | None, text: Path | None, *, copied: bool, language: str | None, segments: tuple[str, ...]
) -> None:
    """Raise UsageError for options that contradict each other."""
    if base and text:
        raise click.UsageError("a script starts from another (--from) or from a text (--text): choose one")
    if segments and (base or text):
        raise click.UsageError("--segment is for a script of your own; with --from or --text, write it in afterwards")
    if copied and not base:
        raise click.UsageError("--copy needs --from SCRIPT: what is to be copied")
    if language and not (base or text):
        raise click.UsageError("--language needs --from SCRIPT or --text FILE: what is in that language, or to be")


def _tag(language: str | None) -> str | None:
    """Return a language tag as scripts have it. Raises UsageError for what is none."""
    if language is None:
        return None
    problems: list[Problem] = []
    field = Field("language", Kind.LANGUAGE, "", "de")
    tag = parse_plain(Scalar(language, SourceRef("", 1, 1)), field, problems)
    if not isinstance(tag, str):
        raise click.UsageError("; ".join(f"{problem.message}; {problem.hint}" for problem in problems))
    return tag


def _own(library: Library, name: str, given: Mapping[str, str], segments: tuple[str, ...]) -> copies.File:
    title = given.get("title") or _asked("Title", _usual_title(name))
    about = given.get("about") or _asked("About, in one sentence", "A quiet rest.")
    fields = {"title": title, "about": about, **_settled(library, None)}
    if not library.settings.lengths:
        fields["length"] = given.get("length") or _asked_length()
    return SCRIPTS / f"{name}.yaml", script_text(name, {**fields, **given}, library.usual_voice, segments)


def _settled(library: Library, tag: str | None) -> dict[str, str]:
    """Return the language of a new script, and its voice where that has to be another than the usual one."""
    language = tag or library.settings.language or "en-US"
    voice = None if library.settings.voice and not tag else copies.voice_for(library, language)
    return {"language": language, **({"voice": voice} if voice and voice != library.usual_voice else {})}


def _version(library: Library, name: str, base: str, given: Mapping[str, str]) -> copies.File:
    path = SCRIPTS / f"{name}.yaml"
    lineage = copies.faultless(library, base)
    if library.workspace.base(lineage.name, library.workspace.root / path) is None:
        hint = "--copy makes a copy of it; or put it into scripts/"
        raise ScriptError(f"a version starts from a script in scripts/, and {base} is none", hint)
    own, _ = lineage.generations(library.shelf(lineage.paths[0]).fetch)
    composed = library.generations(lineage)[0].script
    fields = {"title": given.get("title") or _asked("Title", _usual_title(name)), **given}
    used = {name_of(segment) for segment in own[0].segments}
    others = tuple(other for other in library.workspace.segments() if other not in used)
    return path, version_text(name, lineage.name, fields, own[0], composed or own[0], others)


def _of_text(library: Library, name: str, source: Path, given: Mapping[str, str], tag: str | None) -> copies.File:
    title, found = passages(plain_text(source))
    if not found:
        raise ScriptError(f"there are no words in {source}", "name a file with the text to be spoken")
    english = (tag or library.settings.language or "en").split("-")[0].lower() == "en"
    segments, needs = abridged(found, QUIET.split("\n") if english else ())
    fields = {
        "title": title or _asked("Title", _usual_title(name)),
        **_settled(library, tag),
        "length": f"{needs.fullest} min",
        **given,
    }
    return SCRIPTS / f"{name}.yaml", text_script(name, source.name, fields, segments, needs, asks=english)


def _write(here: Workspace, name: str, files: Sequence[copies.File], *, force: bool) -> Path:
    """Write all files, the script last, and return its path. Raises PublishError where one is there already."""
    from calmcast.files import write_bytes

    paths = [here.root / path for path, _ in files]
    there = [path for path in paths if path.exists()]
    if there and not force:
        others = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
        hint = "choose another name, or say --force to replace it"
        raise PublishError(f"{there[0]} is there already{others}", hint)
    if name in here.scripts() and paths[-1].parent == here.root / SCRIPTS and paths[-1] not in there:
        click.echo(f"note: this takes the place of the script `{name}` that ships", err=True)
    write_bytes(here.root / SCRIPTS / SCHEMA, schema_text().encode())
    for path, (_, text) in zip(paths, files, strict=True):
        write_bytes(path, text.encode())
    return paths[-1]


def _report(here: "Studio", path: Path, name: str, others: int, next_: str) -> None:
    from calmcast.track.check import inspected, load_script

    click.echo(str(path) + (f" (and {counted(others, 'file')} that it uses)" if others else ""))
    problems = inspected(here, load_script(here, str(path)))
    untranslated = sum(problem.code == "untranslated" for problem in problems)
    show_problems(problem for problem in problems if problem.code != "untranslated")
    if untranslated:
        click.echo(f"{counted(untranslated, 'line')} to translate; `calmcast check {_shell(name)}` lists what is left")
    click.echo(f"next: open it in an editor, then: calmcast {next_}")


@click.command(epilog="\b\nExample:\n  calmcast init my-classes")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make FOLDER ready: scripts/, voices/, output/, settings (calmcast.yaml) and a README. What is there stays."""
    from calmcast.files import write_bytes

    here = Workspace(folder.expanduser())
    for part in (SCRIPTS, SEGMENTS, CLASSES, VOICES, LEXICONS, Path("output")):
        try:
            (here.root / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or "").lower()
            raise PublishError(f"{here.root / part} cannot be made: {reason}", "choose another folder") from error
    texts = {
        here.root / "README.md": README,
        here.settings: settings_text(f"{SCRIPTS.as_posix()}/{SCHEMA}"),
        here.root / SCRIPTS / SCHEMA: schema_text(),
    }
    for path, text in texts.items():
        if not path.exists():
            write_bytes(path, text.encode())
    click.echo(f"{here.root.resolve()} is ready.")
    step = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"next: {step}calmcast render psoas-release")


def file_name(text: str) -> str:
    """Return a script's name from what was typed. Raises ScriptError for what can be no file's name."""
    try:
        return parse_name(text.strip().removesuffix(".yaml"))
    except UnitError as error:
        raise ScriptError(str(error), error.hint) from error


def _must_exist(what: str, names: tuple[str, ...], known: Mapping[str, Path]) -> None:
    for name in names:
        if normal(name) not in known:
            hint = suggestion(name, known) or f"there is: {', '.join(known)}"
            raise ScriptError(f"there is no {what} `{name}`", hint)


def _usual_title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _shell(name: str) -> str:
    return shlex.quote(name)


def _asked(question: str, default: str) -> str:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return default
    answer: str = click.prompt(question, default=default)
    return answer.strip() or default


def _asked_length() -> str:
    while True:
        answer = _asked("Length", "10 min")
        try:
            return format_length(parse_length(answer))
        except UnitError as error:
            click.echo(f"{error}; {error.hint}", err=True)
