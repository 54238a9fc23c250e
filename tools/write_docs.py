"""Write docs/script-format.md and docs/calmcast.schema.json from the grammar, the sounds and the engines.

`make docs` runs it; a test keeps both current.
"""

from collections.abc import Mapping
from pathlib import Path

from calmcast.audio import bells
from calmcast.audio.beds import catalogue
from calmcast.model.sound import BREATHS
from calmcast.publish.handout.strings import Text, table
from calmcast.script.language.class_grammar import CLASS, CLIENT, TRACK
from calmcast.script.language.grammar import OPTION, SCRIPT, SEGMENT, SEGMENT_USE, STEPS, TRAITS, VERSION
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.reference import schema_text
from calmcast.script.language.settings_grammar import STORE, USER_SETTINGS, WORKSPACE_SETTINGS
from calmcast.script.language.sound_grammar import BED, BELL_AT, BELL_EVERY, BELLS, BREATH_TONE
from calmcast.script.language.voice_grammar import LEXICON, TEMPO, TONE, VOICE, WORD
from calmcast.script.lint.codes import CODES
from calmcast.speech.engines.registry import engines

DOCS = Path(__file__).parents[1] / "docs"

_KIND_NAMES = {
    Kind.TEXT: "text",
    Kind.SPEECH: "words, with `[2s]` silences inside",
    Kind.NAME: "name",
    Kind.DURATION: "time",
    Kind.LENGTH: "time, or a number of minutes",
    Kind.LEVEL: "level in dB",
    Kind.YES_NO: "yes or no",
    Kind.LANGUAGE: "language tag",
    Kind.SOUND: "name of a sound",
    Kind.FILE: "path of a file",
    Kind.PICTURE: "path of a picture",
    Kind.PITCH: "note with its octave, or frequency in Hz",
    Kind.KEY: "note",
    Kind.SEED: "number",
    Kind.MOMENT: "time, time before the end, or percentage",
    Kind.BELL: "bell",
    Kind.BELL_AT: "`{time, sound, ...}`, or list of such",
    Kind.BELL_EVERY: "`{time, sound, ...}`, or list of such",
    Kind.BELLS: "`{start, end, between, every, at}`, or none",
    Kind.BED: "name of a bed, `{sound, level, ...}`, or none",
    Kind.BREATH_TONE: "name of a tone, `{sound, level, key}`, or none",
    Kind.GLUE: "time, or `{about, least, most}`",
    Kind.STEPS: "list of steps",
    Kind.SEGMENTS: "list of segments",
    Kind.NAMES: "name, or list of names",
    Kind.GAPS: "`{phrase, sentence}`",
    Kind.TEMPO: "words a minute, or `{words, by}`",
    Kind.SPEED: "number of words a minute",
    Kind.BY: "silence or syllables",
    Kind.PERCENT: "percentage",
    Kind.HERTZ: "frequency in Hz",
    Kind.TONE: "`{low-cut, shelf, open, room}`",
    Kind.PREFER: "list of engines with settings",
    Kind.WORDS: "list of words",
    Kind.PHONEMES: "text by alphabet",
    Kind.COUNT: "`3`, `1 to 6`, `1 or more`",
    Kind.NUMBER: "number, or no",
    Kind.RANK: "yes, or a number from 1 on",
    Kind.PACE: "`10 % a minute`",
    Kind.ROLE: "name of a role",
    Kind.WHEN: "values by option",
    Kind.ALLOW: "reasons by warning",
    Kind.CUES: "lines by part of the breath",
    Kind.OPTIONS: "options by name",
    Kind.CHOICES: "list of texts",
    Kind.TEXTS: "text, or list of texts",
    Kind.REPLACE: "segments by name",
    Kind.INSERT: "list of insertions",
    Kind.SEGMENT: "name, or a segment",
    Kind.TRACKS: "list of tracks",
    Kind.CLIENTS: "`{options, note, voice}` by name",
    Kind.SETTINGS: "choices by option",
    Kind.LENGTHS: "time, or list of times",
    Kind.QUALITY: "standard, small or high",
    Kind.DATE: "date, year first",
    Kind.ADDRESS: "web address",
    Kind.CONTACT: "e-mail address or telephone number",
    Kind.STRINGS: "texts by language and id",
    Kind.STORE: "`{folder, size}`",
    Kind.FOLDER: "path of a folder",
    Kind.SIZE: "size in MB or GB",
}

