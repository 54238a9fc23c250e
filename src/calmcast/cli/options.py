"""Options that several commands share."""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.shell_completion import CompletionItem

from calmcast.errors import ScriptError, SoundError
from calmcast.files import expanded
from calmcast.seen import looked_at
from calmcast.units import UnitError, parse_duration, parse_length
from calmcast.workspace.folder import Folder

if TYPE_CHECKING:
    from calmcast.model.sound import Bed
    from calmcast.workspace.library import Library
    from calmcast.workspace.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


class Written(click.ParamType[T]):
    """What is written as in a script, and read by one of its parsers, which raises UnitError."""

    def __init__(
        self,
        name: str,
        parse: Callable[[str], T],
        *,
        hint: str = "",
        names: Callable[[click.Context], Iterable[str]] = lambda ctx: (),
        files: bool = False,
    ) -> None:
        """`hint`: what to write, in place of what the parser says. It completes to `names`, else to `files`."""
        self.name, self._parse, self._hint, self._names, self._files = name, parse, hint, names, files

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        try:
            read: T = self._parse(value) if isinstance(value, str) else value
        except UnitError as error:
            self.fail(f"{error}; {self._hint or error.hint}", param, ctx)
        return read

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        found = [CompletionItem(name) for name in self._names(ctx) if name.startswith(incomplete)]
        return found or [CompletionItem(incomplete, type="file")] * self._files


class Named(Written[str]):
    """The name of a script, a segment, a class or a voice, by what the workspace has; or one of other `names`."""

    def __init__(
        self, name: str, names: Callable[[click.Context], Iterable[str]] | None = None, *, files: bool = False
    ) -> None:
        super().__init__(name, str, names=names or self._in_workspace, files=files or name == "script")

    def _in_workspace(self, ctx: click.Context) -> Iterable[str]:
        root = ctx.find_root().params.get("workspace") or "."
        plural = {"class": "classes"}.get(self.name, f"{self.name}s")
        names: dict[str, Path] = getattr(Folder(Path(root)), plural)()
        return names


def _lengths(text: str) -> tuple[int, ...]:
    return tuple(map(parse_length, text.split(",")))


LENGTHS = Written("length", _lengths)
"""One or more track lengths: `10 min`, `7:30`, `90s`, a bare number of minutes, or `5,10,20`."""
TIME = Written("time", parse_duration)
"""A span, in samples: `3:20`, `90s`, `1 min`."""


def length_option(*, required: bool = False) -> Callable[[F], F]:
    """Add --length to a command; it gets the `lengths` in the order given, each once."""
    return click.option(
        "--length", "-l", "lengths", type=LENGTHS, multiple=True, required=required,
        callback=lambda ctx, param, given: tuple(dict.fromkeys(length for group in given for length in group)),
        help="How long: 10, '10 min', 12:30, 90s. Several: repeat it, or 10,20,30.",
    )  # fmt: skip


def _setting(text: str) -> tuple[str, str]:
    """Return an option of a script and its value: `head="high bolster"`."""
    name, equals, chosen = text.partition("=")
    if not equals or not name.strip() or not chosen.strip():
        raise UnitError(f"`{text}` sets nothing", 'write NAME=VALUE, such as head="high bolster"')
    return name.strip(), chosen.strip().strip("\"'")


def choice_options(command: F) -> F:
    """Add --set and --guidance to a command; it gets one mapping of them, `options`."""

    @wraps(command)
    def with_options(*args: Any, settings: tuple[tuple[str, str], ...], guidance: str | None, **others: Any) -> Any:
        return command(*args, options=_choices(settings, guidance), **others)

    setting = click.option(
        "--set", "settings", metavar="NAME=VALUE", type=Written("setting", _setting), multiple=True,
        help="Choose an option of the script (calmcast options lists them); repeatable.",
    )  # fmt: skip
    guidance = click.option(
        "--guidance", type=click.Choice(["more", "medium", "less"]), help="How much is said.  [default: medium]"
    )
    return cast(F, setting(guidance(with_options)))


def _choices(settings: tuple[tuple[str, str], ...], guidance: str | None) -> dict[str, str]:
    """Return what was chosen by option. Raises UsageError where one option got two values."""
    chosen = dict[str, str]()
    for name, value in (*settings, *((("guidance", guidance),) if guidance else ())):
        if chosen.setdefault(name.casefold(), value) != value:
            raise click.UsageError(f"{name} is both `{chosen[name.casefold()]}` and `{value}`: choose one")
    return chosen


