"""`finish`, which loads what it needs when it is first called: a run that finds every line kept never calls it."""

from typing import TYPE_CHECKING

from calmcast.model.voice import UNSHAPED, Tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def finish(samples: "NDArray[np.int16]", tone: Tone = UNSHAPED) -> "tuple[NDArray[np.int16], tuple[float, ...], float]":
    """Return a recording as it is kept: see `calmcast.audio.finish.finish`."""
    from calmcast.audio.finish import finish as finished

    return finished(samples, tone)
