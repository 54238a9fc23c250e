"""Options that several commands share."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.shell_completion import CompletionItem

from calmcast.errors import ScriptError, SoundError
from calmcast.seen import looked_at
from calmcast.units import UnitError, parse_bytes, parse_duration, parse_length, parse_offset
from calmcast.workspace.folder import Folder

if TYPE_CHECKING:
    from calmcast.model.sound import Bed
    from calmcast.workspace.library import Library
    from calmcast.workspace.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


class Length(click.ParamType[tuple[int, ...]]):
    """One or more track lengths: `10 min`, `7:30`, `90s`, a bare number of minutes, or `5,10,20`."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        try:
            return tuple(parse_length(part) for part in str(value).split(","))
        except UnitError as error:
            self.fail(f"{error}; {error.hint}", param, ctx)


class Time(click.ParamType[int]):
    """A span, in samples: `3:20`, `90s`, `1 min`; a `moment` may be the very beginning too: `0`."""

    name = "time"

    def __init__(self, *, moment: bool = False) -> None:
        self._parse = parse_offset if moment else parse_duration

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return value if isinstance(value, int) else self._parse(str(value))
        except UnitError as error:
            self.fail(f"{error}; {error.hint}", param, ctx)


class Size(click.ParamType[int]):
    """Bytes: `4 GB`, `500MB`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return value if isinstance(value, int) else parse_bytes(str(value))
        except UnitError as error:
            self.fail(f"{error}; {error.hint}", param, ctx)


class Named(click.ParamType[str]):
    """The name of a script, a segment or a voice; completes from what the workspace has."""

    def __init__(self, kind: str) -> None:
        self.name = kind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        root = ctx.find_root().params.get("workspace") or "."
        plural = {"class": "classes"}.get(self.name, f"{self.name}s")
        names: dict[str, Path] = getattr(Folder(Path(root)), plural)()
        completions = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return completions or [CompletionItem(incomplete, type="file")] * (self.name == "script")


class Address(click.ParamType[str]):
    """Where a folder is on the web, with a final slash."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from calmcast.script.language.class_values import parse_address

        try:
            return parse_address(str(value))
        except UnitError as error:
            self.fail(f"{error}; {error.hint}", param, ctx)


def length_option(*, required: bool = False) -> Callable[[F], F]:
    return click.option(
        "--length",
        "-l",
        "lengths",
        type=Length(),
        multiple=True,
        required=required,
        help="How long: 10, '10 min', 12:30, 90s. Several: repeat it, or 10,20,30.",
    )


class OptionChoice(click.ParamType[tuple[str, str]]):
    """An option of a script and its value: `head="high bolster"`."""

    name = "setting"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, equals, chosen = str(value).partition("=")
        if not equals or not name.strip() or not chosen.strip():
            self.fail(f'`{value}` sets nothing; write NAME=VALUE, such as head="high bolster"', param, ctx)
        return name.strip(), chosen.strip().strip("\"'")


def choice_options(command: F) -> F:
    """Add --set and --guidance to a command; `choices` makes one mapping of them."""
    setting = click.option(
        "--set", "settings", metavar="NAME=VALUE", type=OptionChoice(), multiple=True,
        help="Choose an option of the script (calmcast options lists them); repeatable.",
    )  # fmt: skip
    guidance = click.option(
        "--guidance", type=click.Choice(["more", "medium", "less"]), help="How much is said.  [default: medium]"
    )
    return setting(guidance(command))


def choices(settings: tuple[tuple[str, str], ...], guidance: str | None) -> dict[str, str]:
    """Return what was chosen by option. Raises UsageError where one option got two values."""
    chosen = dict[str, str]()
    for name, value in (*settings, *((("guidance", guidance),) if guidance else ())):
        if chosen.setdefault(name.casefold(), value) != value:
            raise click.UsageError(f"{name} is both `{chosen[name.casefold()]}` and `{value}`: choose one")
    return chosen


class BedName(click.ParamType["Bed"]):
    """A bed's name, `none`, or the path of a sound file; completes from the beds there are."""

    name = "bed"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Bed":
        from calmcast.audio.beds.catalogue import bed
        from calmcast.model.sound import NO_BED, Bed, BedSound

        if isinstance(value, Bed):
            return value
        written = str(value).strip()
        if written.lower() == NO_BED:
            return Bed(None)
        path = Path(written).expanduser()
        if path.suffix or looked_at(path).is_file():
            return Bed(BedSound("", file=path.absolute().as_posix()))
        try:
            bed(written.lower())
        except SoundError as error:
            self.fail(f"{error.message}; {error.hint}", param, ctx)
        return Bed(BedSound(written.lower()))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from calmcast.audio.beds.catalogue import BEDS

        names = [CompletionItem(name) for name in (*BEDS, "none") if name.startswith(incomplete)]
        return names or [CompletionItem(incomplete, type="file")]


def sound_options(command: F) -> F:
    """Add --bed, --no-bells, --stereo and --mono to a command; it gets one `wishes` of them."""

    @wraps(command)
    def with_wishes(*args: Any, bed: "Bed | None", no_bells: bool, stereo: bool | None, **others: Any) -> Any:
        from calmcast.script.language.overrides import Overrides

        return command(*args, wishes=Overrides(bed, not no_bells, stereo), **others)

    bed = click.option(
        "--bed", type=BedName(), metavar="NAME|FILE|none",
        help="What sounds under the voice, in place of the script's bed (calmcast sounds lists what there is).",
    )  # fmt: skip
    bells = click.option("--no-bells", is_flag=True, help="Leave the bells out.")
    stereo = click.option(
        "--stereo/--mono", default=None, help="Two channels, for beds with room around them; or one, half the size."
    )
    return cast(F, bed(bells(stereo(with_wishes))))


voice_option = click.option("--voice", "-v", type=Named("voice"), help="The voice profile, in place of the script's.")
strict_option = click.option(
    "--strict-voice",
    "strict",
    is_flag=True,
    help="Refuse a track that is not spoken throughout by the voice's own recordings, or the engine it likes best.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def output_path(output: Path | None, folder: Path, name: str, kinds: tuple[str, ...] = (".mp3",)) -> Path:
    """Return where one track lands: the file that --output names, or `name` in the folder that it names.

    `folder` is for no --output. Raises UsageError for a file of none of these `kinds`: nothing else is ever
    overwritten.
    """
    if output is None:
        return folder / name
    if _names_file(output, kinds):
        return output
    if output.suffix and not looked_at(output).is_dir():
        possible = " or ".join(kinds)
        raise click.UsageError(f"--output {output}: a track is an {possible} file; name one, or a folder")
    return output / name


def check_output(output: Path | None, *, several: bool) -> None:
    """Raise UsageError for an --output where the tracks cannot land, before anything is spoken for them."""
    output_path(output, Path(), "track.mp3")
    if several and output and _names_file(output):
        raise click.UsageError("--output names one file, but there are several tracks: name a folder")


def _names_file(output: Path, kinds: tuple[str, ...] = (".mp3",)) -> bool:
    return output.suffix.lower() in kinds and not looked_at(output).is_dir()


def flat(lengths: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """Return the lengths of a repeated option in the order given, each once."""
    return tuple(dict.fromkeys(length for group in lengths for length in group))


def folder(ctx: click.Context) -> Folder:
    """Return the workspace that the command line, the environment or the current folder names."""
    named = Path(ctx.obj or ".").expanduser()
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
