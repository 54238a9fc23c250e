"""Nodes -> a voice profile or a lexicon, with every problem found on the way."""

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.voice import EngineChoice, Lexicon, Pronunciation, Voice
from calmcast.script.fields import (
    Problems,
    Value,
    as_scalar,
    parse_name,
    parse_plain,
    read_fields,
)
from calmcast.script.grammar import GAPS, LEXICON, VOICE, WORD, Field, Kind
from calmcast.script.nodes import Mapping, Node, Scalar, Sequence
from calmcast.units import SAMPLE_RATE, UnitError

_PHRASE_GAP, _SENTENCE_GAP = SAMPLE_RATE * 4 // 10, SAMPLE_RATE * 9 // 10


def build_voice(node: Node | None, name: str, file: str) -> tuple[Voice | None, tuple[Problem, ...]]:
    """Return the voice profile that a document holds (None where it cannot be built) and its problems."""
    problems: Problems = []
    if not isinstance(node, Mapping):
        return None, (Problem("not-a-voice", "a voice is a mapping with `prefer`", _place(node, file), VOICE.example),)
    read = read_fields(node, VOICE, _parse, problems, "a voice")
    if not read.complete:
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
    )
    return voice, tuple(problems)


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


def _choice(node: Node, problems: Problems) -> EngineChoice | None:
    """Return one way to speak: `engine`, and whatever settings it has; the engine itself knows which it takes."""
    engine = node.get("engine") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or engine is None:
        message = "each way to speak names its `engine`"
        problems.append(Problem("missing-key", message, node.source, "such as {engine: espeak, rate: 150}"))
        return None
    before = len(problems)
    texts = [(key.text, as_scalar(value, Field(key.text, Kind.TEXT, "", "..."), problems)) for key, value in node]
    if len(problems) > before:
        return None
    written = {name: scalar.text.strip() for name, scalar in texts if isinstance(scalar, Scalar)}
    try:
        name = parse_name(written.pop("engine"))
    except UnitError as error:
        problems.append(Problem("bad-name", str(error), engine.source, error.hint))
        return None
    return EngineChoice(name, tuple(sorted(written.items())), engine.source)


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
