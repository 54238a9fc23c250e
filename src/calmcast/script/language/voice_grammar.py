"""The part of the grammar's table that voice profiles and lexicons are written in."""

from calmcast.script.language.kinds import Element, Field, Kind

VOICE = Element(
    "voice",
    "A voice profile, in a file under `voices/`.",
    "about: Calm and clear.\nprefer:\n  - {engine: pico, voice: en-US}\n  - {engine: espeak, voice: en-us}",
    (
        Field("about", Kind.TEXT, "One sentence for those who choose it.", "Calm and clear."),
        Field("language", Kind.LANGUAGE, "The language it speaks.", "en-US", default="en-US"),
        Field("prefer", Kind.PREFER, "Engines with their settings; the first that runs here speaks.",
              "[{engine: espeak, rate: 150}]"),
        Field("recordings", Kind.NAME, "Your own recordings of lines, in a folder of this name under `recordings/`.",
              "my-recordings"),
        Field("fallback", Kind.NAME, "The profile that speaks what is not recorded, and where no engine runs.", "calm"),
        Field("pace", Kind.TEMPO, "Words a minute, and what makes it slow: `silence` between phrases (usual) or longer "
              "`syllables`.", "{words: 110, by: silence}"),
        Field("pitch", Kind.PERCENT, "How high, where an engine can: 100 % is its own.", "95 %"),
        Field("gaps", Kind.GAPS, "The silences inside a line: after a phrase and after a sentence.",
              "{phrase: 0.4s, sentence: 0.9s}", default="{phrase: 0.4s, sentence: 0.9s}"),
        Field("tone", Kind.TONE, "How its sound is shaped; left out, not at all.",
              "{low-cut: 80 Hz, shelf: -2 dB, open: yes, room: 10 %}"),
        Field("level", Kind.LEVEL, "How much louder than other voices.", "-2 dB", default="0 dB"),
        Field("lexicon", Kind.NAMES, "Pronunciations, from files under `voices/lexicon/`.", "en"),
    ),
)  # fmt: skip

TEMPO = Element(
    "pace",
    "How fast a voice speaks.",
    "pace: {words: 110, by: silence}",
    (
        Field("words", Kind.SPEED, "Words a minute, the silences inside a line among them: 60 to 300, as far as "
              "silences of at most 2.5 s, or the engine's own speeds, allow.", "110", required=True),
        Field("by", Kind.BY, "What makes it slow: `silence` or `syllables`.", "silence", default="silence"),
    ),
)  # fmt: skip

TONE = Element(
    "tone",
    "How a voice's sound is shaped.",
    "tone: {low-cut: 80 Hz, shelf: -2 dB, open: yes, room: 10 %}",
    (
        Field("low-cut", Kind.HERTZ, "What lies below is taken away, such as the rumble of a room.", "80 Hz"),
        Field("shelf", Kind.LEVEL, "The sound above 5 kHz, louder or softer: -12 to 12 dB.", "-2 dB"),
        Field("open", Kind.YES_NO, "A voice that ends at 8 kHz, as many do, gets a little air above.", "yes"),
        Field("room", Kind.PERCENT, "How much of a small room is around the voice.", "10 %"),
    ),
)

GAPS = Element(
    "gaps",
    "The silences inside a line.",
    "gaps: {phrase: 0.4s, sentence: 0.9s}",
    (
        Field("phrase", Kind.DURATION, "After a phrase within a sentence.", "0.4s", default="0.4s"),
        Field("sentence", Kind.DURATION, "After a sentence within a line.", "0.9s", default="0.9s"),
    ),
)

LEXICON = Element(
    "lexicon",
    "Pronunciations of one language, in a file under `voices/lexicon/`. One of your own adds to the one of its name "
    "that ships; where several that a voice names have a word, the later wins.",
    "language: en\nwords:\n  - {word: psoas, say: so-as}",
    (
        Field("language", Kind.LANGUAGE, "The language.", "en", default="en"),
        Field("words", Kind.WORDS, "The pronunciations.", "[{word: psoas, say: so-as}]", required=True),
    ),
)

WORD = Element(
    "word",
    "One pronunciation: what is written and how it is said.",
    '- {word: psoas, say: so-as}\n- {word: iliacus, phonemes: {ipa: "ɪˈlaɪ.ə.kəs"}}',
    (
        Field("word", Kind.TEXT, "What is written: a word or several.", "psoas", required=True),
        Field("say", Kind.TEXT, "A respelling that any voice can read.", "so-as"),
        Field(
            "phonemes",
            Kind.PHONEMES,
            "Phonemes, by alphabet: `ipa` for every voice that takes any, or an engine's "
            "own, `x-sampa` (Pico) and `espeak`.",
            '{ipa: "ˈsoʊ.æs"}',
        ),
        Field("case", Kind.YES_NO, "Yes: only with these very capitals.", "yes", default="no"),
    ),
)

ALPHABETS = ("espeak", "x-sampa", "ipa")
