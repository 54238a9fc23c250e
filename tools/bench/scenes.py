"""Scenes that no command of calmcast leaves behind."""

from hashlib import sha256
from itertools import product

import calmcast
from calmcast.store.folder import FolderStore
from calmcast.store.listing import file_of, inside
from calmcast.store.sealed import sealed
from calmcast.store.store import RECORDING, content_key
from calmcast.units import parse_length
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library
from calmcast.workspace.workspace import Workspace
from tools.bench.scene import Lab, Scene, Set

RECORDINGS = 100_000
_MISSING = 3
_PARTS = "shoulders", "hands", "feet", "jaw", "eyes", "hips", "ribs", "knees", "elbows", "toes"
_WAYS = "soften", "settle", "widen", "rest", "grow heavy", "let go", "ease", "sink", "loosen", "spread"
_TIMES = "slowly", "for now", "a little", "in their own time", "once more", "with a breath", "as they like"
_MANNERS = (*_TIMES, "if that is welcome", "without effort", "as far as is easy")
_SCRIPT = """\
title: Number {number}
length: {minutes} min
segments:
  - setup
  - title: Quiet
    steps:
      - Let your {part} {way}, [1s] {manner}.
      - pause: {pause}s
      - say: Maybe the rest of you would like to {way}, too.
        optional: yes
      - rest: {{about: 60s, every: 2 min, check: si-joint-check}}
  - gentle-exit
"""


def lines_missing(scripted: Set, script: str, before: str, length: str) -> Set:
    """Return a scene without three of the recordings that a length needs, and one that was made before does not.

    `before`, `length`: as in a script. All is spoken by `plain`.
    """

    def forget(scene: Scene) -> None:
        of_length, of_before = (_recordings(scene, script, each) for each in (length, before))
        own = [key for key in of_length if key not in of_before][:_MISSING]
        if len(own) < _MISSING:
            raise ValueError(f"{length} of {script} need fewer than {_MISSING} lines that {before} do not")
        for key in own:
            file_of(inside(scene.store), f"{RECORDING}-{key}").unlink()

    return lambda lab: lab.once("lines-missing", lambda scene: forget(scripted(lab).copy(scene.folder)))


def thousand_scripts(lab: Lab) -> Scene:
    """Return the scene of a workspace with a thousand scripts, all checked."""

    def write(scene: Scene) -> None:
        for number, (part, way, manner) in enumerate(product(_PARTS, _WAYS, _MANNERS)):
            numbers = {"number": number, "minutes": 5 + number % 20, "pause": 3 + number % 9}
            text = _SCRIPT.format(part=part, way=way, manner=manner, **numbers)
            (scene.desk / "scripts" / f"number-{number:03}.yaml").write_text(text, encoding="utf-8")
        scene.run("check")

    return lab.once("thousand-scripts", write)


def full_store(lab: Lab) -> Scene:
    """Return the scene of a store with a hundred thousand tiny recordings, looked at once."""

    def fill(scene: Scene) -> None:
        for number in range(RECORDINGS):
            key, data = content_key(RECORDING, number), number.to_bytes(4, "little")
            path = file_of(inside(scene.store), key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data + sealed(key, len(data), sha256(data).digest(), b"").seal)
        scene.run("store info")

    return lab.once("full-store", fill)


def _recordings(scene: Scene, script: str, length: str) -> list[str]:
    """Return the keys of what a length needs, all of which is there, in the order of the track."""
    workspace = Workspace(Library.of(Folder(scene.desk)), FolderStore(scene.store))
    timeline = calmcast.perform(workspace, script, voice="plain").laid_out(parse_length(length))
    return [*dict.fromkeys(line.recording.key for line in timeline.lines)]
