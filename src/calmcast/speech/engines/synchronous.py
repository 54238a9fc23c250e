"""Speech through pyttsx3's public interface, and drivers for it that have spoken when they say they have.

pyttsx3 finds a driver by module name under `pyttsx3.drivers`, so an own driver is registered there. Its own espeak
driver loses settings at random, prints, and returns before the file exists.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from calmcast.speech.engines.wave import write_wave


class Synthesiser(Protocol):
    """A speech library, opened."""

    def set(self, name: str, value: str) -> None:
        """Set one thing, or raise SpeechError where the library has no such thing."""

    def synthesise(self, text: str) -> tuple[bytes, int]:
        """Return `text` as mono 16-bit little-endian samples and their rate in Hz."""


class SynchronousDriver:
    """A pyttsx3 driver that does each thing at once: when `startLoop` returns, all that was asked for is done."""

    def __init__(self, proxy: Any, synthesiser: Synthesiser) -> None:
        self._proxy = proxy
        self._synthesiser = synthesiser

    def setProperty(self, name: str, value: str) -> None:  # noqa: N802 - pyttsx3's name
        self._synthesiser.set(name, value)

    def save_to_file(self, text: str, filename: str) -> None:
        pcm, rate_hz = self._synthesiser.synthesise(text)
        write_wave(Path(filename), pcm, rate_hz)

    def startLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        # pyttsx3 runs its whole queue inside this call, and the last command of the queue ends the loop.
        self._proxy.setBusy(False)

    def _nothing(self) -> None:
        """Nothing is left to end, stop or free: `startLoop` is over when its queue is empty."""

    endLoop = stop = destroy = _nothing  # noqa: N815 - pyttsx3's names


def register_driver(name: str, open_synthesiser: Callable[[], Synthesiser]) -> None:
    """Make `pyttsx3.init(name)` use a SynchronousDriver for what `open_synthesiser` returns."""
    module = ModuleType(f"pyttsx3.drivers.{name}")
    module.__dict__["buildDriver"] = lambda proxy: SynchronousDriver(proxy, open_synthesiser())
    sys.modules[module.__name__] = module


class Pyttsx3Speaker:
    """A Speaker that speaks through pyttsx3, with its own driver or (None) the system's."""

    def __init__(self, driver: str | None, properties: Mapping[str, object]) -> None:
        """Open the driver and set its properties; raises what the driver raised."""
        import pyttsx3

        self._errors: list[BaseException] = []
        self._engine = pyttsx3.init(driver)
        self._engine.connect("error", self._note)
        for name, value in properties.items():
            self._engine.setProperty(name, value)
        if driver is not None:
            self._run()

    def speak(self, text: str, path: Path) -> None:
        """Write `text` to `path`; raises what the driver raised, which pyttsx3 itself would have swallowed."""
        self._engine.save_to_file(text, str(path))
        self._run()

    def voices(self) -> tuple[tuple[str, str], ...]:
        """Return the id and the name of each voice that the driver knows."""
        return tuple((str(voice.id), str(voice.name)) for voice in self._engine.getProperty("voices"))

    def set(self, name: str, value: object) -> None:
        """Set a property before the next text is spoken."""
        self._engine.setProperty(name, value)

    def _run(self) -> None:
        self._engine.runAndWait()
        if self._errors:
            first = self._errors[0]
            self._errors.clear()
            raise first

    def _note(self, name: object = None, exception: BaseException | None = None) -> None:
        self._errors.append(exception or RuntimeError(f"pyttsx3 reported an error ({name})"))
