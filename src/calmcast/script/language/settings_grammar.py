"""The part of the grammar's table that settings are written in: a workspace's, and a user's own."""

from dataclasses import replace

from calmcast.script.language.kinds import Element, Field, Kind

PICTURE = Field(
    "picture",
    Kind.PICTURE,
    "Your own picture as the cover: a JPEG or PNG file in the workspace's folder, of which the square in the middle is "
    "shown; left out, a painted one.",
    "pictures/me.jpg",
)

WORKSPACE_SETTINGS = Element(
    "calmcast.yaml",
    "What holds for all of your scripts and classes that do not say otherwise, in the file `calmcast.yaml` in your "
    "workspace's folder, beside `scripts`. What a command says wins over a script or a class, and that over this file. "
    "`calmcast init` writes one, `calmcast doctor` says what holds and where it comes from.",
    "name: Your name\nvoice: low\nlengths: [10 min, 20 min]\nbed: {sound: rain, level: -24 dB}",
    (
        Field("name", Kind.TEXT, "Your name, or your studio's: the artist of tracks, and the teacher of classes that "
              "name none.", "Your name", default="calmcast"),
        Field("contact", Kind.CONTACT, "How those who listen can write to you, from the page of a class: an e-mail "
              "address, or a telephone number.", "rosa@example.org", default="none"),
        replace(PICTURE, default="painted"),
        Field("voice", Kind.NAME, "The voice profile of scripts that name none.", "low", default="calm"),
        Field("language", Kind.LANGUAGE, "The language of scripts that name none, and of those that `calmcast new` "
              "writes.", "en-GB", default="en-US"),
        Field("lengths", Kind.LENGTHS, "How long tracks are where neither the command nor the script says a length: "
              "one, or a list, a track for each; left out, as long as the script naturally is.", "[10 min, 20 min]"),
        Field("bed", Kind.BED, "What sounds under the voice in scripts that say nothing of a bed; `bed: none` in a "
              "script stays none.", "{sound: rain, level: -24 dB}", default="none"),
        Field("strings", Kind.STRINGS, "Your own words on pages, cards and messages, in place of calmcast's: by "
              "language, then by id. docs/strings.md has all of them.", "{de: {come-back: Sanft zurück}}",
              default="none"),
    ),
)  # fmt: skip

STORE = Element(
    "store",
    "What is kept so that nothing is done twice: recordings, bells, covers, sound files that were read as beds. "
    "`calmcast store info` shows how much there is.",
    "store: {folder: ~/calmcast, size: 10 GB}",
    (
        Field("folder", Kind.FOLDER, "The folder for it: its whole path, or one from `~` on; left out, one in your "
              "cache. The environment variable `CALMCAST_STORE` wins.", "~/calmcast"),
        Field("size", Kind.SIZE, "How large it may grow, 100 MB at least. What was not used for longest goes first, "
              "and is made again when it is needed.", "10 GB", default="4 GB"),
    ),
)  # fmt: skip

USER_SETTINGS = Element(
    "settings.yaml",
    "What holds on your computer, whichever workspace it is. `calmcast doctor` says where this file is, or would be.",
    "store: {folder: ~/calmcast, size: 10 GB}",
    (
        Field(
            "store",
            Kind.STORE,
            "Where is kept what need not be done twice, and how much of it.",
            "{folder: ~/calmcast, size: 10 GB}",
        ),
    ),
)
