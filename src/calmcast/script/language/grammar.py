"""The grammar of calmcast's files, as one table: which elements there are, their fields, types and help.

The builder's checks, the suggestions in its problems, `docs/script-format.md` and the JSON Schema for editors
all follow from this table: a new silent step is a new row here, any other a row and its constructor in `steps`.
"""

from dataclasses import replace

from calmcast.script.language.class_grammar import CLASS, CLIENT, TRACK
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.settings_grammar import PICTURE, STORE, USER_SETTINGS, WORKSPACE_SETTINGS
from calmcast.script.language.sound_grammar import BED_FIELD, BELL_FIELDS, SEGMENT_BED, SOUND_ELEMENTS
from calmcast.script.language.voice_grammar import GAPS, LEXICON, TEMPO, TONE, VOICE, WORD

ROLE_HELP = {
    "setup": "getting ready, with time for what it asks",
    "notice": "the word about feelings that may come",
    "check": "asks after comfort",
    "announce": "tells of a silence to come",
    "exit": "the way out",
    "sleep": "where the track falls silent for sleep: from there on nobody is asked, and no way out has to follow",
}
"""What a part can do for the listener's safety, by the name of the role."""
ROLES = tuple(ROLE_HELP)

GLUE_FIELDS = (
    Field("about", Kind.DURATION, "Its natural length.", "6s", required=True),
    Field("least", Kind.DURATION, "The shortest it may become; half its natural length if left out.", "3s"),
    Field("most", Kind.DURATION, "The longest; double its natural length if left out.", "20s"),
)
FILLING_FIELDS = tuple(
    replace(field, help="The longest; left out, it has no bound.") if field.name == "most" else field
    for field in GLUE_FIELDS
)

STEPS = (
    Element(
        "say",
        "A line to speak. A bare text is a line too. `[2s]` inside it is a fixed silence. `{psoas|so-as}` is written "
        "`psoas` and said `so-as` just here; so may be phonemes, `{psoas|/ˈsoʊæs/}`, and `{SI|as letters}`, "
        "`{204|as digits}`.",
        "- Let your shoulders soften.\n- say: Breathe in, [2s] and out.\n- Your {psoas|so-as} can rest, too.",
        (Field("text", Kind.SPEECH, "The words.", "Let your shoulders soften.", required=True),),
        shorthand="text",
    ),
    Element(
        "pause",
        "An elastic silence: it grows and shrinks with the track, by default from half to double its natural length.",
        "- pause: 6s\n- pause: {about: 6s, least: 3s, most: 20s}",
        GLUE_FIELDS,
        shorthand="about",
        silence="elastic",
    ),
    Element(
        "hold",
        "A fixed silence: the same in every track.",
        "- hold: 4s",
        (Field("time", Kind.DURATION, "How long.", "4s", required=True),),
        shorthand="time",
        silence="fixed",
    ),
    Element(
        "rest",
        "A long silence, the first to take up the chosen length. Without `most` it has no upper bound. With `every` "
        "and `check` it comes as stretches no longer than `every`, with the check between them.",
        "- rest: 2 min\n- rest: {about: 2 min, least: 30s, every: 3 min, check: si-joint-check}",
        (
            *FILLING_FIELDS,
            Field("every", Kind.DURATION, "The longest that a stretch may be, before the check.", "3 min"),
            Field("check", Kind.NAME, "The segment that comes between two stretches.", "si-joint-check"),
        ),
        shorthand="about",
        silence="filling",
    ),
    Element(
        "breathe",
        "Paced breathing. The counts never stretch: a longer track has more rounds.",
        "- breathe: {in: 4s, out: 6s, rounds: 4 to 12, say: {in: Breathe in., out: And out.}}",
        (
            Field("in", Kind.DURATION, "How long the breath comes in.", "4s", required=True),
            Field("hold", Kind.DURATION, "How long it is held, full.", "1s"),
            Field("out", Kind.DURATION, "How long it goes out.", "6s", required=True),
            Field("rest", Kind.DURATION, "How long it rests, empty.", "1s"),
            Field("rounds", Kind.COUNT, "How many breaths: `6`, `4 to 12`, `4 or more`.", "4 to 12", required=True),
            Field(
                "say",
                Kind.CUES,
                "What is said at the beginning of each part; left out, nothing.",
                "{in: Breathe in., out: And out.}",
            ),
            Field("voice_rounds", Kind.NUMBER, "So many rounds are spoken, from the first on.", "3", default="3"),
            Field("remind", Kind.NUMBER, "After those, each so-manieth round is spoken; `no`: none.", "4", default="4"),
            Field(
                "slower",
                Kind.PACE,
                "How much slower the breath becomes, to half as slow again at most.",
                "10 % a minute",
            ),
            Field(
                "tone",
                Kind.BREATH_TONE,
                "A sound that follows the breath: `swell` or `tones`; left out, none.",
                "{sound: tones, level: -16 dB, key: A}",
            ),
        ),
    ),
    Element(
        "one of",
        "Several ways to say the same. Each time it comes round in the track, the next is said.",
        "- one of:\n    - How is your back?\n    - Would something like to move?",
        (Field("one of", Kind.STEPS, "Lines, and groups of lines, silences and bells.", "[...]", required=True),),
        shorthand="one of",
    ),
    Element(
        "bell",
        "A bell. What follows waits until it has rung, unless `wait` is no.",
        "- bell: soft\n- bell: {sound: bowl, pitch: A3, length: 20s, level: -6 dB, wait: no}\n"
        "- bell: {file: bells/mine.wav}",
        BELL_FIELDS,
        shorthand="sound",
    ),
    Element(
        "use",
        "The steps of another segment, here.",
        "- use: si-joint-check",
        (Field("segment", Kind.NAME, "The segment's name.", "si-joint-check", required=True),),
        shorthand="segment",
    ),
    Element(
        "steps",
        "A group: steps that belong together.",
        "- steps:\n    - You can always stop.\n    - pause: 4s\n  repeat: 1 to 3",
        (Field("steps", Kind.STEPS, "The steps.", "[...]", required=True),),
        shorthand="steps",
    ),
)
"""Every step. A step is a mapping with exactly one of these names as a key, or a bare text."""

