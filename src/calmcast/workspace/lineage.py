"""What a script extends, and what that extends: followed from file to file, up to the script that stands by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from calmcast.diagnostics import Problem
from calmcast.model.script import Script, Version
from calmcast.script.language.compose import Fetch
from calmcast.script.language.version import apply
from calmcast.text import suggestion
from calmcast.workspace.folder import Folder

DEEPEST = 8
"""A script may extend another that extends another, no further than this."""

Source = tuple[str, str]
"""A file as shown, and the SHA-256 of its bytes."""
Read = tuple[Script | Version | None, tuple[Problem, ...], Source]
"""What a file holds, what is wrong in it, and which it is."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """A script and what it extends, the nearest first."""

    name: str
    paths: tuple[Path | None, ...]
    """Of each file that was read, the script's own first; None: written, not read."""
    versions: tuple[Version, ...]
    root: Script | None
    """What stands by itself at the end; None where it cannot be had."""
    problems: tuple[Problem, ...]
    """Of every file, and of the way from one to the next."""
    sources: tuple[Source, ...]

    @property
    def extends(self) -> tuple[str, ...]:
        """The names of what the script extends, the nearest first."""
        return tuple(version.base for version in self.versions)

    def generations(self, fetch: Fetch) -> tuple[tuple[Script, ...], tuple[Problem, ...]]:
        """Return the script, what it extends and so on, each as a script without segments fetched; and problems.

        None of them where the root cannot be had.
        """
        if self.root is None:
            return (), ()
        scripts, problems = [self.root], list[Problem]()
        for version in reversed(self.versions):
            script, found = apply(version, scripts[0], fetch)
            scripts.insert(0, script)
            problems += found
        return tuple(scripts), tuple(problems)


def follow(first: Read, name: str, path: Path | None, folder: Folder, read: Callable[[Path], Read]) -> Lineage:
    """Return the lineage of a script that was read from `path`; `read` reads a file that it extends."""
    found, problems, source = first
    every, sources, paths, versions = list(problems), [source], [path], list[Version]()
    while isinstance(found, Version):
        versions.append(found)
        base = folder.base(found.base, paths[-1])
        chain = (name, *(version.base for version in versions))
        if problem := _broken(chain, found, base, paths, folder):
            return Lineage(name, tuple(paths), tuple(versions), None, (*every, problem), tuple(sources))
        if base is not None:
            found, problems, source = read(base)
            every, sources, paths = [*every, *problems], [*sources, source], [*paths, base]
    return Lineage(name, tuple(paths), tuple(versions), found, tuple(every), tuple(sources))


def _broken(
    chain: tuple[str, ...], last: Version, base: Path | None, paths: list[Path | None], folder: Folder
) -> Problem | None:
    """Return what is wrong with the last step of a chain of names."""
    shown = " extends ".join(f"`{name}`" for name in chain)
    if base is None and len(paths) == 1 and last.base == last.name:
        message = f"`{last.name}` extends itself, and no script of that name ships"
        return Problem("circle", message, last.base_source, "name the script that it starts from")
    if base is None:
        known = [script for script in folder.scripts() if script != last.name]
        there = f"there is: {', '.join(known)}"
        hint = f"{last.base} is a segment; a version extends a script" if last.base in folder.segments() else there
        message = f"there is no script `{last.base}`" + (f" ({shown})" if len(chain) > 2 else "")
        return Problem("unknown-script", message, last.base_source, suggestion(last.base, known) or hint)
    if base.resolve() in [path.resolve() for path in paths if path]:
        hint = "let one of them extend another script, or give it segments of its own"
        return Problem("circle", f"scripts extend each other in a circle: {shown}", last.base_source, hint)
    if len(chain) > DEEPEST + 1:
        message = f"scripts extend each other more than {DEEPEST} deep: {shown}"
        return Problem("too-deep", message, last.base_source, "let one of them extend an earlier one")
    return None
