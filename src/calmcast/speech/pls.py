"""Lexicons as W3C's Pronunciation Lexicon Specification (PLS) 1.0 has them, read and written.

Recommendation of 14 October 2008, https://www.w3.org/TR/pronunciation-lexicon/: a lexeme has graphemes, and phonemes
or aliases. How the XML itself is read, and what of it is refused: see `elements`.
"""

import html
import re
from collections.abc import Iterator
from pathlib import PurePath

from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.model.voice import Lexicon, Pronunciation
from calmcast.speech.words.elements import Element, RefusedError, parsed
from calmcast.speech.words.phonemes import to_ipa, unknown_signs

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
OWN_NAMESPACE = "urn:calmcast:lexicon"
"""Of the one thing that PLS cannot say: that a word counts only with its capitals."""
MOST_BYTES = 1 << 20
"""Larger files are refused."""
_LONGEST_TEXT = 500
_MOST_PROBLEMS = 50
_ALPHABETS = {"ipa": "ipa", "x-sampa": "x-sampa", "x-espeak": "espeak", "x-espeak-ng": "espeak"}
"""calmcast's name of each alphabet by PLS's, in lower case."""
_WRITTEN = {"ipa": "ipa", "x-sampa": "x-sampa", "espeak": "x-espeak"}
_NAME = f"{NAMESPACE} "
_LANG = "http://www.w3.org/XML/1998/namespace lang"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read_pls(data: bytes, file: str) -> tuple[Lexicon | None, tuple[Problem, ...]]:
    """Return the lexicon in a PLS file's bytes, named as the file, and every problem found, in order.

    None comes back where the file is no PLS 1.0 or holds no word that can be used; else what cannot be used is left
    out, and warned of. Each grapheme becomes an entry. Of several pronunciations the preferred one counts, else the
    first of each alphabet; a word that comes twice counts as it comes first, as in PLS. Unknown signs among phonemes
    leave them out. `file` is the name shown in problems.
    """
    start = SourceRef(file, 1, 1)
    if len(data) > MOST_BYTES:
        return None, (Problem("file-too-large", "this file is larger than 1 MiB", start, "split it in two"),)
    try:
        root = parsed(data, file)
        _check_root(root)
    except RefusedError as refused:
        return None, (refused.problem,)
    problems: list[Problem] = []
    entries = _entries(root, problems)
    if not entries:
        hint = "a word looks like this: <lexeme><grapheme>psoas</grapheme><alias>so-us</alias></lexeme>"
        problems.append(Problem("no-words", "there is no word in this file that can be used", root.source, hint))
    shown = tuple(problems[:_MOST_PROBLEMS])
    language = root.attributes[_LANG].strip()
    return Lexicon(PurePath(file).stem, language, entries) if entries else None, shown