TRAITS = (
    Field("when", Kind.WHEN, "Only where these options have these values (a list: any of them; `not`: the reverse).",
          "{head: high bolster}"),
    Field("from", Kind.LENGTH, "Only in tracks at least this long.", "8 min"),
    Field("optional", Kind.RANK, "Dropped when the track is short, the highest number first; `yes` is 1.", "2"),
    Field("repeat", Kind.COUNT, "How often: `3`, `1 to 6`, `1 or more`; a longer track has more.", "1 to 6"),
    Field("keep", Kind.YES_NO, "Never dropped, and its silences never shrink: for safety words and the exit.", "yes"),
    Field("role", Kind.ROLE, "What it does for safety: "
          f"{'; '.join(f'`{role}` ({told})' for role, told in ROLE_HELP.items())}.", "check"),
    Field("allow", Kind.ALLOW, "Warnings that are not wanted here, each with the reason.",
          "{long-line: it is a quotation}"),
    Field("voice", Kind.NAME, "The voice for this step and what is inside it.", "plain"),
    Field("level", Kind.LEVEL, "How much louder or softer its words are than those around it: -20 dB to +6 dB (a "
          "bell's own stands inside `bell`).", "-4 dB", bounds=(-20.0, 6.0)),
    Field("id", Kind.NAME, "A stable name, for recordings and translations.", "welcome-1"),
    Field("untranslated", Kind.YES_NO, "Its words are still in another language; `check` lists it.", "yes"),
)  # fmt: skip
"""What any step written as a mapping, and any segment, may also carry."""

SEGMENT = Element(
    "segment",
    "A part of a script, in a file of its own under `scripts/segments/`, or written in place. Each is a chapter.",
    "title: Settle\nabout: Arriving on the floor.\nsteps:\n  - Let your head be held.\n  - pause: 6s",
    (
        Field("title", Kind.TEXT, "The chapter's title, at most 30 characters.", "Settle", required=True),
        Field("about", Kind.TEXT, "One sentence for those who choose it.", "Arriving on the floor."),
        Field(
            "options",
            Kind.OPTIONS,
            "The choices that its `when` and `{...}` use.",
            "{head: {ask: Support, choices: [low, high]}}",
        ),
        SEGMENT_BED,
        Field("steps", Kind.STEPS, "What happens, in order.", "[...]", required=True),
        *TRAITS,
    ),
)

SEGMENT_USE = Element(
    "use",
    "A segment by name, with something to add to it.",
    "- use: settle\n  keep: yes",
    (Field("use", Kind.NAME, "The segment's name.", "settle", required=True), SEGMENT_BED, *TRAITS),
)

