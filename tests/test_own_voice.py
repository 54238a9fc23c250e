"""A whole script read into one long m4a, as a phone makes it: cut, matched, and mixed with who stands in."""

import json
import re
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.loudness import integrated, measure
from calmcast.takes.ledger import load_ledger
from calmcast.takes.sheet import Sheet, read_sheet
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.folder import shipped
from tests.conftest import Calmcast, needs

pytestmark = [pytest.mark.real, pytest.mark.long, needs("flite")]
OWN = Path("recordings") / "my-recordings"
RATE_HZ = 16_000
Spans = Mapping[str, tuple[float, float]]


def read_aloud(sheet: Sheet, path: Path, *, without: frozenset[int] = frozenset()) -> Spans:
    """Read a sheet with flite into one m4a with a little noise; return where each line is, in seconds, by its text."""
    noise = np.random.default_rng(8)
    parts: list[NDArray[np.float64]] = [np.zeros(RATE_HZ)]
    spans: dict[str, tuple[float, float]] = {}
    for prompt in sheet.reading:
        if prompt.number in without:
            continue
        start = sum(map(len, parts))
        pieces = re.split(r"\[([\d.]+) s\]", prompt.text)
        for index, piece in enumerate(pieces):
            parts.append(
                np.zeros(round(float(piece) * RATE_HZ)) if index % 2 else flite(piece, path.with_suffix(".wav"))
            )
        spans[prompt.text] = (start / RATE_HZ, sum(map(len, parts)) / RATE_HZ)
        parts.append(np.zeros(round(noise.uniform(1.7, 2.4) * RATE_HZ)))
    sound = np.concatenate(parts) * 0.5
    write_m4a((sound + noise.normal(0, 4e-4, len(sound))).astype(np.float32), path)
    return spans


def flite(text: str, path: Path) -> NDArray[np.float64]:
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE_HZ
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768


def write_m4a(samples: NDArray[np.float32], path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE_HZ)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE_HZ, Fraction(1, RATE_HZ), 0
        fifo = av.AudioFifo()
        fifo.write(frame)
        for each in fifo.read_many(1_024, partial=True):
            container.mux(stream.encode(each))
        container.mux(stream.encode(None))


def wrong_lines(folder: Path, spans: Spans) -> list[str]:
    """Return the lines whose newest take is not where they were read."""
    takes = {take.text: take for take in load_ledger(folder / OWN).newest().values()}
    return [
        text
        for text, (start, end) in spans.items()
        if text in takes
        and max(abs(takes[text].start / SAMPLE_RATE - start), abs(takes[text].end / SAMPLE_RATE - end)) > 0.5
    ]


def test_a_whole_script_in_one_m4a(
    calmcast: Calmcast, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    (tmp_path / "voices").mkdir()
    stand_in = b"# The stand-in, and what is compared with each reading, is the plain voice: it speaks at once.\n"
    (tmp_path / "voices" / "calm.yaml").write_bytes(stand_in + (shipped() / "voices" / "plain.yaml").read_bytes())
    assert calmcast("record", "sheet", "seated-pause").code == 0
    sheet = read_sheet(tmp_path / OWN, "my-recordings")
    left_out = frozenset(prompt.number for prompt in sheet.prompts[::9])
    path = tmp_path / "New Recording 12.m4a"
    spans = read_aloud(sheet, path, without=left_out)
    before = path.read_bytes()

    # Killed on the way, nothing is half there, and the next try is as good as the first.
    command = [sys.executable, "-m", "calmcast", "record", "import", str(path)]
    for seconds in (1.0, 4.0):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(load_ledger(tmp_path / OWN).takes) in (0, len(spans))
    run = calmcast("record", "import", path, "--json")
    assert run.code == 0, run.err
    assert path.read_bytes() == before
    assert len(run.json["missing"]) == len(left_out)
    assert {each["number"] for each in run.json["missing"]} == left_out
    assert wrong_lines(tmp_path, spans) == []

    run = calmcast("render", "seated-pause", "--length", "5", "--voice", "my-recordings", "--json")
    assert run.code == 0, run.err
    assert "in place of my-recordings" in run.err
    track = Path(run.json["tracks"][0]["path"])
    manifest = json.loads(track.with_suffix(".json").read_text(encoding="utf-8"))
    assert calmcast("verify", track).code == 0
    own, calm = loudness(track, manifest, stand_in=False), loudness(track, manifest, stand_in=True)
    assert abs(own - calm) < 1.0
    assert abs(own + 19.0) < 0.5
    assert manifest["voices"]["my-recordings"]["stood_in_lines"] == sum("by" in event for event in manifest["events"])


def loudness(track: Path, manifest: Mapping[str, object], *, stand_in: bool) -> float:
    """Return the loudness of the lines that the stand-in speaks in a finished MP3, or of all others, in LUFS."""
    with av.open(str(track)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    sound = np.rint(np.concatenate(frames) * 32_768).astype(np.int16)
    events = manifest["events"]
    assert isinstance(events, list)
    windows: list[float] = []
    for event in events:
        if event["kind"] == "line" and ("by" in event) == stand_in:
            around = SAMPLE_RATE * 3 // 10
            piece = sound[max(0, event["start"] - around) : event["start"] + event["samples"] + around]
            windows += measure(piece)[0]
    return integrated(windows)