def write_pls(lexicon: Lexicon) -> tuple[bytes, tuple[str, ...]]:
    """Return a lexicon as a PLS 1.0 file in UTF-8, the same bytes for the same lexicon, and what others may not see.

    Phonemes come in IPA first, made of X-SAMPA where there are no others, then in the alphabets that they are written
    in; `read_pls` reads all of it back. The notes are plain sentences.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<lexicon version="1.0" xmlns="{NAMESPACE}" xmlns:calmcast="{OWN_NAMESPACE}"',
        f'         alphabet="ipa" xml:lang="{html.escape(lexicon.language)}">',
        *(line for entry in lexicon.entries for line in _lexeme(entry)),
        "</lexicon>",
    ]
    return ("\n".join(lines) + "\n").encode(), tuple(_notes(lexicon))


def _lexeme(entry: Pronunciation) -> Iterator[str]:
    yield '  <lexeme calmcast:case="yes">' if entry.case else "  <lexeme>"
    yield f"    <grapheme>{_escaped(entry.word)}</grapheme>"
    for alphabet, phonemes in _phonemes_to_write(entry):
        name = "" if alphabet == "ipa" else f' alphabet="{_WRITTEN[alphabet]}"'
        yield f"    <phoneme{name}>{_escaped(phonemes)}</phoneme>"
    if entry.say:
        yield f"    <alias>{_escaped(entry.say)}</alias>"
    yield "  </lexeme>"


def _phonemes_to_write(entry: Pronunciation) -> Iterator[tuple[str, str]]:
    written = dict(entry.phonemes)
    ipa = written.get("ipa") or to_ipa(written.get("x-sampa", ""))
    if ipa:
        yield "ipa", ipa
    yield from ((alphabet, text) for alphabet, text in sorted(written.items()) if alphabet in ("espeak", "x-sampa"))


def _notes(lexicon: Lexicon) -> Iterator[str]:
    cased = [entry.word for entry in lexicon.entries if entry.case]
    if cased:
        yield f"other programs may not see that these count only with their capitals: {_listed(cased)}"
    alone = [e.word for e in lexicon.entries if not e.say and not any(a == "ipa" for a, _ in _phonemes_to_write(e))]
    if alone:
        yield f"other programs may not know how to say these, which have espeak's signs alone: {_listed(alone)}"


def _listed(words: list[str]) -> str:
    return ", ".join(words[:8]) + (f" and {len(words) - 8} more" if len(words) > 8 else "")


def _escaped(text: str) -> str:
    return html.escape(_NOT_XML.sub("", text), quote=False)


def _check_root(root: Element) -> None:
    """Raise RefusedError for what is no PLS 1.0."""
    if root.name != f"{NAMESPACE} lexicon":
        shown = root.name.rpartition(" ")[2]
        hint = f'it begins with <lexicon version="1.0" xmlns="{NAMESPACE}" alphabet="ipa" xml:lang="en-US">'
        raise RefusedError(Problem("not-pls", f"`{shown}` is not a W3C pronunciation lexicon", root.source, hint))
    version = root.attributes.get("version", "").strip()
    if version != "1.0":
        message = f"`version` is `{version[:20]}`" if version else "`version` is missing"
        raise RefusedError(Problem("not-pls", message, root.source, 'calmcast reads version="1.0"'))
    language = root.attributes.get(_LANG, "").strip()
    if not _LANGUAGE.fullmatch(language):
        message = f"`{language[:20]}` is not a language" if language else "`xml:lang` is missing"
        raise RefusedError(Problem("bad-language", message, root.source, 'write the language: xml:lang="en-US"'))


def _entries(root: Element, problems: list[Problem]) -> tuple[Pronunciation, ...]:
    found: dict[tuple[str, bool], Pronunciation] = {}
    for lexeme in root.named(_NAME + "lexeme"):
        case = lexeme.attributes.get(f"{OWN_NAMESPACE} case") == "yes"
        graphemes = [grapheme for grapheme in lexeme.named(_NAME + "grapheme") if _usable(grapheme, problems)]
        if not graphemes:
            hint = "write what it is for: <grapheme>psoas</grapheme>"
            problems.append(_warning("no-grapheme", "this lexeme has no grapheme", lexeme.source, hint))
            continue
        say, phonemes = _said(lexeme, root, problems)
        if not say and not phonemes:
            message = f"`{graphemes[0].text}` has no pronunciation that can be used"
            problems.append(_warning("no-pronunciation", message, lexeme.source, "add an <alias>: a respelling"))
            continue
        for grapheme in graphemes:
            entry = Pronunciation(grapheme.text, say, phonemes, case, grapheme.source)
            first = found.setdefault((grapheme.text if case else grapheme.text.casefold(), case), entry)
            if first is not entry:
                message = f"`{grapheme.text}` is there already, in line {first.source.line}"
                hint = "the first counts; give words of two sounds a neighbour: `close your`, `close by`"
                problems.append(_warning("word-twice", message, grapheme.source, hint))
    return tuple(found.values())


def _said(lexeme: Element, root: Element, problems: list[Problem]) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """Return a lexeme's respelling, and its phonemes by alphabet in order of name."""
    aliases = [alias for alias in lexeme.named(_NAME + "alias") if _usable(alias, problems)]
    phonemes: dict[str, Element] = {}
    for phoneme in lexeme.named(_NAME + "phoneme"):
        written = phoneme.attributes.get("alphabet", root.attributes.get("alphabet", "")).strip()
        alphabet = _ALPHABETS.get(written.lower())
        if alphabet is None:
            message = f"the alphabet `{written[:30]}` is not known here" if written else "`alphabet` is missing"
            problems.append(_warning("unknown-alphabet", message, phoneme.source, "write ipa or x-sampa"))
        elif _usable(phoneme, problems) and _readable(phoneme, alphabet, problems):
            known = phonemes.setdefault(alphabet, phoneme)
            if _preferred(phoneme) and not _preferred(known):
                phonemes[alphabet] = phoneme
    alias = next(filter(_preferred, aliases), aliases[0] if aliases else None)
    if alias and _preferred(alias):
        phonemes = {alphabet: element for alphabet, element in phonemes.items() if _preferred(element)}
    return alias.text if alias else None, tuple((name, phonemes[name].text) for name in sorted(phonemes))


def _preferred(element: Element) -> bool:
    return element.attributes.get("prefer", "").strip() in ("true", "1")


def _usable(element: Element, problems: list[Problem]) -> bool:
    """Return whether an element has a text of a sane length, or warn."""
    name = element.name.rpartition(" ")[2]
    if element.text and len(element.text) <= _LONGEST_TEXT:
        return True
    message = f"this {name} is longer than {_LONGEST_TEXT} characters" if element.text else f"this {name} is empty"
    problems.append(_warning("bad-text", message, element.source, "it is left out"))
    return False


def _readable(phoneme: Element, alphabet: str, problems: list[Problem]) -> bool:
    unknown = unknown_signs(alphabet, phoneme.text)
    if unknown:
        signs = " ".join(f"`{sign}`" for sign in unknown[:8])
        message = f"`{phoneme.text[:40]}` has signs that {alphabet} does not have: {signs}"
        problems.append(_warning("unknown-sign", message, phoneme.source, "these phonemes are left out"))
    return not unknown


def _warning(code: str, message: str, source: SourceRef, hint: str) -> Problem:
    return Problem(code, message, source, hint, Severity.WARNING)
