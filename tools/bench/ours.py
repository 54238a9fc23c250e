"""What calmcast does in a round of each row."""

from collections.abc import Callable
from functools import cache

from tools.bench.measure import Taken, peaks, timed
from tools.bench.scene import Lab, Set, after

Ours = Callable[[Lab], Taken]


def fresh(ready: Set, command: str) -> Ours:
    """Return what does a command where the store of a scene is, but no track, and no stamp."""

    def go(lab: Lab) -> Taken:
        scene = lab.fresh(ready(lab))
        return timed(lambda: scene.run(command))

    return go


def again(ready: Set, command: str) -> Ours:
    """Return what does a command in a scene where all is as the last command left it."""

    def go(lab: Lab) -> Taken:
        scene = ready(lab)
        return timed(lambda: scene.run(command))

    return go


def memory_of_calmcast(command: str) -> Ours:
    """Return what tells the most bytes that calmcast itself has in memory where nothing is kept."""
    return lambda lab: Taken(_peaks(lab, command)[0])


def memory_of_voices(command: str) -> Ours:
    """Return what tells the most bytes that any speech process has in memory where nothing is kept."""
    return lambda lab: Taken(_peaks(lab, command)[1])


@cache
def _peaks(lab: Lab, command: str) -> tuple[int, int]:
    return peaks(lab.fresh(after("doctor")(lab)), command)
