"""The command group and the one place where errors end: what is printed, and with which exit code."""

import importlib
import os
import sys

import click

from calmcast.cli.entry import ready_streams, search_path, stopped

_COMMANDS = {
    "render": ("render", "Make tracks from scripts, each exactly as long as asked."),
    "plan": ("plan", "Show what happens when, without making a track."),
    "preview": ("preview", "Listen to a part of a track, as it sounds in the whole."),
    "verify": ("verify", "Hold finished tracks against what they should be."),
    "check": ("check", "Show what is wrong in scripts, with the place and a better way."),
    "exit": ("exit", "Make a track that only brings one out, for whoever wants to end early."),
    "compose": ("compose", "Make a track from segments by name, without writing a script."),
    "playlist": ("playlist", "Make all tracks of a class, and what is handed out with them."),
    "serve": ("serve", "Open the page of a class in a browser, here or on phones in your network."),
    "classes": ("lists", "List the classes there are."),
    "scripts": ("lists", "List the scripts there are."),
    "segments": ("lists", "List the segments there are."),
    "voices": ("voices", "List the voices there are; try, compare, add and remove them."),
    "sounds": ("sounds", "List the bells, beds and breath tones there are; hear one."),
    "record": ("record", "Record lines in your own voice."),
    "lexicon": ("lexicon", "Say how words are pronounced."),
    "options": ("choices", "List what a script leaves open, to choose with --set."),
    "say": ("say", "Speak a text into a file."),
    "speak": ("speak", "Speak the lines of scripts ahead of time."),
    "new": ("new", "Write a new script to start from."),
    "diff": ("diff", "Say what a script changes against what it extends."),
    "init": ("new", "Make a folder ready for scripts, voices and tracks."),
    "doctor": ("doctor", "Look whether all is well here; say the fix where it is not."),
    "store": ("store", "Look after what is kept so that nothing is done twice."),
}
"""Each command, the module that has it, and its line in the help: nothing is imported until it is used."""

_EPILOG = """\b
Examples:
  calmcast render psoas-release --length "10 min"
  calmcast plan psoas-release --length 20
  calmcast new tuesday-class

\b
Shell completion (bash; zsh and fish alike):
  eval "$(_CALMCAST_COMPLETE=bash_source calmcast)"
"""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"calmcast.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            import difflib

            close = difflib.get_close_matches(name, _COMMANDS, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            ctx.fail(f"There is no command '{name}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--workspace",
    "-w",
    metavar="DIR",
    envvar="CALMCAST_WORKSPACE",
    type=click.Path(file_okay=False),
    default=".",
    help="The folder with your scripts, voices and output.  [default: this folder]",
)
@click.version_option(package_name="calmcast")
@click.pass_context
def cli(ctx: click.Context, workspace: str) -> None:
    """Turn a script that reads like a class into a relaxation track of exactly the chosen length."""
    ctx.obj = workspace
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main(arguments: list[str] | None = None) -> None:
    """Run calmcast and exit.

    0 done, 1 or 2 the user's to mend, 3-6 see `errors`, 7 a track that is not as it should be, 70 a bug, 130 stopped.
    """
    ready_streams()
    search_path()
    try:
        code = _done(arguments)
    except Exception as error:  # noqa: BLE001  # the boundary: whatever else goes wrong ends here
        from calmcast.cli.failure import halted

        code = halted(error)
    sys.exit(code)


def _done(arguments: list[str] | None) -> int:
    """Do what the words say, and return the exit code."""
    try:
        code = cli.main(arguments, prog_name="calmcast", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        return stopped()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return code if isinstance(code, int) else 0
