"""`calmcast record`: lines in your own voice."""

import click

from calmcast.cli.record.bring import import_
from calmcast.cli.record.live import live
from calmcast.cli.record.review import accept, mend, review
from calmcast.cli.record.sheet import sheet

_EPILOG = """\b
Examples:
  calmcast record sheet psoas-release
  calmcast record import "my reading.m4a"
  calmcast record review
  calmcast render psoas-release --voice my-recordings
"""


@click.group(epilog=_EPILOG)
def record() -> None:
    """Record lines in your own voice, with a phone or a microphone, and use them in tracks.

    Print the sheet, read it aloud into one long recording or a file a line, import it, listen to what was doubtful.
    The voice `my-recordings` then speaks with what you read; `calm` speaks the rest.
    """


for _command in (sheet, import_, review, accept, mend, live):
    record.add_command(_command)
