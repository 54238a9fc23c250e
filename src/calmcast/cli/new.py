"""`calmcast new` and `calmcast init`: something to start from."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import show_problems
from calmcast.cli.findings import show_findings
from calmcast.cli.options import LENGTHS, Named, Written, json_option, workspace
from calmcast.cli.output import print_json
from calmcast.cli.plaintext import read_file
from calmcast.diagnostics import Problem, problem_shape
from calmcast.errors import ScriptError
from calmcast.files import expanded
from calmcast.script.edit.class_template import class_text
from calmcast.script.edit.templates import script_text
from calmcast.script.language.fields import parse_language
from calmcast.text import counted, instead_of
from calmcast.units import UnitError, format_length, parse_length
from calmcast.workspace import drafts
from calmcast.workspace.folder import CLASSES, SCRIPTS, Folder, normal

if TYPE_CHECKING:
    from calmcast.script.edit.prose.manuscript import Findings
    from calmcast.workspace.library import Library
    from calmcast.workspace.workspace import Workspace

_EPILOG = """\b
Examples:
  calmcast new tuesday-class
  calmcast new long-rest --title 'Long rest' --length 25
  calmcast new monday-class --from psoas-release
  calmcast new my-psoas --from psoas-release --copy
  calmcast new psoas-deutsch --from psoas-release --language de
  calmcast new tuesday --from psoas-release --json
  calmcast new tuesday --class --track psoas-release --track evening-wind-down
