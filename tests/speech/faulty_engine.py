"""An engine that goes wrong on demand, installed for a test as another package's: `speaking.install_faulty`."""

import os
import random
import sys
import time
from array import array
from collections.abc import Mapping
from pathlib import Path

from calmcast.model.voice import Phrase
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, words
from calmcast.speech.engines.tone import ENGINE as TONE
from calmcast.speech.engines.wave import write_wave

NEVER_S = 3600


class Faulty:
    """Speaks as `tone` does, but the text with the word `oops` goes wrong the first `times` times."""

    alphabet: str | None = None

    def __init__(self, name: str, isolation: Isolation) -> None:
        self.name = name
        self.isolation = isolation

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "fault": Setting("", "what goes wrong: a method's name"),
            "times": Setting("99", "how often", low=0, high=99),
            "folder": Setting("", "where the times are counted, and process numbers written"),
        }

    def trouble(self) -> Trouble | None:
        return None

    def version(self) -> str:
        return "1"

    def markup(self, phrase: Phrase) -> str:
        return clean(words(phrase))

    def open(self, settings: Mapping[str, str]) -> Speaker:
        return FaultySpeaker(settings)


SHARED = Faulty("faulty", "shared")
FORKED = Faulty("faulty-forked", "forked")
FRESH = Faulty("faulty-fresh", "fresh")


class FaultySpeaker:
    def __init__(self, settings: Mapping[str, str]) -> None:
        self._fault = settings["fault"]
        self._times = int(settings["times"])
        self._folder = Path(settings["folder"])
        self._tone = TONE.open({"pitch": "220", "rate": "150"})
        if self._fault == "no_start":
            time.sleep(NEVER_S)

    def speak(self, text: str, path: Path) -> None:
        (self._folder / f"{os.getpid()}.process").touch()
        (self._folder / f"{os.getppid()}.process").touch()
        if "oops" in text and len([*self._folder.glob("*.time")]) < self._times:
            (self._folder / f"{time.time_ns()}.time").touch()
            getattr(self, self._fault)(text, path)
        else:
            self._tone.speak(text, path)

    def hang(self, text: str, path: Path) -> None:
        time.sleep(NEVER_S)

    def late(self, text: str, path: Path) -> None:
        time.sleep(3)
        self._tone.speak(text, path)

    def crash(self, text: str, path: Path) -> None:
        os.abort()

    def exit(self, text: str, path: Path) -> None:
        os._exit(3)

    def leave(self, text: str, path: Path) -> None:
        sys.exit(0)

    def error(self, text: str, path: Path) -> None:
        raise RuntimeError("the flute is broken")

    def forget(self, text: str, path: Path) -> None:
        pass

    def empty(self, text: str, path: Path) -> None:
        path.write_bytes(b"")

    def silence(self, text: str, path: Path) -> None:
        write_wave(path, bytes(2 * 44_100), 44_100)

    def no_samples(self, text: str, path: Path) -> None:
        write_wave(path, b"", 44_100)

    def truncated(self, text: str, path: Path) -> None:
        self._tone.speak(text, path)
        path.write_bytes(path.read_bytes()[:-1000])

    def half(self, text: str, path: Path) -> None:
        self._tone.speak("a", path)

    def random_bytes(self, text: str, path: Path) -> None:
        path.write_bytes(random.Random(1).randbytes(50_000))

    def noise(self, text: str, path: Path) -> None:
        chance = random.Random(1)
        write_wave(path, array("h", [round(chance.gauss(0, 3000)) for _ in range(44_100)]).tobytes(), 44_100)

    def full_noise(self, text: str, path: Path) -> None:
        write_wave(path, random.Random(1).randbytes(88_200), 44_100)

    def endless(self, text: str, path: Path) -> None:
        self._tone.speak("again and " * 400, path)

    def nonsense(self, text: str, path: Path) -> None:
        for descriptor in range(3, 20):
            try:
                os.write(descriptor, b"nonsense\n")
            except OSError:
                continue

    def chatter(self, text: str, path: Path) -> None:
        print('{"id": 1, "done": true}', flush=True)
        os.write(1, b"printed by a library\n")
        print("and to stderr", file=sys.stderr, flush=True)
        self._tone.speak(text, path)
