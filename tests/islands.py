"""Sound as the encoder takes it: islands, from samples."""

from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from calmcast.model.timeline import Island


def whole(samples: NDArray[Any], content: tuple[object, ...] | None = None) -> list[Island]:
    """Return 16-bit samples, shape (samples,) or (samples, channels), as one island from 0 on."""
    pcm, width = samples.astype("<i2").tobytes(), 2 * (samples.shape[1] if samples.ndim == 2 else 1)
    return [Island(0, len(samples), content, lambda first, last: pcm[width * first : width * last])]


def moved(island: Island, start: int) -> Island:
    """Return an island from `start` on."""
    pcm = island.pcm
    end = start + island.end - island.start
    return replace(island, start=start, end=end, pcm=lambda first, last: pcm(first - start, last - start))
