"""Nodes -> a voice profile or a lexicon, with every problem found on the way."""

import json

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.voice import UNSHAPED, EngineChoice, Lexicon, Pace, Pronunciation, Tone, Voice
from calmcast.script.language.fields import Problems, Value, Values, as_scalar, parse_name, parse_plain, read_fields
from calmcast.script.language.kinds import Field, Kind
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.voice_grammar import GAPS, LEXICON, TEMPO, TONE, VOICE, WORD
from calmcast.units import SAMPLE_RATE, UnitError

_PHRASE_GAP, _SENTENCE_GAP = SAMPLE_RATE * 4 // 10, SAMPLE_RATE * 9 // 10
_MOST_SHELF_DB = 12.0
_LOWEST_PITCH = 50


def build_voice(node: Node | None, name: str, file: str) -> tuple[Voice | None, tuple[Problem, ...]]:
    """Return the voice profile that a document holds (None where it cannot be built) and its problems."""
    problems: Problems = []
    if not isinstance(node, Mapping):
        return None, (
            Problem(
                "not-a-voice", "a voice is a mapping with `prefer` or `recordings`", _place(node, file), VOICE.example
            ),
        )
    read = read_fields(node, VOICE, _parse, problems, "a voice")
    pitch = read.get("pitch", int)
    if fault := _lacking(read, node):
        problems.append(fault)
    elif not problems and pitch is not None and pitch < _LOWEST_PITCH:
        hint = f"write {_LOWEST_PITCH} % to 200 %; 100 % is the voice's own, 95 % a little lower"
        problems.append(Problem("bad-pitch", f"no voice goes down to {pitch} %", read.places["pitch"], hint))
    if problems:
        return None, tuple(problems)
    phrase, sentence = read.get("gaps", tuple) or (_PHRASE_GAP, _SENTENCE_GAP)
    voice = Voice(
        name=name,
        about=read.text("about"),
        language=read.text("language"),
        prefer=read.get("prefer", tuple) or (),
        phrase_gap=phrase,
        sentence_gap=sentence,
        lexicons=read.get("lexicon", tuple) or (),
        source=node.source,
        pace=read.get("pace", Pace),
        pitch=pitch,
        tone=read.get("tone", Tone) or UNSHAPED,
        level=read.get("level", float) or 0.0,
        recordings=read.get("recordings", str),
        fallback=read.get("fallback", str),
        fallback_source=read.places.get("fallback"),
        lexicon_source=read.places.get("lexicon"),
    )
    return voice, ()


def _lacking(read: Values, node: Node) -> Problem | None:
    """Return the problem of a voice that nobody speaks, or speaks only in part."""
    if not {"prefer", "recordings", "fallback"} & read.places.keys():
        hint = "add prefer: [{engine: espeak}], or recordings: my-recordings"
        return Problem("missing-key", "a voice needs `prefer` or `recordings`", node.source, hint)
    if "recordings" in read.places and not {"prefer", "fallback"} & read.places.keys():
        message = "who speaks what is not recorded?"
        return Problem("missing-key", message, read.places["recordings"], "add fallback: calm")
    return None


def build_lexicon(node: Node | None, name: str, file: str) -> tuple[Lexicon | None, tuple[Problem, ...]]:
    """Return the lexicon that a document holds (None where it cannot be built) and its problems."""
    problems: Problems = []
    if not isinstance(node, Mapping):
        place = _place(node, file)
        return None, (Problem("not-a-lexicon", "a lexicon is a mapping with `words`", place, LEXICON.example),)
    read = read_fields(node, LEXICON, _parse, problems, "a lexicon")
    words = read.get("words", tuple)
    return Lexicon(name, read.text("language"), words) if words else None, tuple(problems)


def _place(node: Node | None, file: str) -> SourceRef:
    return node.source if node else SourceRef(file, 1, 1)


def _parse(node: Node, field: Field, problems: Problems) -> Value | None:
    if field.kind is Kind.GAPS:
        return _gaps(node, problems)
    if field.kind is Kind.TEMPO:
        return _pace(node, problems)
    if field.kind is Kind.TONE:
        return _tone(node, problems)
    if field.kind in (Kind.PREFER, Kind.WORDS):
        build = _choice if field.kind is Kind.PREFER else _word
        if not isinstance(node, Sequence) or not node.items:
            problems.append(Problem("wrong-form", f"`{field.name}` is a list", node.source, f"such as {field.example}"))
            return None
        built = [build(item, problems) for item in node.items]
        return tuple(item for item in built if item is not None) or None
    return parse_plain(node, field, problems)


