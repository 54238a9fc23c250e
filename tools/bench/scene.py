"""Where calmcast is run: scenes, each with a workspace, a store and a home of its own, made once and copied."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from calmcast.store.store import KEY

CALMCAST = sys.executable, "-m", "calmcast"
CLASS = "twelve"
TRACKS = (
    *(("psoas-release", length) for length in (5, 10, 20)),
    *(("seated-pause", length) for length in (5, 10)),
    *(("legs-up-rest", length) for length in (10, 15)),
    *(("end-of-class-rest", length) for length in (5, 8, 12)),
    *(("evening-wind-down", length) for length in (15, 20)),
)
"""Script and minutes of each track of the class that every workspace here has."""

_KEPT_FOR_GOOD = Path(".cache", "calmcast", "joe.json"), Path(".cache", "calmcast", "models")
"""What is done once after a voice was installed: that it is whole is seen, and its model is rewritten. No stamps."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A workspace, a store and a home."""

    folder: Path

    @property
    def desk(self) -> Path:
        """The workspace."""
        return self.folder / "desk"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        """That of whatever runs here: nothing of the user's own settings, voices and caches."""
        foreign = "CALMCAST_", "XDG_", "PYTHONDONTWRITEBYTECODE"  # modules are compiled once, as for a user
        usual = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return usual | {"HOME": str(self.home), "CALMCAST_STORE": str(self.store), "CALMCAST_PLAYER": "none"}

    def run(self, arguments: str) -> bytes:
        """Run calmcast in the workspace, and return what it printed. Raises CalledProcessError."""
        command = [*CALMCAST, *arguments.split()]
        return subprocess.run(command, cwd=self.desk, env=self.environment, check=True, capture_output=True).stdout

    def prepare(self) -> None:
        """Make its folders, and the class."""
        for folder in (self.store, self.home):
            folder.mkdir(parents=True)
        tracks = "".join(f"  - {{script: {script}, lengths: {minutes} min}}\n" for script, minutes in TRACKS)
        classes = self.desk / "scripts" / "classes"
        classes.mkdir(parents=True)
        (classes / f"{CLASS}.yaml").write_text(f"title: Twelve\nvoice: plain\ntracks:\n{tracks}", encoding="utf-8")

    def copy(self, folder: Path) -> "Scene":
        """Return a scene in which all that the store keeps is there, but no track, and no stamp of what was done."""
        shutil.rmtree(folder, ignore_errors=True)
        scene = Scene(folder)
        shutil.copytree(self.desk, scene.desk, ignore=shutil.ignore_patterns("output"))
        shutil.copytree(self.store, scene.store, copy_function=_shared)
        for known in _KEPT_FOR_GOOD:
            for file in (self.home / known, *(self.home / known).glob("*")):
                if file.is_file():
                    place = scene.home / file.relative_to(self.home)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(file, place)
        return scene


@dataclass(frozen=True, slots=True)
class Lab:
    """All scenes of a run."""

    folder: Path

    def once(self, name: str, make: Callable[[Scene], object]) -> Scene:
        """Return the scene of a name, which is made when it is first asked for."""
        scene = Scene(self.folder / name)
        if not scene.folder.exists():
            scene.prepare()
            make(scene)
        return scene

    def fresh(self, scene: Scene) -> Scene:
        """Return a copy of a scene, in place of the last one. See `Scene.copy`."""
        return scene.copy(self.folder / "fresh")


Set = Callable[[Lab], Scene]
"""Returns a scene that stands ready."""


def after(*commands: str) -> Set:
    """Return the scene in which calmcast has done this, one after the other. Nobody may do any more in it."""
    name = sha256("\n".join(commands).encode()).hexdigest()[:16]
    return lambda lab: lab.once(name, lambda scene: [*map(scene.run, commands)])


def _shared(source: str, target: str) -> None:
    """Copy a file of a store. What is kept under a key is never changed in place, so a second name will do."""
    if KEY.fullmatch(Path(source).name):
        os.link(source, target)
    else:
        shutil.copy2(source, target)
