"""The part of the grammar's table that bells, beds and breath tones are written in."""

from dataclasses import replace

from calmcast.script.language.kinds import Element, Field, Kind

_FILE = "A sound file of your own in its place, from the workspace's folder on, with forward slashes."

BELL_FIELDS = (
    Field("sound", Kind.SOUND, "Which bell; it, or `file`, is needed.", "soft"),
    Field("file", Kind.FILE, _FILE, "bells/mine.wav"),
    Field("pitch", Kind.PITCH, "The pitch that it rings at; left out, its own. A file has none to choose.", "A3"),
    Field(
        "length",
        Kind.DURATION,
        "How long it rings; left out, as long as it does by itself, as a file always does.",
        "20s",
    ),
    Field("level", Kind.LEVEL, "Louder or softer than the bell's own level.", "-6 dB", default="0 dB"),
    Field("wait", Kind.YES_NO, "Whether what follows waits until it has rung.", "yes", default="yes"),
)

_BY_THE_CLOCK = tuple(field for field in BELL_FIELDS if field.name != "wait")

BELL_AT = Element(
    "at",
    "A bell that rings at a time of its own, whatever the script does then. Nothing waits for it. Where somebody "
    "speaks at that time, it rings in the nearest silence; where another bell rings, it is left out. `plan` says so.",
    "at:\n  - {time: 3:00, sound: soft}",
    (
        Field("time", Kind.MOMENT, "When: `3:00` from the beginning, `-1:00` before the end, `50 %` into the track.",
              "3:00", required=True),
        *_BY_THE_CLOCK,
    ),
)  # fmt: skip

BELL_EVERY = Element(
    "every",
    "A bell that rings each time so much has passed, whatever the script does then. Nothing waits for it; it moves or "
    "is left out as a bell of `at` is, and gives way to one.",
    "every: {time: 5 min, sound: tingsha}",
    (Field("time", Kind.DURATION, "How long after the one before.", "5 min", required=True), *_BY_THE_CLOCK),
)

BELLS = Element(
    "bells",
    "The bells of a whole track, besides those among the steps. Each is a name, or a mapping with the fields of "
    "`bell`. In a version they take the place of all bells that the script which it extends has here; `none`: there "
    "are none.",
    "bells:\n  start: bowl\n  end: {sound: bowl, level: -3 dB}\n  between: small\n"
    "  every: {time: 5 min, sound: tingsha}\n  at:\n    - {time: 3:00, sound: soft}\n    - {time: -1:00, sound: soft}\n"
    "    - {time: 50 %, sound: soft}",
    (
        Field("start", Kind.BELL, "Before everything else.", "bowl"),
        Field("end", Kind.BELL, "After everything else.", "{sound: bowl, level: -3 dB}"),
        Field("between", Kind.BELL, "Before each segment but the first.", "small"),
        Field("every", Kind.BELL_EVERY, "Each time so much has passed; one, or a list.",
              "{time: 5 min, sound: tingsha}"),
        Field("at", Kind.BELL_AT, "At times of their own: from the beginning, before the end, or in percent.",
              "[{time: -1:00, sound: soft}]"),
        Field("steps", Kind.YES_NO, "Whether the bells among the steps ring.", "no", default="yes"),
    ),
)  # fmt: skip

BED = Element(
    "bed",
    "A continuous sound under the voice: rain, a drone, or a file of your own, which plays again and again (of one "
    "over an hour long, its first hour). The bed of "
    "a segment wins over the script's, and that of the place which uses it over both; `none`: no bed there.",
    "bed: rain\nbed: {sound: rain, level: -26 dB, seed: 3}\nbed: {sound: drone, key: F#}\n"
    "bed: {file: music/drone.m4a, dip: 8 dB}",
    (
        Field("sound", Kind.SOUND, "Which bed; it, or `file`, is needed.", "rain"),
        Field("file", Kind.FILE, _FILE, "music/drone.m4a"),
        Field("level", Kind.LEVEL, "Where nobody speaks, relative to the voice: -40 dB to 0 dB (or LU, which is the "
              "same).", "-22 dB", default="-22 dB", bounds=(-40.0, 0.0)),
        Field("dip", Kind.LEVEL, "How much softer it becomes under words: 0 dB to 20 dB.", "6 dB", default="6 dB",
              bounds=(0.0, 20.0)),
        Field("key", Kind.KEY, "The note that it is built on, for beds that have one.", "F#"),
        Field("seed", Kind.SEED, "Another number is another stretch of the same rain.", "3", default="1"),
    ),
    shorthand="sound",
)  # fmt: skip

BREATH_TONE = Element(
    "tone",
    "A sound that follows a paced breath: `swell` rises and falls with it like a slow wave, `tones` are a higher tone "
    "for the way in and a lower one for the way out. `none`: no such sound.",
    "tone: swell\ntone: {sound: tones, level: -16 dB, key: A}",
    (
        Field("sound", Kind.SOUND, "Which: `swell` or `tones`.", "tones", required=True),
        Field("level", Kind.LEVEL, "Relative to the voice: -40 dB to 0 dB.", "-16 dB", default="-14 dB",
              bounds=(-40.0, 0.0)),
        Field("key", Kind.KEY, "The note that it is built on.", "A", default="D"),
    ),
    shorthand="sound",
)  # fmt: skip

SOUND_ELEMENTS = (BELLS, BELL_AT, BELL_EVERY, BED, BREATH_TONE)

BED_FIELD = Field("bed", Kind.BED, "What sounds under the voice; `none`: nothing.", "{sound: rain, level: -22 dB}")
SEGMENT_BED = replace(
    BED_FIELD, help="What sounds under the voice in it; left out, as in the script; `none`: nothing.", example="rain"
)