SCRIPT = Element(
    "script",
    "A whole track, in a file under `scripts/`.",
    "title: Psoas release\nlength: 10 min\nsegments:\n  - setup\n  - settle\n  - gentle-exit",
    (
        Field("title", Kind.TEXT, "The track's title.", "Psoas release", required=True),
        Field("about", Kind.TEXT, "One sentence for those who choose it.", "A supported rest on the floor."),
        Field("teacher", Kind.TEXT, "Whose it is: the artist's name on a phone; left out, the `name` in "
              "`calmcast.yaml`.", "Your name"),
        PICTURE,
        Field("language", Kind.LANGUAGE, "The language it is written in.", "en-US", default="en-US"),
        Field("voice", Kind.NAME, "The voice profile that speaks it.", "calm", default="calm"),
        Field("length", Kind.LENGTH, "The length used when the command names none.", "10 min"),
        Field(
            "gap", Kind.GLUE, "The silence between two lines with nothing between them.", "0.9s",
            default="{about: 0.9s, least: 0.4s, most: 1.8s}",
        ),
        Field("options", Kind.OPTIONS, "Choices, or other defaults for those of its segments.",
              "{head: {ask: Support, choices: [low, high]}}"),
        BED_FIELD,
        Field("bells", Kind.BELLS, "The bells of the whole track, besides those among the steps.",
              "{start: bowl, end: bowl}"),
        Field("stereo", Kind.YES_NO, "Whether its tracks have two channels; the voice stays in the middle.", "yes",
              default="no"),
        Field("allow", Kind.ALLOW, "Warnings that are not wanted in this script, each with the reason.",
              "{no-exit: the next track has it}"),
        Field("segments", Kind.SEGMENTS, "The parts in order: names, or segments written in place.", "[setup, settle]",
              required=True),
        Field("way-out", Kind.SEGMENT, "The segment of which the short track is made that only brings one out "
              "(`calmcast exit`, and that of a class); left out, the parts with `role: exit`. It is not part of the "
              "track itself.", "coming-back-early"),
    ),
)  # fmt: skip

OPTION = Element(
    "option",
    "A choice that the script leaves open; a text alone changes its default. Every script also has `guidance` (medium, "
    "more, less): how much is said.",
    "options:\n  head: {ask: Support under the head, choices: [low bolster, high bolster]}",
    (
        Field("ask", Kind.TEXT, "What is asked.", "Support under the head"),
        Field("choices", Kind.CHOICES, "What can be chosen; the first is the default.", "[low bolster, high bolster]"),
        Field("default", Kind.TEXT, "What is chosen where nobody says.", "high bolster"),
    ),
)

VERSION = Element(
    "version",
    "A script that starts from another and says only what differs.",
    "extends: psoas-release\ntitle: For the Tuesday class\nreplace: {settle: my-settle}\n"
    "insert: [{after: breath, segment: body-scan}]\ndrop: [welcome]",
    (
        Field("extends", Kind.NAME, "The script that it starts from.", "psoas-release", required=True),
        *(replace(field, required=False, default=None) for field in SCRIPT.fields if field.name != "segments"),
        Field("replace", Kind.REPLACE, "Segments that take the place of others.", "{settle: my-settle}"),
        Field("insert", Kind.INSERT, "Segments that are put in, each after or before another.",
              "[{after: breath, segment: body-scan}]"),
        Field("drop", Kind.TEXTS, "Segments that are left out.", "[welcome]"),
    ),
)  # fmt: skip

INSERTION = Element(
    "insert",
    "A segment that is put in.",
    "insert: [{after: breath, segment: body-scan}]",
    (
        Field("after", Kind.TEXT, "The segment that it follows.", "breath"),
        Field("before", Kind.TEXT, "The segment that it precedes.", "gentle-exit"),
        Field("segment", Kind.SEGMENT, "The segment: its name, or written in place.", "body-scan", required=True),
    ),
)

_BREATH_PARTS = ("in", "hold", "out", "rest")
CUES = Element(
    "say",
    "What is said at the beginning of each part of a breath.",
    "say: {in: Breathe in., out: And out.}",
    tuple(Field(name, Kind.SPEECH, "", "And out.") for name in _BREATH_PARTS),
)

_ELEMENTS = (
    *(*STEPS, SEGMENT, SEGMENT_USE, SCRIPT, OPTION, VERSION, INSERTION),
    *(VOICE, GAPS, TEMPO, TONE, LEXICON, WORD),
    *SOUND_ELEMENTS,
    *(CLASS, TRACK, CLIENT),
    *(WORKSPACE_SETTINGS, USER_SETTINGS, STORE),
)
KEYS = frozenset(field.name for element in _ELEMENTS for field in element.fields) | {e.name for e in STEPS}
"""Every key of the language."""
