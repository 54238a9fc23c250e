"""A sound by its name or its file, by itself, to be heard."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmcast.errors import SoundError
from calmcast.files import expanded
from calmcast.model.sound import BedSound, BreathTone, Strike
from calmcast.text import suggestion
from calmcast.units import SAMPLE_RATE, format_length, format_span, gain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from calmcast.audio.levels import Source
    from calmcast.model.timeline import Block
    from calmcast.workspace.soundbox import Soundbox

_BED_LUFS = -30.0
"""Loud enough to be judged on a small loudspeaker; in a track a bed is softer."""
_TONE_DB = -8.0
"""A breath tone against a voice."""
_USUAL, _USUAL_JOINT = 20 * SAMPLE_RATE, 10 * SAMPLE_RATE
_FADE = SAMPLE_RATE // 2
_AT_ONCE = 10 * SAMPLE_RATE
SOUND_FILE = "sound file"
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""
_IN, _OUT = 4 * SAMPLE_RATE, 6 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Tryout:
    """A sound to be heard."""

    about: str
    source: "Source"
    samples: int
    channels: int = 1
    gain: float = 1.0
    fade: int = 0
    """Samples in which it comes, and in which it goes."""

    def blocks(self) -> "Iterator[Block]":
        """Yield it in blocks, as `publish.wav` writes them."""
        import numpy as np

        from calmcast.model.timeline import Block

        for start in range(0, self.samples, _AT_ONCE):
            count = min(_AT_ONCE, self.samples - start)
            at = np.arange(start, start + count)
            edge = np.minimum(at, self.samples - 1 - at) / max(1, self.fade)
            level = 32_768 * self.gain * (np.sin(np.pi / 2 * np.minimum(edge, 1.0)) ** 2 if self.fade else 1.0)
            sound = self.source(start, count, self.channels) * np.reshape(level, (-1, 1))
            yield Block(count, np.clip(np.rint(sound), -32_768, 32_767).astype("<i2").tobytes())


def kinds() -> dict[str, str]:
    """Return what each name is: `bell`, `bed`, `bed in a key`, `breath tone`."""
    from calmcast.audio.beds.catalogue import BEDS
    from calmcast.audio.bells import BELLS
    from calmcast.model.sound import BREATHS

    beds = {name: "bed in a key" if bed.keyed else "bed" for name, bed in BEDS.items()}
    return dict.fromkeys(BELLS, "bell") | beds | dict.fromkeys(BREATHS, "breath tone")


def kind_of(name: str) -> tuple[str, str]:
    """Return the name of a sound as it is listed, or its file, and what kind of sound it is (`kinds`, `sound file`).

    Raises SoundError where there is none.
    """
    names = kinds()
    named = name if name in names else name.lower()
    kind = names.get(named, SOUND_FILE)
    if kind == SOUND_FILE and not Path(name).suffix and not Path(name).is_file():
        hint = suggestion(named, names) or "calmcast sounds lists what there is; or give a file's path"
        raise SoundError(f"there is no sound called `{name}`", hint)
    return (name if kind == SOUND_FILE else named), kind


def tryout(box: "Soundbox", name: str, kind: str, options: Mapping[str, Any], show: Progress) -> Tryout:
    """Return a sound that `kind_of` has found, with options that go with its kind: of a bell pitch and length, of a bed
    or a file `span` and `stereo`, of a bed key and seed, of a breath tone its key.

    Raises SoundError where its file cannot be read, UnitError for a pitch, a length or a key that it cannot have.
    """
    if kind == "bell":
        return _bell(box, Strike(name, **options))
    if kind == "breath tone":
        return _breath(name, **options)
    given = dict(options)
    span = given.pop("span", None)
    channels = 2 if given.pop("stereo", False) else 1
    if kind == SOUND_FILE:
        return _file(box, Path(name), span or _USUAL_JOINT, channels, show)
    source, lufs = box.bed(BedSound(name, **given), channels)
    about = f"{name}, {format_span(span or _USUAL)}"
    return Tryout(about, source, span or _USUAL, channels, gain(_BED_LUFS - lufs), _FADE)


def _bell(box: "Soundbox", strike: Strike) -> Tryout:
    ring = box.bell(strike)
    return Tryout(f"{strike.name}, {format_span(len(ring))}", _source(ring), len(ring))


def _breath(name: str, key: str = BreathTone("swell").key) -> Tryout:
    """Return two breaths, in and out."""
    import numpy as np

    from calmcast.audio.breath import breath_samples

    made, start = list["NDArray[np.int16]"](), 0
    for _ in range(2):
        made.append(breath_samples(name, key, "in", start, _IN))
        made.append(breath_samples(name, key, "out", start + _IN, _OUT))
        start += _IN + _OUT
    about = f"{name}: in for {format_length(_IN)}, out for {format_length(_OUT)}, twice"
    return Tryout(about, _source(np.concatenate(made)), start, gain=gain(_TONE_DB))


def _file(box: "Soundbox", path: Path, span: int, channels: int, show: Progress) -> Tryout:
    """Return a sound file around the moment where it ends and begins anew, which nobody should hear."""
    from calmcast.audio.music import bed_of_file, bed_samples_of

    named = expanded(path)
    bed = bed_of_file(
        named if named.is_file() else box.path(path.as_posix()),
        box.store,
        lambda done, total: show("reading", done, max(done, total)),
    )
    begin = max(0, bed.loop.period + bed.loop.fade // 2 - span // 2)

    def source(start: int, samples: int, channels: int) -> "NDArray[np.float32]":
        return bed_samples_of(bed, begin + start, samples, channels)

    at = format_span(bed.loop.period + bed.loop.fade // 2 - begin)
    about = f"{bed.name}, {format_span(span)}: it begins anew after {at}"
    return Tryout(about, source, span, channels, gain(_BED_LUFS - bed.lufs(channels)), _FADE)


def _source(ring: "NDArray[np.int16]") -> "Source":
    """Return what gives the samples of a short mono sound."""
    import numpy as np

    sound = ring.astype(np.float32).reshape(-1, 1) / np.float32(32_768)
    return lambda start, samples, _: sound[start : start + samples]
