"""Options on the command line: --set, --guidance, --ask, `options`, `exit`, and a plan that is drawn."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import Calmcast

SCRIPT = """\
title: Rest
allow: {missing-notice: only for tests}
options:
  head: {ask: Support under the head, choices: [low bolster, high bolster]}
segments:
  - title: One
    steps:
      - Hello, and welcome.
      - {say: High it is., when: {head: high bolster}}
      - {steps: [Once more now., {rest: 20s}], repeat: 1 or more}
  - title: Way out
    role: exit
    keep: yes
    steps: [Come back slowly., {pause: {about: 20s, most: 90s}}, {say: High up now., when: {head: high bolster}}]
"""


@pytest.fixture
def rest(workspace: Path) -> Path:
    path = workspace / "scripts" / "rest.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_a_variant_is_named_where_it_was_chosen(calmcast: Calmcast, rest: Path, workspace: Path) -> None:
    run = calmcast("render", "rest", "-l", "2", "--set", "head=high bolster", "--json")
    assert run.code == 0, run.err
    track = run.json["tracks"][0]
    assert Path(track["path"]).name == "rest_head-high-bolster_2min.mp3"
    assert track["options"] == {"head": "high bolster"}
    manifest = json.loads(Path(track["path"]).with_suffix(".json").read_text(encoding="utf-8"))
    assert manifest["title"] == "Rest (head: high bolster), 2 min"
    assert manifest["script"]["options"] == {"guidance": "medium", "head": "high bolster"}
    usual = calmcast("render", "rest", "-l", "2", "--set", "head=low bolster", "--json").json["tracks"][0]
    assert Path(usual["path"]).name == "rest_2min.mp3"


def test_guidance(calmcast: Calmcast, rest: Path) -> None:
    words = [
        calmcast("plan", "rest", "-l", "8", "--guidance", guidance, "--json").json["words"]
        for guidance in ("less", "medium", "more")
    ]
    assert words[0] < words[1] < words[2]
    assert calmcast("plan", "rest", "-l", "8", "--set", "guidance=less", "--json").json["words"] == words[0]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--set", "head"], 2, "NAME=VALUE"),
        (["--set", "head="], 2, "NAME=VALUE"),
        (["--set", "hed=low bolster"], 2, "did you mean `head`?"),
        (["--set", "head=lower bolster"], 2, "did you mean `low bolster`?"),
        (["--set", "head=low bolster", "--set", "head=high bolster"], 2, "choose one"),
        (["--guidance", "most"], 2, "'more', 'medium', 'less'"),
        (["--ask"], 2, "--set"),
    ],
)
def test_what_cannot_be_chosen(calmcast: Calmcast, rest: Path, arguments: list[str], code: int, said: str) -> None:
    run = calmcast("render", "rest", "-l", "2", *arguments)
    assert run.code == code
    assert said in run.err


def test_options_are_listed(calmcast: Calmcast, rest: Path) -> None:
    assert "low bolster" in calmcast("options", "rest").out
    entries = calmcast("options", "rest", "--json").json["options"]
    assert [entry["name"] for entry in entries] == ["guidance", "head"]
    assert entries[1] == {
        "name": "head",
        "ask": "Support under the head",
        "choices": ["low bolster", "high bolster"],
        "default": "low bolster",
    }


def test_ask_asks_on_a_terminal(rest: Path) -> None:
    child, terminal = pty.openpty()
    command = [sys.executable, "-m", "calmcast", "render", "rest", "-l", "2", "--ask", "--guidance", "medium"]
    with subprocess.Popen(command, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        while b"Number" not in shown:
            shown += os.read(child, 4096)
        os.write(child, b"2\n")
        out, _ = process.communicate(timeout=60)
    os.close(child)
    assert process.returncode == 0
    assert b"Support under the head" in shown
    assert b"rest_head-high-bolster_2min.mp3" in out


def test_the_way_out_alone(calmcast: Calmcast, rest: Path, workspace: Path) -> None:
    run = calmcast("exit", "rest", "--json")
    assert run.code == 0, run.err
    track = run.json["tracks"][0]
    assert Path(track["path"]).name.startswith("rest-exit_")
    assert track["lines"] == 1
    high = calmcast("exit", "rest", "-l", "75s", "--set", "head=high bolster", "--json").json["tracks"][0]
    assert high["samples"] == 75 * 44_100
    assert high["lines"] == 2
    manifest = json.loads(Path(high["path"]).with_suffix(".json").read_text(encoding="utf-8"))
    assert manifest["title"] == "Coming back early: Rest (head: high bolster), 1 min 15 s"
    rest.write_text(SCRIPT.replace("    role: exit\n", ""), encoding="utf-8")
    refused = calmcast("exit", "rest")
    assert refused.code == 2
    assert "role: exit" in refused.err


def test_a_plan_is_drawn(calmcast: Calmcast, rest: Path, workspace: Path) -> None:
    run = calmcast("plan", "rest", "-l", "2,5,20", "--svg", "plan.svg")
    assert run.code == 0, run.err
    root = ET.fromstring((workspace / "plan.svg").read_text(encoding="utf-8"))
    words = " ".join("".join(text.itertext()) for text in root.iter() if text.tag.endswith("text"))
    for label in ("2 min", "5 min", "20 min", "One", "Way out"):
        assert label in words


def test_words_longer_than_their_count(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "scripts" / "fast.yaml").write_text(
        "title: F\nsegments:\n  - title: One\n    steps:\n"
        "      - breathe: {in: 1s, out: 4s, rounds: 3, say: {in: Breathe in slowly through your open nose.}}\n"
    )
    run = calmcast("plan", "fast")
    assert run.code == 2
    assert "scripts/fast.yaml:5:57" in run.err
    assert "their count is 1.0 s" in run.err
