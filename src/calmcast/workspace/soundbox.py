"""What can sound besides the voice: bells, beds and breath tones, those that calmcast makes and those of files."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from calmcast.audio.beds.catalogue import bed_lufs, check_bed
from calmcast.audio.beds.settings import BedSettings
from calmcast.audio.bells import bell, bell_samples, check_strike
from calmcast.errors import SoundError
from calmcast.files import file_digest
from calmcast.model.sound import BedSound, Ringing, Strike
from calmcast.model.timeline import Timeline
from calmcast.script.lint.sounding import Fault
from calmcast.seen import looked_at
from calmcast.store.bells import Bells, bell_key
from calmcast.store.store import Store
from calmcast.text import suggestion
from calmcast.units import UnitError
from calmcast.workspace.folder import Folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from calmcast.audio.levels import Source


@dataclass(frozen=True, slots=True)
class Soundbox:
    """The sounds of a workspace."""

    folder: Folder
    store: Store
    """Where bells that were rung, and beds from files, are kept."""
    at_hand: "dict[str, NDArray[np.int16]]" = field(default_factory=dict, compare=False)
    """Bells by their key: one is struck again and again in a track."""

    def path(self, file: str) -> Path:
        """Return where a sound file is: from the workspace's folder on, unless whoever makes a track named it whole."""
        return Path(file) if Path(file).is_absolute() else self.folder.sound_file(file)

    def strike_fault(self, strike: Strike) -> Fault | None:
        """Return what is wrong with a bell, or None. A file is read: no bell is long."""

        def check() -> None:
            if strike.file:
                self._there(strike.file)
                self.bell(strike)
            else:
                check_strike(strike)

        return _fault(check)

    def bed_fault(self, made_of: BedSound) -> Fault | None:
        """Return what is wrong with what a bed is made of, or None. Of a file, only its beginning is looked at."""

        def check() -> None:
            if made_of.file:
                from calmcast.audio.decode import about_s

                about_s(self._there(made_of.file))
            else:
                check_bed(made_of)

        return _fault(check)

    def bed_file_fault(self, made_of: BedSound, on_progress: Callable[[int, int], None]) -> Fault | None:
        """Return why a file cannot be a bed, or None. It is read to its end and kept, as for a track.

        `on_progress`: see `bed`.
        """
        return _fault(lambda: self.bed(made_of, 1, on_progress)) if made_of.file else None

    def _there(self, file: str) -> Path:
        """Return where a sound file is. Raises SoundError where it is not."""
        path = self.path(file)
        if not looked_at(path).is_file():
            hint = suggestion(file, self.folder.sound_files()) or f"put it there: {path.absolute()}"
            raise SoundError(f"there is no sound file `{file}`", hint)
        return path

    def bell(self, strike: Strike) -> "NDArray[np.int16]":
        """Return a bell's mono samples. Raises SoundError, and UnitError for a pitch or length it cannot have."""
        import numpy as np

        key = self.bell_key(strike)
        if key not in self.at_hand:
            pcm = Bells(self.store).pcm(key, partial(self._rung, strike))
            self.at_hand[key] = np.frombuffer(pcm, "<i2")
        return self.at_hand[key]

    def ringing(self, strike: Strike) -> Ringing:
        """Return how a bell sounds. Raises as `bell`."""
        return Bells(self.store).ringing(self.bell_key(strike), partial(self._rung, strike))

    def bell_key(self, strike: Strike) -> str:
        """Return a bell's key in the store: what decides how it sounds. Raises as `bell`."""
        if strike.file:
            return bell_key("file", _digest(self._there(strike.file)))
        check_strike(strike)
        return bell_key(asdict(bell(strike.sound)), strike.pitch, strike.length)

    def _rung(self, strike: Strike) -> tuple[Ringing, bytes]:
        """Ring a bell. Raises as `bell`."""
        from calmcast.audio.loudness import measure

        if strike.file:
            from calmcast.audio.music import bell_of_file

            samples = bell_of_file(self.path(strike.file))
        else:
            from calmcast.audio.ring import ring

            samples = ring(strike.sound, strike.pitch, strike.length)
        windows, peak = measure(samples)
        return Ringing(len(samples), windows, peak), samples.astype("<i2").tobytes()

    def outline(self, strike: Strike) -> Ringing:
        """Return how long a bell sounds, and nothing of how loud: at once, for all but files. Raises as `bell`."""
        if strike.file:
            return self.ringing(strike)
        return Ringing(bell_samples(strike.sound, strike.pitch, strike.length), (), 0.0)

    def bed(
        self, made_of: BedSound, channels: int, on_progress: Callable[[int, int], None] | None = None
    ) -> "tuple[Source, float]":
        """Return what gives a bed's samples, and its loudness in LUFS, all channels together. Raises SoundError.

        `on_progress` is told how many seconds of a file are read, and about how many there are.
        """
        if made_of.file:
            from calmcast.audio.music import bed_of_file, bed_samples_of

            music = bed_of_file(self.path(made_of.file), self.store, on_progress)
            return partial(bed_samples_of, music), music.lufs(channels)
        from calmcast.audio.beds.kept import kept_samples

        settings = BedSettings(made_of.key) if made_of.key else BedSettings()
        source = kept_samples(self.store, made_of.sound, made_of.seed, settings)
        return source, bed_lufs(made_of.sound, channels)

    def digests(self, timeline: Timeline) -> dict[str, str]:
        """Return the SHA-256 of each bell and bed of a track that is a file, by its name. Raises SoundError."""
        sounds: list[Strike | BedSound] = [span.made_of for span in timeline.beds]
        sounds += [bell.strike for bell in timeline.bells]
        files = {sound.file: sound.name for sound in sounds if sound.file}
        return {name: _digest(self.path(file)) for file, name in files.items()}


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise SoundError(f"{path} cannot be read: {reason}", "close any program that has it open") from error


def _fault(check: Callable[[], object]) -> Fault | None:
    """Return what a check that raises has to say, or None."""
    try:
        check()
    except (SoundError, UnitError) as error:
        return str(error), error.hint
    return None