"""

_SEGMENTS = ("settle", "breath")
_TRACKS = ("psoas-release", "evening-wind-down")


@click.command(epilog=_EPILOG)
@click.argument("name", required=False)
@click.option("--from", "base", metavar="SCRIPT", type=Named("script"), help="Start from this script, and follow it.")
@click.option("--copy", "copied", is_flag=True, help="With --from: copy it and its segments, to change freely.")
@click.option(
    "--language", metavar="TAG", type=Written("language", parse_language),
    help="With --from: copy it to translate into this language (de, fr-CA).",
)  # fmt: skip
@click.option(
    "--text",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Make it of a meditation in a text (.txt, .md, .docx, .html, subtitles); it fits shorter lengths, too.",
)
@click.option("--title", help="The track's title.")
@click.option("--about", help="One sentence for those who choose it.")
@click.option("--length", type=LENGTHS, help="The length when a command names none.  [default: 10 min, or as settled]")
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
@json_option
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
    as_json: bool,
) -> None:
    """Write a new script, with comments, to start from; or a class of scripts.

    NAME is the file's name in scripts/, without its ending. What no option says is asked on a terminal, but for --json.
    With --from it starts from another script: as a version that says only what differs, or as a copy.
    """
    _must_fit(base, text, copied=copied, language=language, segments=segments)
    _must_be_of_a_class(tracks, (base, text, language, segments, length, voice), is_class=is_class)
    ask = _unasked if as_json else _asked
    name = drafts.file_name(name or ask("Name of the file", "my-class"))
    here = workspace(ctx)
    if is_class:
        file = _class(here, name, title, about, tracks or _TRACKS, ask)
        _report_class(here, name, _write(here.folder, name, (file,), force=force), as_json=as_json)
        return
    library = here.library
    _must_exist("voice", (voice,) if voice else (), library.folder.voices())
    _must_exist("segment", segments, library.folder.segments())
    fields = {"title": title, "about": about, "length": format_length(length[0]) if length else None, "voice": voice}
    given = {key: " ".join(value.split()) for key, value in fields.items() if value and value.strip()}
    findings = None
    if base and (copied or language):
        files = drafts.copy(library, base, name, given, language)
    elif base:
        files = (drafts.version(library, name, base, given, ask),)
    elif text:
        files, findings = _of_text(library, name, text, given, language, ask)
    else:
        files = (_own(library, name, given, segments or _SEGMENTS, ask),)
    path = _write(library.folder, name, files, force=force)
    if findings and not as_json:
        show_findings(findings, str(text), str(path))
    then = "check" if language and base else "render"
    _report(here, path, name, findings, others=len(files) - 1, then=then, as_json=as_json)


def _of_text(
    library: "Library", name: str, text: Path, given: Mapping[str, str], language: str | None, ask: drafts.Ask
) -> "tuple[tuple[drafts.File, ...], Findings]":
    from calmcast.workspace.brought import MOST_BYTES_OF_FILE, of_text

    made, findings = of_text(library, name, text, read_file(text, MOST_BYTES_OF_FILE), given, language, ask)
    return (made,), findings


def _class(
    here: "Workspace", name: str, title: str | None, about: str | None, tracks: tuple[str, ...], ask: drafts.Ask
) -> drafts.File:
    from calmcast.track.check import load_script

    _must_exist("script", tracks, here.folder.scripts())
    loaded = [load_script(here, track) for track in tracks]
    options = {option.name: option for each in loaded if each.script for option in each.script.options}
    text = class_text(
        name,
        title or ask("Title", drafts.usual_title(name)),
        about or ask("About, in one sentence", "A quiet rest after class."),
        tuple((each.name, "" if each.script and each.script.lengths else "10 min") for each in loaded),
        tuple(options.values()),
    )
    return CLASSES / f"{name}.yaml", text


def _report_class(here: "Workspace", name: str, path: Path, *, as_json: bool) -> None:
    from calmcast.classes.load import inspected_class

    problems = inspected_class(here, str(path))
    if as_json:
        _print_made(path, problems)
        return
    click.echo(path)
    show_problems(problems, warnings=3)
    click.echo(f"next: open it in an editor, then: calmcast playlist {quote(name)}")


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


def _must_be_of_a_class(tracks: tuple[str, ...], of_a_script: tuple[object, ...], *, is_class: bool) -> None:
    """Raise UsageError for options of a class without one, and for those of a script with one."""
    if tracks and not is_class:
        raise click.UsageError("--track needs --class; a script has segments: --segment")
    if is_class and any(of_a_script):
        raise click.UsageError("--class takes --track, --title and --about; open the file for all else")


def _own(
    library: "Library", name: str, given: Mapping[str, str], segments: tuple[str, ...], ask: drafts.Ask
) -> drafts.File:
    title = given.get("title") or ask("Title", drafts.usual_title(name))
    about = given.get("about") or ask("About, in one sentence", "A quiet rest.")
    fields = {"title": title, "about": about, **drafts.settled(library)}
    if not library.settings.lengths:
        fields["length"] = given.get("length") or _asked_length(ask)
    return SCRIPTS / f"{name}.yaml", script_text(name, {**fields, **given}, library.usual_voice, segments)


def _write(here: Folder, name: str, files: Sequence[drafts.File], *, force: bool) -> Path:
    """Write all files, the script last, and return its path. Raises PublishError where one is there already."""
    hides = drafts.hides(here, name, files)
    path = drafts.write(here, files, force=force)
    if hides:
        click.echo(f"note: this takes the place of the script `{name}` that ships", err=True)
    return path


def _print_made(path: Path, problems: Iterable[Problem], findings: "Findings | None" = None, others: int = 0) -> None:
    shapes = [*map(problem_shape, problems)]
    print_json({"path": str(path), "other_files": others, "text": findings, "problems": shapes})


def _report(
    here: "Workspace", path: Path, name: str, findings: "Findings | None", *, others: int, then: str, as_json: bool
) -> None:
    from calmcast.track.check import inspected, load_script

    problems = inspected(here, load_script(here, str(path)))
    if as_json:
        _print_made(path, problems, findings, others)
        return
    click.echo(str(path) + (f" (and {counted(others, 'file')} that it uses)" if others else ""))
    untranslated = sum(problem.code == "untranslated" for problem in problems)
    show_problems(problem for problem in problems if problem.code != "untranslated")
    if untranslated:
        click.echo(f"{counted(untranslated, 'line')} to translate; `calmcast check {quote(name)}` lists what is left")
    click.echo(f"next: open it in an editor, then: calmcast {then} {quote(name)}")


@click.command(epilog="\b\nExample:\n  calmcast init my-classes")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make FOLDER ready: scripts/, voices/, output/, settings (calmcast.yaml) and a README. What is there stays.

    In a folder that is ready, it brings what editors know of the language up to date.
    """
    here = Folder(expanded(folder))
    drafts.prepare(here)
    click.echo(f"{here.root.resolve()} is ready.")
    step = "" if folder == Path() else f"cd {quote(str(folder))} && "
    click.echo(f"next: {step}calmcast render psoas-release")


def _must_exist(what: str, names: tuple[str, ...], known: Mapping[str, Path]) -> None:
    for name in names:
        if normal(name) not in known:
            raise ScriptError(f"there is no {what} `{name}`", instead_of(name, known))


def _asked(question: str, default: str) -> str:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return default
    answer: str = click.prompt(question, default=default, show_default=bool(default))
    return answer.strip() or default


def _unasked(_: str, default: str) -> str:
    return default


def _asked_length(ask: drafts.Ask) -> str:
    while True:
        answer = ask("Length", "10 min")
        try:
            return format_length(parse_length(answer))
        except UnitError as error:
            click.echo(f"{error}; {error.hint}", err=True)
