"""Whatever a file holds, reading it ends in a script or in problems with places; never in an exception."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from calmcast.script.language.builder import build_script, build_segment
from calmcast.script.language.reader import read
from calmcast.workspace.folder import Folder, shipped
from calmcast.workspace.library import Library

SHIPPED = "\n".join(path.read_text(encoding="utf-8") for path in sorted((shipped() / "scripts").rglob("*.yaml")))
SIGNS = st.text(st.sampled_from("-:#[]{}'\"*&!%@`|>?, \n\t~<abc019sm\u2028\ufeff"), max_size=80)


SOUNDS = """\
title: A
stereo: yes
bed: {sound: drone, level: -20 dB, dip: 4 dB, key: F#, seed: 3}
bells:
  start: {sound: bowl, pitch: A3, length: 20s, level: -6 dB, wait: no}
  every: {time: 5 min, sound: tingsha}
  at:
    - {time: -1:00, file: bells/mine.wav}
    - {time: 50 %, sound: soft}
segments:
  - {use: settle, bed: none, level: -3 dB}
  - title: T
    bed: {file: music/drone.m4a}
    steps:
      - breathe: {in: 4s, out: 6s, rounds: 4, tone: {sound: tones, level: -16 dB, key: A}}
"""


def survives(data: bytes) -> None:
    node, problems = read(data, "x.yaml")
    found = (*problems, *build_script(node, "x", "x.yaml")[1], *build_segment(node, "x", "x.yaml")[1])
    assert all(p.source.line >= 1 and p.source.column >= 1 and str(p) for p in found)


@given(SIGNS)
def test_signs(text: str) -> None:
    survives(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
def test_bytes(data: bytes) -> None:
    survives(data)


@given(st.integers(0, len(SHIPPED)), st.integers(0, 40), SIGNS)
def test_a_shipped_script_with_something_typed_over_it(at: int, length: int, typed: str) -> None:
    survives((SHIPPED[max(0, at - 600) : at] + typed + SHIPPED[at + length : at + 600]).encode())


@given(st.integers(0, len(SOUNDS)), st.integers(0, 20), SIGNS)
def test_sounds_with_something_typed_over_them(at: int, length: int, typed: str) -> None:
    survives((SOUNDS[:at] + typed + SOUNDS[at + length :]).encode())


def test_shipped_scripts_have_no_problem(tmp_path: Path) -> None:
    library = Library(Folder(tmp_path))
    scripts = library.folder.scripts()
    assert "psoas-release" in scripts
    for name in scripts:
        loaded = library.script(name)
        assert loaded.script is not None
        assert loaded.problems == ()
