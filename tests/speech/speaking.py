"""What tests of speech share: utterances from text, a finish, and the faulty engine as an installed package."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from calmcast.model.voice import UNSHAPED, Phrase, Tone, Utterance
from calmcast.speech.engines.allowed import allow
from calmcast.speech.engines.command import ENGINE as COMMAND
from calmcast.speech.engines.registry import find
from calmcast.speech.run.job import Patience, SpeechJob

if TYPE_CHECKING:
    import numpy as np
    import pytest
    from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent.parent
IMPATIENT = Patience(start_s=20.0, phrase_s=1.5, word_s=0.0, tries=2)


def finish(
    samples: "NDArray[np.int16]", _tone: Tone = UNSHAPED
) -> "tuple[NDArray[np.int16], tuple[float, ...], float]":
    """Return the samples as they are, and a stand-in for loudness and peak that depends on them."""
    return samples, (float((samples.astype(float) ** 2).mean()),), float(abs(samples.astype(int)).max()) / 32_768


def utterance(*texts: str, silence: int = 4_410) -> Utterance:
    """Return an utterance of these phrases with this silence between them."""
    return Utterance(tuple(Phrase((text,), silence * (i < len(texts) - 1)) for i, text in enumerate(texts)))


def jobs(engine: str, *lines: str, settings: Mapping[str, str] | None = None) -> list[SpeechJob]:
    """Return a job for each line."""
    return [SpeechJob(utterance(line), find(engine), settings or {}) for line in lines]


def no_home_but(folder: Path, monkeypatch: "pytest.MonkeyPatch") -> None:
    """Let the user's own settings lie in a folder, and nowhere else."""
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


def allow_program(settings: Mapping[str, str], voice: str = "calm") -> None:
    """Let the engine `command` run what these settings say, as `calmcast voices allow` does."""
    allow(voice, COMMAND.errand(settings))


def install(monkeypatch: "pytest.MonkeyPatch", folder: Path, name: str, entry_points: Mapping[str, str]) -> None:
    """Make a package with these `calmcast.engines` importable, here and in processes that start from here."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    points = "".join(f"{point} = {target}\n" for point, target in entry_points.items())
    (info / "entry_points.txt").write_text(f"[calmcast.engines]\n{points}")
    paths = [str(folder), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.syspath_prepend(str(folder))


def install_faulty(monkeypatch: "pytest.MonkeyPatch", folder: Path) -> None:
    """Install the engines of `faulty_engine`."""
    points = {"faulty": "SHARED", "faulty-forked": "FORKED", "faulty-fresh": "FRESH"}
    install(
        monkeypatch, folder, "faulty", {name: f"tests.speech.faulty_engine:{value}" for name, value in points.items()}
    )