_INTRODUCTION = """\
# The script format

<!-- Written by `make docs` from src/calmcast/script/language/grammar.py: change it there. -->

A script is a text file that reads like the class itself. It is written in YAML: `key: value` on a line,
lists with a hyphen and a space, and two spaces for each step inwards.

**Times** are written `6s`, `0.5s`, `90 seconds`, `1m30s`, `1:30`, `10 min`, `1h5m`.
**Levels** are written `-6 dB` (`-6 LU` is the same). **Names** are file names without their ending.
A line that has a colon followed by a space, or that begins with one of `[ { " ' * & ! % @ |` and a few other signs,
goes in double quotes: `- "Remember: there is no hurry."`

A file in your own `scripts/`, `scripts/segments/` or `voices/` wins over the one that ships, by name.
Between two lines with nothing between them lies the script's `gap`.
`calmcast check` shows every mistake with its line, and what to write instead.
"""


_OPTIONS = """\
An option is used by `when`, on a step or a segment, and by its name in curly brackets in a line:

```yaml
- when: {head: high bolster}
  say: The taller bolster can carry the weight of your head.
- when: {knees: [a cushion, a blanket], not: {legs: long}}    # several keys: all must hold
  say: Let {knees} hold your knees.
```

It is chosen with `--set head="high bolster"`, or asked for with `--ask`. A segment names the options that it uses; a
script's own `options` win, and may give another `default` alone.
"""

_LENGTHS = """\
### What a longer track has more of

A track takes what is always there, then the `optional` parts by number (1 first), then one more `repeat`, round of
`breathe` or stretch of a `rest` with a check at a time, where the least of what is possible is there yet. It takes so
much that its silences are nearest to their natural lengths. So a longer track has all that a shorter one has, in the
same order. A part with `from` is there in every track of that length or more, and in no shorter one; what is added
after it has to wait for it, so choose a length at which there is room.

A rest without `most` is never strained by growing: the next part comes only when all of it fits. Where each rest has
its `most`, and a group with `repeat: 1 or more` holds them, longer tracks get more rounds, not ever longer rests.
"""


_FILES = """\
### Sound files of your own

`file:` takes the path of a file from the workspace's folder on, with forward slashes: `music/rain.mp3` is the file
`rain.mp3` in the folder `music` beside `scripts`. A bell from a file is as loud as every other bell; a bed from a file
plays again and again, as loud as its level says.

### After a long silence

Nothing begins more than 12 LU over the half minute before it, so that nobody is startled: words come up softly, over
two or three seconds, and a bell is softer as a whole. A single word after minutes of silence stays soft; a bed, or a
longer line, brings the voice up sooner.
"""


def _markdown(
    bells: Mapping[str, str],
    beds: Mapping[str, str],
    tones: Mapping[str, str],
    engines: Mapping[str, Mapping[str, str]],
) -> str:
    """Return the whole of docs/script-format.md.

    `bells`, `beds`, `tones`: what each is like, by name; `engines`: what each setting means, by engine and name.
    """
    parts = [
        _INTRODUCTION,
        _section("A script", SCRIPT),
        _section("A segment", SEGMENT),
        "In a script's `segments`, a name stands for a segment's file; "
        f"`use` adds something to it:\n\n```yaml\n{SEGMENT_USE.example}\n```\n",
        _section("An option", OPTION),
        _OPTIONS,
        _section("A version of another script", VERSION),
        "## Steps\n\nA step is a line of text, or exactly one of these:\n",
        *(_step(element) for element in STEPS),
        "### On any step\n\nA step written as a mapping, and a segment as a whole, may also carry:\n",
        _table(TRAITS),
        _LENGTHS,
        "## Sounds\n\nWhat sounds besides the voice. `calmcast sounds` lists it, `calmcast sounds try` plays it.\n",
        "### The bells that there are\n\n" + _list(bells),
        _section("The bells of a whole track", BELLS, "###"),
        _section("A bell at a time of its own", BELL_AT, "####"),
        _section("A bell that comes round", BELL_EVERY, "####"),
        _section("A bed", BED, "###") + "\n" + _list(beds),
        _section("A tone to breathe with", BREATH_TONE, "###") + "\n" + _list(tones),
        _FILES,
        "## Warnings\n\n`calmcast check` gives these, and `allow: {code: reason}` on a step, a segment or the script "
        "silences one there and inside:\n\n" + _list(CODES),
        "# Classes\n\nA class names the tracks that are handed out together. `calmcast new NAME --class` begins one, "
        "`calmcast plan` shows it, `calmcast playlist` makes it.\n",
        _section("A class", CLASS),
        _section("A track of a class", TRACK),
        _section("A client", CLIENT),
        "# Voices\n\nA voice profile names the engines that can speak it; a lexicon says how words are pronounced.\n"
        "`calmcast voices` says who speaks each here, `calmcast voices add` gets neural voices, `calmcast record` your "
        "own.\n",
        _section("A voice", VOICE),
        _section("Its pace", TEMPO),
        _section("Its tone", TONE),
        "### Engines\n\n" + "\n".join(f"`{name}`:\n\n{_list(settings)}" for name, settings in engines.items()),
        _section("A lexicon", LEXICON),
        _section("A word of a lexicon", WORD),
        "# Settings\n\nTwo files, either of which may be missing, say what holds where nothing else is said.\n",
        _section("Of a workspace: `calmcast.yaml`", WORKSPACE_SETTINGS),
        _section("Your own: `settings.yaml`", USER_SETTINGS),
        _section("What is kept", STORE, "###"),
        "## Refused\n\nDuplicate or unknown keys, tabs, YAML's anchors, aliases, merges and tags, files over 1 MiB, "
        "nesting over 32, scripts of more than 20 000 steps, segments that use each other in a circle, and paths "
        "in place of names. Curly quotes, non-breaking spaces, UTF-16, a byte order mark and Windows line ends are "
        "accepted.\n",
    ]
    return "\n".join(parts)


