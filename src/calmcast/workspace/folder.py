"""Where scripts, segments, voices and tracks are: the teacher's own folder first, then what ships.

A file of one's own wins over the one that ships, by name.
"""

import os
import unicodedata
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from calmcast.errors import ScriptError, SoundError
from calmcast.files import expanded
from calmcast.inside import keep_inside
from calmcast.seen import looked_at
from calmcast.text import suggestion

_ENDINGS = (".yaml", ".yml")

SCRIPTS = Path("scripts")
SEGMENTS = SCRIPTS / "segments"
CLASSES = SCRIPTS / "classes"
VOICES = Path("voices")
LEXICONS = VOICES / "lexicon"


def shipped() -> Path:
    """Return the folder that holds the `scripts` and `voices` that ship: in the package, or the checkout's root."""
    package = Path(__file__).parents[1]
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parents[1]


def ships(path: Path) -> bool:
    """Return whether a file is one that ships."""
    return any(path.resolve().is_relative_to((shipped() / part).resolve()) for part in (SCRIPTS, VOICES))


_SOUNDS = frozenset({
    ".aac", ".aif", ".aiff", ".caf", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".webm",
})  # fmt: skip
"""Endings of the sound files that are suggested; others can be read too."""
_PICTURES = frozenset({".jpeg", ".jpg", ".png"})
_MOST_SOUNDS, _MOST_ENTRIES, _DEEPEST = 500, 20_000, 5
"""So many sound files are suggested at most, of so many files and folders that are looked at, so deep in folders."""

