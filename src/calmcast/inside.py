"""A workspace that a stranger may have made: no link in it leads what is written out of it."""

import os
from collections.abc import Iterable
from pathlib import Path

from calmcast.errors import PublishError

_kept_in = dict[str, str]()
"""Folders out of which no link may lead a file that is written, and the workspace that each is a part of."""


def keep_inside(workspace: Path, parts: Iterable[str]) -> None:
    """Let nothing be written outside a workspace that is named as if it lay in one of these parts of it."""
    place = os.path.abspath(workspace)  # noqa: PTH100  # its links are followed when something is written
    _kept_in.update((os.path.join(place, part, ""), place) for part in parts)  # noqa: PTH118


def check_inside(path: Path) -> None:
    """Raise PublishError where a link leads out of the workspace that a file's path seems to lie in."""
    if workspace := _left_by(path):
        message = f"{path} would not lie in {workspace}: a link in this workspace leads out of it"
        raise PublishError(message, "put a folder in the link's place, or name another place where there is --output")


def leads_out(path: Path) -> bool:
    """Return whether a file's path seems to lie in a workspace, and a link leads it elsewhere."""
    return _left_by(path) is not None


def _left_by(path: Path) -> str | None:
    """Return the workspace that a path seems to lie in, where it does not."""
    place, real = os.path.abspath(path), os.path.realpath(path.parent)  # noqa: PTH100
    for part, workspace in _kept_in.items():
        if place.startswith(part) and not Path(real).is_relative_to(os.path.realpath(workspace)):
            return workspace
    return None
