"""The part of the grammar's table that classes are written in."""

from calmcast.script.language.kinds import Element, Field, Kind

_OPTIONS = Field(
    "options", Kind.SETTINGS, "What is chosen of the options that scripts leave open.", "{head: high bolster}"
)
_VOICE = Field("voice", Kind.NAME, "The voice profile; left out, each script's own.", "calm")
_BED = Field("bed", Kind.BED, "What sounds under the voice in place of a script's own; `none`: nothing.", "rain")
_STEREO = Field("stereo", Kind.YES_NO, "Whether tracks have two channels; left out, as each script says.", "yes")

CLASS = Element(
    "class",
    "A class, in a file under `scripts/classes/`: `calmcast playlist` makes all of its tracks, and what is handed out "
    "with them. What a track says wins over what the class says, and what a client says over both.",
    "title: Tuesday, calm and slow\nteacher: Your name\nabout: For the evening after class.\n"
    "options: {head: high bolster}\ntracks:\n  - psoas-release\n"
    "  - script: evening-wind-down\n    lengths: [10 min, 20 min]\n    note: Best in bed.\n"
    'for:\n  Mara: {options: {shaking: hands only}, note: "Mind your wrist."}',
    (
        Field("title", Kind.TEXT, "The class's title: the album's name on a phone.", "Tuesday", required=True),
        Field("teacher", Kind.TEXT, "Whose class it is: the artist's name on a phone; left out, the `name` in "
              "`calmcast.yaml`.", "Your name"),
        Field("about", Kind.TEXT, "A sentence or two for those who get it.", "For the evening after class."),
        Field("contact", Kind.CONTACT, "How those who listen can write to you, from the page: an e-mail address, or a "
              "telephone number; left out, the `contact` in `calmcast.yaml`.", "rosa@example.org"),
        _VOICE,
        _OPTIONS,
        _BED,
        _STEREO,
        Field("quality", Kind.QUALITY, "`standard` (96 kbit/s), `small` or `high`.", "small", default="standard"),
        Field("date", Kind.DATE, "The day, year first, of what is there when it is first made; left out, or still to "
              "come, the day on which that is. A feed keeps for each track the day on which that came.",
              "2026-03-01"),
        Field("url", Kind.ADDRESS, "Where its folder will be on the web: with it comes a feed for podcast apps.",
              "https://example.org/tuesday/"),
        Field("tracks", Kind.TRACKS, "The tracks in order: names of scripts, or mappings.", "[psoas-release]",
              required=True),
        Field("for", Kind.CLIENTS, "Those who get a set of their own, by name.",
              "{Mara: {options: {head: high bolster}}}"),
    ),
)  # fmt: skip

TRACK = Element(
    "track",
    "A script in a class.",
    "- psoas-release\n- script: psoas-release\n  lengths: [5 min, 20 min]\n  title: The long rest\n"
    "  options: {knees: \"yes\"}\n  note: After dinner.",
    (
        Field("script", Kind.NAME, "The script's name.", "psoas-release", required=True),
        Field("lengths", Kind.LENGTHS, "How long: one length, or a list, a track for each; left out, the script's own. "
              "Another length is another track.",
              "[5 min, 20 min]"),
        Field("title", Kind.TEXT, "The track's title, in place of the script's; its way out is called after it.",
              "The long rest"),
        Field("note", Kind.TEXT, "What you want to say of it; it stands beside it on the page.", "After dinner."),
        _VOICE,
        _OPTIONS,
        _BED,
        _STEREO,
    ),
    shorthand="script",
)  # fmt: skip

CLIENT = Element(
    "client",
    "Somebody who gets all tracks of the class, made for them, in a folder of their own.",
    "Mara: {options: {head: high bolster, shaking: hands only}, note: Mind your wrist.}",
    (
        _OPTIONS,
        Field("note", Kind.TEXT, "What you want to say to them; it stands on their page.", "Mind your wrist."),
        _VOICE,
    ),
)
