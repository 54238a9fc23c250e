import pytest

from calmcast.model.voice import Pace, Tone
from calmcast.script.language.profiles import build_lexicon, build_voice
from calmcast.script.language.reader import read
from calmcast.units import SAMPLE_RATE

VOICE = """\
about: Calm.
language: en-us
prefer:
  - {engine: pico, voice: en-US, speed: 80}
  - engine: espeak
    rate: "150"
gaps: {phrase: 0.5s}
lexicon: [en, mine]
"""


def test_a_voice() -> None:
    voice, problems = build_voice(read(VOICE.encode(), "v.yaml")[0], "v", "v.yaml")
    assert problems == ()
    assert voice is not None
    assert voice.language == "en-US"
    assert [(choice.engine, choice.settings) for choice in voice.prefer] == [
        ("pico", (("speed", "80"), ("voice", "en-US"))),
        ("espeak", (("rate", "150"),)),
    ]
    assert (voice.phrase_gap, voice.sentence_gap) == (SAMPLE_RATE // 2, SAMPLE_RATE * 9 // 10)
    assert voice.lexicons == ("en", "mine")


def test_how_a_voice_is_paced_and_shaped() -> None:
    text = (
        "recordings: mine\nfallback: calm\nprefer: [{engine: command, run: [my-tts, --out, '{file}']}]\n"
        "pace: {words: 110, by: syllables}\npitch: 95 %\nlevel: -2 dB\n"
        "tone: {low-cut: 80 Hz, shelf: -2 dB, open: yes, room: 10 %}\n"
    )
    voice, problems = build_voice(read(text.encode(), "v.yaml")[0], "v", "v.yaml")
    assert problems == ()
    assert voice is not None
    assert (voice.recordings, voice.fallback) == ("mine", "calm")
    assert voice.prefer[0].settings == (("run", '["my-tts", "--out", "{file}"]'),)
    assert (voice.pace, voice.pitch, voice.level) == (Pace(110, "syllables"), 95, -2.0)
    assert voice.tone == Tone(80, -2.0, True, 10)
    short, _ = build_voice(read(b"prefer: [{engine: espeak}]\npace: 110", "v.yaml")[0], "v", "v.yaml")
    assert short is not None
    assert short.pace == Pace(110, "silence")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("not-a-voice", 1, 1)]),
        ("about: A", [("missing-key", 1, 1)]),
        ("prefer: espeak", [("wrong-form", 1, 9)]),
        ("prefer: [espeak]", [("missing-key", 1, 10)]),
        ("prefer: [{voice: en}]", [("missing-key", 1, 10)]),
        ("prefer: [{engine: ../x}]", [("bad-name", 1, 19)]),
        ("prefer: [{engine: espeak, rate: [1]}]", [("wrong-form", 1, 33)]),
        ("prefer: [{engine: espeak}]\ngaps: 1s", [("wrong-form", 2, 7)]),
        ("prefer: [{engine: espeak}]\ngaps: {comma: 1s}", [("unknown-key", 2, 8)]),
        ("prefer: [{engine: espeak}]\nlexicon: a/b", [("bad-name", 2, 10)]),
        ("prefer: [{engine: espeak}]\nspeed: 1", [("unknown-key", 2, 1)]),
        ("recordings: mine", [("missing-key", 1, 13)]),
        ("prefer: [{engine: espeak}]\npace: 20", [("bad-speed", 2, 7)]),
        ("prefer: [{engine: espeak}]\npace: {words: 110, by: magic}", [("bad-by", 2, 24)]),
        ("prefer: [{engine: espeak}]\npace: [110]", [("wrong-form", 2, 7)]),
        ("prefer: [{engine: espeak}]\npitch: high", [("bad-percent", 2, 8)]),
        ("prefer: [{engine: espeak}]\ntone: warm", [("wrong-form", 2, 7)]),
        ("prefer: [{engine: espeak}]\ntone: {low-cut: 900 Hz}", [("bad-hertz", 2, 17)]),
        ("prefer: [{engine: espeak}]\ntone: {shelf: -20 dB}", [("bad-tone", 2, 15)]),
        ("prefer: [{engine: espeak}]\ntone: {room: 150 %}", [("bad-tone", 2, 14)]),
    ],
)
def test_what_is_wrong_with_a_voice(text: str, expected: list[tuple[str, int, int]]) -> None:
    _, problems = build_voice(read(text.encode(), "v.yaml")[0], "v", "v.yaml")
    assert [(p.code, p.source.line, p.source.column) for p in problems] == expected
    assert all(p.hint for p in problems)


def test_a_lexicon() -> None:
    words = """[{word: psoas, say: so-as, phonemes: {espeak: "s'oU#as"}}, {word: SI, case: yes, say: S I}]"""
    text = f"language: en\nwords: {words}\n"
    lexicon, problems = build_lexicon(read(text.encode(), "l.yaml")[0], "l", "l.yaml")
    assert problems == ()
    assert lexicon is not None
    first, second = lexicon.entries
    assert (first.word, first.say, first.phonemes, first.case) == ("psoas", "so-as", (("espeak", "s'oU#as"),), False)
    assert second.case


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a", [("not-a-lexicon", 1, 1)]),
        ("language: en", [("missing-key", 1, 1)]),
        ("words: []", [("wrong-form", 1, 8)]),
        ("words: [psoas]", [("wrong-form", 1, 9)]),
        ("words: [{word: psoas}]", [("missing-key", 1, 9)]),
        ("words: [{say: so-as}]", [("missing-key", 1, 9)]),
        ("words: [{word: psoas, phonemes: so}]", [("wrong-form", 1, 33)]),
        ("words: [{word: psoas, phonemes: {klingon: so}}]", [("unknown-key", 1, 34)]),
        ("words: [{word: psoas, say: so, case: maybe}]", [("bad-yes_no", 1, 38)]),
    ],
)
def test_what_is_wrong_with_a_lexicon(text: str, expected: list[tuple[str, int, int]]) -> None:
    _, problems = build_lexicon(read(text.encode(), "l.yaml")[0], "l", "l.yaml")
    assert [(p.code, p.source.line, p.source.column) for p in problems] == expected
    assert all(p.hint for p in problems)