_WRITTEN = ("scripts", "voices", "recordings", "output")
_PARTS = frozenset({"scripts", "segments", "classes", "voices", "lexicon", "output"})


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with `scripts/`, `voices/` and `output/`; any of them may be missing."""

    root: Path

    def __post_init__(self) -> None:
        """See to it that no link in the workspace, which may be a stranger's, has files written elsewhere."""
        keep_inside(self.root, _WRITTEN)

    @classmethod
    def around(cls, folder: Path) -> "Folder":
        """Return the workspace that a folder is, or is a part of: from inside `scripts/`, the folder that holds it."""
        place = folder.absolute()
        while place.name in _PARTS and not looked_at(place / SCRIPTS).is_dir():
            place = place.parent
        return cls(place if place != folder.absolute() and (place / SCRIPTS).is_dir() else folder)

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def settings(self) -> Path:
        """Where the teacher's settings are, or would be."""
        names = [f"calmcast{ending}" for ending in _ENDINGS]
        return next((self.root / name for name in names if looked_at(self.root / name).exists()), self.root / names[0])

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    def scripts(self) -> dict[str, Path]:
        """Return the path of every script by name, sorted; likewise `segments`, `voices` and `lexicons`."""
        return self._named(SCRIPTS)

    def segments(self, beside: Path | None = None) -> dict[str, Path]:
        """Return the path of every segment by name.

        Those in `segments/` next to a script of one's own, `beside`, win.
        """
        return dict(sorted((self._named(SEGMENTS) | self._near(beside)).items()))

    def hiding(self) -> tuple[tuple[str, str, Path], ...]:
        """Return each file of one's own that takes the place of one that ships: what it is, its name, and its path."""
        kinds = {"script": SCRIPTS, "segment": SEGMENTS, "class": CLASSES, "voice": VOICES}
        own = ((kind, part, *each) for kind, part in kinds.items() for each in _yaml_files(self.root / part).items())
        return tuple(
            (kind, name, path)
            for kind, part, name, path in own
            if name in _yaml_files(shipped() / part) and not ships(path)
        )

    def overriding(self, beside: Path | None = None) -> dict[str, tuple[Path, Path]]:
        """Return, by name, each segment of one's own that takes the place of one that ships, and that one."""
        ship, own = _yaml_files(shipped() / SEGMENTS), _yaml_files(self.root / SEGMENTS) | self._near(beside)
        return {name: (own[name], ship[name]) for name in sorted(own.keys() & ship.keys()) if not ships(own[name])}

    def _near(self, beside: Path | None) -> dict[str, Path]:
        return _yaml_files(beside.parent / "segments") if beside and not ships(beside) else {}

    def classes(self) -> dict[str, Path]:
        """Return the path of every class by name."""
        return self._named(CLASSES)

    def class_file(self, name: str) -> Path:
        """Return the path of a class given by name or by path. Raises ScriptError where there is none."""
        path, classes = expanded(name), self.classes()
        if path.suffix.lower() in _ENDINGS:
            elsewhere = len(path.parts) > 1 or looked_at(path).is_file()
            return path if elsewhere else classes.get(normal(path.stem), path)
        found = classes.get(normal(name))
        if found is None:
            hint = suggestion(name, classes) or f"calmcast new {name} --class writes one"
            if normal(name) in self.scripts():
                hint = f"`{name}` is a script: calmcast render {name}"
            raise ScriptError(f"there is no class `{name}`", hint)
        return found

    def is_class(self, name: str) -> bool:
        """Return whether a name or a path is a class's, and no script's."""
        path = expanded(name)
        if path.suffix.lower() in _ENDINGS:
            return path.absolute().parent.name == CLASSES.name
        return normal(name) in self.classes() and normal(name) not in self.scripts()

    def voices(self) -> dict[str, Path]:
        return self._named(VOICES)

    def lexicons(self) -> dict[str, Path]:
        return self._named(LEXICONS)

    def lexicon(self, name: str) -> tuple[Path, ...]:
        """Return the lexicon of a name that ships, then one's own of that name: those that are there."""
        folders = dict.fromkeys(folder / LEXICONS for folder in (shipped(), self.root))
        found = (_yaml_files(folder).get(normal(name)) for folder in folders)
        return tuple({path.resolve(): path for path in found if path}.values())

    def script(self, name: str) -> Path:
        """Return the path of a script given by name or by path. Raises ScriptError where there is none."""
        path = expanded(name)
        ending = path.suffix.lower() in _ENDINGS
        if len(path.parts) > 1 or (ending and looked_at(path).is_file()):
            return path
        scripts = self.scripts()
        if ending:
            return scripts.get(normal(path.stem), path)
        found = scripts.get(normal(name))
        if found is None and looked_at(path).is_file():
            return path
        if found is None:
            raise ScriptError(f"there is no script `{name}`", self._instead(name, scripts))
        return found

    def base(self, name: str, path: Path | None) -> Path | None:
        """Return the path of the script that the one at `path` extends by this name, or None where there is none.

        Next to a script of one's own, then in the workspace, then among those that ship; never `path` itself, so
        that a script which extends its own name extends the one that ships.
        """
        folders = [path.parent] if path and not ships(path) else []
        for folder in (*folders, self.root / SCRIPTS, shipped() / SCRIPTS):
            found = _yaml_files(folder).get(normal(name))
            if found and not (path and found.resolve() == path.resolve()):
                return found
        return None

    def _instead(self, name: str, scripts: dict[str, Path]) -> str:
        if normal(name) in self.segments():
            return f"`{name}` is a segment: calmcast compose {name} makes a track of it"
        if normal(name) in self.classes():
            return f"`{name}` is a class: calmcast playlist {name} makes its tracks"
        return suggestion(name, scripts) or f"there is: {', '.join(scripts)}; or give a file's path"

    def sound_file(self, name: str) -> Path:
        """Return where a sound or a picture is, by its path from the workspace's folder on, whether or not it is there.

        Raises SoundError where that leads out of the workspace, through a link too.
        """
        forms = (self.root / unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
        path = next((path for path in forms if looked_at(path).exists()), self.root / name)
        try:
            inside = path.resolve().is_relative_to(self.root.resolve())
        except RuntimeError:  # links in a circle lead nowhere
            inside = True
        if not inside:
            hint = f"copy the file into the workspace: {self.root.absolute()}"
            raise SoundError(f"`{name}` leads out of the workspace", hint)
        return path

    def sound_files(self) -> tuple[str, ...]:
        """Return sound files as `sound_file` takes them, those in nearer folders first, to suggest one.

        Those in output/, in hidden folders and behind links are left out, and so is what lies deep or comes late.
        """
        return self._files(_SOUNDS)

    def pictures(self) -> tuple[str, ...]:
        """Return pictures as `sound_files`."""
        return self._files(_PICTURES)

    def _files(self, endings: Collection[str]) -> tuple[str, ...]:
        found = (path.relative_to(self.root).as_posix() for path in self._found(endings))
        return tuple(islice(found, _MOST_SOUNDS))

    def _found(self, endings: Collection[str]) -> Iterator[Path]:
        waiting, left = deque([(self.root, 0)]), _MOST_ENTRIES
        while waiting and left:
            folder, depth = waiting.popleft()
            entries = _entries(folder, left)
            left -= len(entries)
            for path in entries:
                if path.name.startswith(".") or path.is_symlink() or path == self.output:
                    continue
                if path.is_dir():
                    waiting += [(path, depth + 1)] if depth < _DEEPEST else []
                elif path.suffix.lower() in endings:
                    yield path

    def shown(self, path: Path) -> str:
        """Return a file's name as problems and manifests show it: relative to the workspace or to what ships.

        One that ships and gave its place to one of the workspace's own is marked, so that the two are not confused.
        """
        for base in (self.root, shipped(), Path.cwd()):
            try:
                name = path.resolve().relative_to(base.resolve()).as_posix()
            except ValueError:
                continue
            hidden = base == shipped() and looked_at(self.root / name).exists()
            return f"calmcast:{name}" if hidden else name
        return path.as_posix()

    def _named(self, folder: Path) -> dict[str, Path]:
        files = _yaml_files(shipped() / folder) | _yaml_files(self.root / folder)
        return dict(sorted(files.items()))


def normal(name: str) -> str:
    """Return a name as it is compared: composed Unicode, whatever form the file system keeps."""
    return unicodedata.normalize("NFC", name)


def _entries(folder: Path, most: int | None = None) -> list[Path]:
    """Return what is in a folder, sorted; nothing where it cannot be read."""
    try:
        return sorted(islice(folder.iterdir(), most))
    except OSError:
        return []


def _yaml_files(folder: Path) -> dict[str, Path]:
    """Return the path of each file in a folder that ends as YAML does, by its name without that; of two, the later."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entry.name for entry in entries if _is_yaml(entry))
    except OSError:
        return {}
    return {normal(name.rpartition(".")[0]): folder / name for name in found}


def _is_yaml(entry: os.DirEntry[str]) -> bool:
    """Return whether a file shows itself as YAML; a link counts as what it leads to, if to anything."""
    if entry.name.startswith(".") or not entry.name.lower().endswith(_ENDINGS):
        return False
    return looked_at(Path(entry)).is_file() if entry.is_symlink() else entry.is_file()