def _list(meanings: Mapping[str, str]) -> str:
    return "".join(f"- `{name}`: {meaning}\n" for name, meaning in meanings.items())


def _section(title: str, element: Element, heading: str = "##") -> str:
    return f"{heading} {title}\n\n{element.help}\n\n```yaml\n{element.example}\n```\n\n{_table(element.fields)}"


def _step(element: Element) -> str:
    fields = _table(element.fields) if len(element.fields) > 1 else ""
    return f"### `{element.name}`\n\n{element.help}\n\n```yaml\n{element.example}\n```\n\n{fields}"


def _table(fields: tuple[Field, ...]) -> str:
    rows = ["| key | value | meaning |", "|---|---|---|"]
    for field in fields:
        note = " Required." if field.required else f" Default: `{field.default}`." if field.default else ""
        rows.append(f"| `{field.name}` | {_KIND_NAMES[field.kind]} | {field.help}{note} |")
    return "\n".join(rows) + "\n"


def script_format() -> str:
    """Return the text of docs/script-format.md."""
    settings = {
        engine.name: {
            name: setting.about + (f" ({setting.low} to {setting.high})" if setting.high is not None else "")
            for name, setting in engine.settings.items()
        }
        for engine in engines()
    }
    rings = {name: bell.about for name, bell in bells.BELLS.items()}
    beds = {name: bed.about for name, bed in catalogue.BEDS.items()}
    return _markdown(rings, beds, BREATHS, settings)


_STRINGS = """\
# Strings

<!-- Written by `make docs` from src/calmcast/publish/handout/templates/strings/: change it there. -->

What calmcast itself says to those who listen: on the page of a class, on what is printed, in the feed and in messages.
To say something else, write it into `calmcast.yaml`, by language, then by id:

```yaml
strings:
  de:
    come-back: Sanft zurück
    write-to: "Schreib {teacher}"
```

What stands in curly brackets is filled in, and has to stay. A language that has no table here can get one so: what it
does not say is said in English. Where a number has two forms, one text takes the place of both.

"""


def strings_page() -> str:
    """Return the text of docs/strings.md: every string in every language that ships."""
    tables = [table(language) for language in ("en", "de")]
    rows = ["| id | English | German |", "|---|---|---|"]
    rows += [f"| `{key}` | {' | '.join(_forms(texts[key]) for texts in tables)} |" for key in tables[0]]
    return _STRINGS + "\n".join(rows) + "\n"


def _forms(text: Text) -> str:
    return text.replace("|", "\\|") if isinstance(text, str) else f"{text['one']} / {text['other']}"


if __name__ == "__main__":
    (DOCS / "strings.md").write_text(strings_page(), encoding="utf-8")
    (DOCS / "script-format.md").write_text(script_format(), encoding="utf-8")
    (DOCS / "calmcast.schema.json").write_text(schema_text(), encoding="utf-8")