def _bed(text: str) -> "Bed":
    """Return a bed by its name, `none`, or the path of a sound file."""
    from calmcast.audio.beds.catalogue import bed
    from calmcast.model.sound import NO_BED, Bed, BedSound

    written = text.strip()
    path = expanded(written)
    if written.lower() == NO_BED:
        return Bed(None)
    if path.suffix or looked_at(path).is_file():
        return Bed(BedSound("", file=path.absolute().as_posix()))
    try:
        bed(written.lower())
    except SoundError as error:
        raise UnitError(error.message, error.hint or "") from error
    return Bed(BedSound(written.lower()))


def _beds(ctx: click.Context) -> tuple[str, ...]:
    from calmcast.audio.beds.catalogue import BEDS

    return (*BEDS, "none")


def sound_options(command: F) -> F:
    """Add --bed, --no-bells, --stereo and --mono to a command; it gets one `wishes` of them."""

    @wraps(command)
    def with_wishes(*args: Any, bed: "Bed | None", no_bells: bool, stereo: bool | None, **others: Any) -> Any:
        from calmcast.script.language.overrides import Overrides

        return command(*args, wishes=Overrides(bed, not no_bells, stereo), **others)

    bed = click.option(
        "--bed", type=Written("bed", _bed, names=_beds, files=True), metavar="NAME|FILE|none",
        help="What sounds under the voice, in place of the script's bed (calmcast sounds lists what there is).",
    )  # fmt: skip
    bells = click.option("--no-bells", is_flag=True, help="Leave the bells out.")
    stereo = click.option(
        "--stereo/--mono", default=None, help="Two channels, for beds with room around them; or one, half the size."
    )
    return cast(F, bed(bells(stereo(with_wishes))))


voice_option = click.option("--voice", "-v", type=Named("voice"), help="The voice profile, in place of the script's.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def manner_options(command: F) -> F:
    """Add all that says how a script is performed; the command gets one `manner` of it, as `calmcast.perform` takes."""

    @wraps(command)
    def with_manner(*args: Any, options: Any, wishes: Any, voice: str | None, **others: Any) -> Any:
        return command(*args, manner={"options": options, "wishes": wishes, "voice": voice}, **others)

    return choice_options(sound_options(voice_option(cast(F, with_manner))))


def output_path(output: Path | None, folder: Path, name: str, kinds: tuple[str, ...] = (".mp3",)) -> Path:
    """Return where one track lands: the file that --output names, or `name` in the folder that it names.

    `folder` is for no --output. Raises UsageError for a file of none of these `kinds`: nothing else is ever
    overwritten.
    """
    if output is None:
        return folder / name
    output = expanded(output)  # a shell leaves `--output=~/track.mp3` as it is
    if _names_file(output, kinds):
        return output
    if output.suffix and not looked_at(output).is_dir():
        possible = " or ".join(kinds) if len(kinds) < 3 else f"{', '.join(kinds[:-1])} or {kinds[-1]}"
        raise click.UsageError(f"--output {output}: a track is an {possible} file; name one, or a folder")
    return output / name


def check_output(output: Path | None, *, several: bool, kinds: tuple[str, ...] = (".mp3",)) -> None:
    """Raise UsageError for an --output where the tracks cannot land, before anything is spoken for them."""
    output_path(output, Path(), "track.mp3", kinds)
    if several and output and _names_file(expanded(output), kinds):
        raise click.UsageError("--output names one file, but there are several tracks: name a folder")


def _names_file(output: Path, kinds: tuple[str, ...] = (".mp3",)) -> bool:
    return output.suffix.lower() in kinds and not looked_at(output).is_dir()


def folder(ctx: click.Context) -> Folder:
    """Return the workspace that the command line, the environment or the current folder names."""
    named = expanded(ctx.obj or ".")
    if not looked_at(named).is_dir():
        raise ScriptError(f"there is no folder {named}", f"calmcast init {shlex.quote(str(named))} makes one")
    return Folder.around(named)


def library_of(ctx: click.Context) -> "Library":
    """Return the workspace's scripts and voices, for commands that speak nothing."""
    from calmcast.workspace.library import Library

    return Library.of(folder(ctx))


def workspace(ctx: click.Context) -> "Workspace":
    """Return what a run works with: the workspace's files and what is kept, which is trimmed when the command ends.

    Whoever sits at a terminal is asked before a voice runs a program.
    """
    from calmcast.cli.asking import ask
    from calmcast.workspace.workspace import Workspace

    here = replace(Workspace.of(folder(ctx)), ask=ask)
    ctx.call_on_close(here.settle)
    return here