def _gaps(node: Node, problems: Problems) -> Value | None:
    if not isinstance(node, Mapping):
        hint = "write gaps: {phrase: 0.4s, sentence: 0.9s}"
        problems.append(Problem("wrong-form", "`gaps` names two silences", node.source, hint))
        return None
    read = read_fields(node, GAPS, parse_plain, problems, "`gaps`")
    return (read.get("phrase", int) or _PHRASE_GAP, read.get("sentence", int) or _SENTENCE_GAP)


def _pace(node: Node, problems: Problems) -> Pace | None:
    if isinstance(node, Scalar):
        node = Mapping(((Scalar("words", node.source), node),), node.source)
    if not isinstance(node, Mapping):
        problems.append(Problem("wrong-form", "`pace` is a number of words a minute", node.source, "write pace: 110"))
        return None
    read = read_fields(node, TEMPO, parse_plain, problems, "`pace`")
    words = read.get("words", int)
    if words is None:
        return None
    return Pace(words, "syllables" if read.text("by") == "syllables" else "silence")


def _tone(node: Node, problems: Problems) -> Tone | None:
    if not isinstance(node, Mapping):
        problems.append(Problem("wrong-form", "`tone` is a mapping", node.source, f"write {TONE.example}"))
        return None
    read = read_fields(node, TONE, parse_plain, problems, "`tone`")
    tone = Tone(
        low_cut_hz=read.get("low-cut", int) or 0,
        shelf_db=read.get("shelf", float) or 0.0,
        open=read.get("open", bool) or False,
        room=read.get("room", int) or 0,
    )
    for name, wrong, hint in (
        ("shelf", abs(tone.shelf_db) > _MOST_SHELF_DB, "-12 dB to 12 dB; -2 dB is a gentle softening"),
        ("room", tone.room > 100, "0 % to 100 %; 10 % is a touch"),
    ):
        if wrong:
            problems.append(Problem("bad-tone", f"this is too much for `{name}`", read.places[name], hint))
    return tone


def _choice(node: Node, problems: Problems) -> EngineChoice | None:
    """Return one way to speak: `engine`, and whatever settings it has; the engine itself knows which it takes."""
    engine = node.get("engine") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or engine is None:
        message = "each way to speak names its `engine`"
        problems.append(Problem("missing-key", message, node.source, "such as {engine: espeak, rate: 150}"))
        return None
    before = len(problems)
    texts = [(key.text, _setting(key.text, value, problems)) for key, value in node]
    if len(problems) > before:
        return None
    written = {name: text for name, text in texts if text is not None}
    try:
        name = parse_name(written.pop("engine"))
    except UnitError as error:
        problems.append(Problem("bad-name", str(error), engine.source, error.hint))
        return None
    return EngineChoice(name, tuple(sorted(written.items())), engine.source)


def _setting(name: str, node: Node, problems: Problems) -> str | None:
    """Return an engine's setting as a text: a list of words, such as a program with its arguments, as JSON."""
    if isinstance(node, Sequence) and name == "run":
        words = [as_scalar(item, Field(name, Kind.TEXT, "", "[my-program, ...]"), problems) for item in node.items]
        return json.dumps([word.text for word in words if word], ensure_ascii=False)
    scalar = as_scalar(node, Field(name, Kind.TEXT, "", "..."), problems)
    return scalar.text.strip() if scalar else None


def _word(node: Node, problems: Problems) -> Pronunciation | None:
    if not isinstance(node, Mapping):
        hint = "write - {word: psoas, say: so-as}"
        problems.append(Problem("wrong-form", "each word is a mapping", node.source, hint))
        return None
    read = read_fields(node, WORD, parse_plain, problems, "a word")
    if not read.complete:
        return None
    say, phonemes = read.get("say", str), read.get("phonemes", tuple) or ()
    if not {"say", "phonemes"} & read.places.keys():
        hint = "add say: with a respelling, or phonemes:"
        problems.append(Problem("missing-key", "a word needs `say` or `phonemes`", node.source, hint))
        return None
    if say is None and not phonemes:
        return None
    return Pronunciation(read.text("word"), say, phonemes, read.get("case", bool) or False, node.source)
