"""Which whole parts of a text are not spoken: notes, how to use it, credits, what a chat program says around it."""

import re
from collections.abc import Callable
from dataclasses import replace

from calmcast.script.edit.prose.blocks import Block, Blocks, Kind
from calmcast.script.edit.prose.headings import LONGEST_BYLINE, NAME, Heading, is_byline, is_of_notes, names_script
from calmcast.script.edit.prose.manuscript import Row
from calmcast.script.edit.prose.silences import silence
from calmcast.script.edit.prose.vocabulary import vocabulary

_ABOUT_ITSELF = vocabulary(
    "script scripts transcript reader readers narrator recording recordings listener listeners",
    "participant participants",
    "client clients student students teacher teachers instructor instructors facilitator audio soundtrack",
    "mp3 copyright",
    "copyrighted reproduce reproduced permission permissions disclaimer license licensed adapt adapted",
    "aloud educational",
    "therapist practitioner website download podcast subscribe version edition credits author wpm app playback volume",
)
"""Words by which a text speaks of itself, and not to somebody who rests."""
_WEAK = vocabulary("minutes music duration voice pace tone medical advice read record meditation session group class")
_TO_LISTENERS = re.compile(r"\b(?:you|your|yourself|let|feel|notice|breathe|relax|rest)\b", re.IGNORECASE)
_OFFER = re.compile(
    r"(?:sure|certainly|of course|absolutely|great|okay|ok|gladly|no problem|i'?d be happy|happy to|"
    r"here(?:'|’)?s\b|here is|"
    r"here are|below is|the following|thank you for|you said|chatgpt said|i(?:'|’)ve (?:written|created|"
    r"put)|as requested)"
    r"(?=.*\b(?:script|meditation|relaxation|version|text|draft|practice|exercise|visuali[sz]ation|request|said)\b)",
    re.IGNORECASE | re.DOTALL,
)
_OFFER_AFTER = re.compile(
    r"(?:let me know if|would you like (?:me|a|this|it)|do you want me|feel free to (?:adjust|adapt|modify|"
    r"change|ask|edit|"
    r"use|customi[sz]e|share)|i can also|i hope this|hope (?:this|that|it) helps|if you(?:'|’)d like,? i can|"
    r"want me to|shall i|should i|"
    r"you can (?:adjust|adapt|modify|customi[sz]e) (?:this|the) |this (?:script|meditation) (?:can|may|"
    r"should|is designed))",
    re.IGNORECASE,
)
_SIGNED_OFF = re.compile(
    r"(?:all the best|best(?: wishes)?|(?:kind|warm)(?:est)? regards|regards|cheers|many thanks|thanks|"
    r"sincerely|yours|love|lg|vg|(?:liebe|viele|herzliche) grüße|alles liebe)"
    r"[,!.]?(?:\s+[^\W\d_][\w.'’-]*){0,3}\.?",
    re.IGNORECASE,
)
_SIGNED = re.compile(rf"[-–—~]\s*{NAME}(?:\s+{NAME}){{0,4}}")
_QUOTED = re.compile(r"[“\"«„](.*)[”\"»“](\s*[\[(][^\[\]()]{1,60}[\])])?\s*", re.DOTALL)
_OPENING_QUOTE = re.compile(r"^\s*[“\"«„]\s*")
_CLOSING_QUOTE = re.compile(r"\s*[”\"»“](\s*[\[(][^\[\]()]{1,60}[\])])?\s*$")
_NOT_QUOTED = "it is not in quotes, as what is spoken is"
_FEWEST_QUOTES = 2
_ENDS = 3
"""So many paragraphs at either end may speak of the text itself."""
_LONGEST_NOTES, _LONGEST_OF_THE_TEXT, _MOST_NOTES = 0.4, 0.7, 0.5
"""Shares of the words: what stands after the last rule is speech if it is longer, also where nothing in it is said to a
listener; so is a part, whatever its heading says."""

BlockPass = Callable[[Blocks], Blocks]


def script_alone(blocks: Blocks) -> Blocks:
    """Leave out what stands before a heading such as `Script`, and the heading, where most words follow it."""
    total = _words(blocks)
    for index, block in enumerate(blocks):
        if block.heading and names_script(block.heading.title):
            if 2 * _words(blocks[index:]) < total:
                return blocks
            before = (_before_script(each, is_first=place == 0) for place, each in enumerate(blocks[:index]))
            return (*before, block.out("a heading"), *blocks[index + 1 :])
    return blocks


def _before_script(block: Block, *, is_first: bool) -> Block:
    """Return a block before the script: the first may be its title, all others are left out."""
    if is_first and block.heading:
        return replace(block, heading=replace(block.heading, level=0))
    is_title = is_first and block.words <= LONGEST_BYLINE and block.text[-1:].isalnum()
    return block if is_title or not (block.is_speech or block.heading) else block.out("before the script")


def notes_under_headings(blocks: Blocks) -> Blocks:
    """Leave out parts under a heading such as `Notes`, `How to use` or `Credits`, unless most of the text is there."""
    found, index = list(blocks), 0
    total = _words(blocks)
    while index < len(found):
        block = found[index]
        if block.heading is None or not is_of_notes(block.heading.title):
            index += 1
            continue
        end = index + 1
        while end < len(found) and not _ends_part(found[end], block.level):
            end += 1
        if _words(tuple(found[index:end])) <= _MOST_NOTES * total:
            found[index:end] = [each.out("notes") for each in found[index:end]]
        index = end
    return tuple(found)


def _ends_part(block: Block, level: int) -> bool:
    return block.kind is Kind.RULE or (block.heading is not None and block.level <= level)


def notes_after_the_last_rule(blocks: Blocks) -> Blocks:
    """Leave out what stands after the last rule where it speaks of the text; where that is not sure, it is doubtful."""
    rules = [index for index, block in enumerate(blocks) if block.kind is Kind.RULE]
    if not rules:
        return blocks
    last = rules[-1]
    after = blocks[last:]
    text = " ".join(block.text for block in after if block.is_speech or block.heading)
    signs = _signs(text)
    most = _LONGEST_NOTES if _TO_LISTENERS.search(text) else _LONGEST_OF_THE_TEXT
    if not text or _words(after) > most * _words(blocks) or not signs:
        return blocks
    if signs > 1 or not _TO_LISTENERS.search(text):
        return (*blocks[:last], *(each.out("notes after the last rule") for each in after))
    made = (each.doubtful("perhaps notes, after the last rule") if each.is_speech else each for each in after)
    return (*blocks[:last], *made)


def _signs(text: str) -> int:
    """Return how many words of a text tell that it speaks of itself."""
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    return 2 * len(words & _ABOUT_ITSELF) + len(words & _WEAK)


def around(blocks: Blocks) -> Blocks:
    """Leave out what a chat program or a letter says before and after a script, and what is said of the text itself."""
    speech = [index for index, block in enumerate(blocks) if block.is_speech]
    found, total = list(blocks), _words(blocks)
    head, tail = speech[:_ENDS], speech[-_ENDS:]
    offers = [place for place in head if _OFFER.match(blocks[place].text)]
    closes = [
        place for place in tail if _OFFER_AFTER.match(blocks[place].text) or _SIGNED_OFF.fullmatch(blocks[place].text)
    ]
    out = [place for place in head if offers and place <= offers[-1]]
    out += [place for place in tail if closes and place >= closes[0]]
    if 3 * sum(blocks[place].words for place in out) < 2 * total:
        for place in out:
            found[place] = blocks[place].out("what is said around the text")
    for places, from_end in ((head, False), (tail[::-1], True)):
        for index in places:
            block = found[index]
            is_title = index == head[0] and block.words <= LONGEST_BYLINE and block.text[-1:].isalnum()
            if not block.is_speech or is_title:
                continue
            if _is_about_itself(block.text) and 2 * block.words < total:
                found[index] = block.doubtful("it seems to speak of the text, and not to who listens")
            elif from_end and _SIGNED.fullmatch(block.text):
                found[index] = block.out("who wrote it")
            else:
                break
    return tuple(found)


def _is_about_itself(text: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    return bool(words & _ABOUT_ITSELF) and _signs(text) >= (4 if _TO_LISTENERS.search(text) else 2)


def bylines(blocks: Blocks) -> Blocks:
    """Leave out who wrote it, under the title; another short line there is doubtful."""
    found, seen = list(_apart(blocks)), 0
    for index, block in enumerate(found):
        if block.kind in (Kind.OUT, Kind.COMMENT, Kind.RULE):
            continue
        seen += 1
        if seen > _ENDS:
            break
        if seen > 1 and is_byline(block.text):
            found[index] = block.out("who wrote it")
    return tuple(found)


def _apart(blocks: Blocks) -> Blocks:
    """Return blocks in which a title stands apart from the lines right below it."""
    first = next((index for index, block in enumerate(blocks) if block.is_speech or block.heading), -1)
    if first < 0:
        return blocks
    if not blocks[first].is_speech or not 1 < len(blocks[first].rows) <= _ENDS:
        return _byline_apart(blocks, first)
    title, *below = blocks[first].rows
    is_short = all(len(row.text.split()) <= LONGEST_BYLINE and row.text[-1:].isalnum() for row in (title, *below))
    has_sentences = any(block.text[-1:] in ".!?" for block in blocks[first + 1 :] if block.is_speech)
    if not is_short or not (has_sentences or is_byline(below[0].text)):
        return _byline_apart(blocks, first)
    made = (
        Block(Kind.PROSE, (row,)) if is_byline(row.text) else Block(Kind.PROSE, (row,)).doubtful("perhaps a subtitle")
        for row in below
    )
    return (*blocks[:first], Block(Kind.PROSE, (title,)), *made, *blocks[first + 1 :])


def _byline_apart(blocks: Blocks, first: int) -> Blocks:
    """Return blocks in which who wrote it stands apart from the words below it, and a plain title above it is one."""
    place = first if blocks[first].is_speech else first + 1
    at = place == first
    if place >= len(blocks) or not blocks[place].is_speech:
        return blocks
    rows = blocks[place].rows
    if len(rows) <= at or not is_byline(rows[at].text) or rows[0].text[-1:] in ".!?":
        return blocks
    title = (Block(Kind.HEADING, rows[:1], Heading(0, rows[0].text.strip("*_ "))),) if at else ()
    below = (replace(blocks[place], rows=rows[at + 1 :]),) if rows[at + 1 :] else ()
    return (*blocks[:place], *title, Block(Kind.PROSE, (rows[at],)), *below, *blocks[place + 1 :])


def quotes(blocks: Blocks) -> Blocks:
    """Take the quotes off where what is spoken stands in them; what does not, but for pauses, is doubtful there."""
    units = [text for block in blocks if block.is_speech for text in _units(block)]
    quoted = [text for text in units if _QUOTED.fullmatch(text)]
    if len(quoted) < _FEWEST_QUOTES or 2 * _count(quoted) < _count(units):
        return blocks
    return tuple(_unquoted(block) if block.is_speech else block for block in blocks)


def _units(block: Block) -> tuple[str, ...]:
    return (block.text,) if block.kind is Kind.PROSE else tuple(row.text for row in block.rows)


def _count(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _unquoted(block: Block) -> Block:
    if block.kind is Kind.LINES:
        return Block(Kind.LINES, tuple(_unquoted_row(row) for row in block.rows))
    if not _QUOTED.fullmatch(block.text):
        is_plain = "[" in block.text or silence(block.text) is not None
        return block if is_plain else block.doubtful(_NOT_QUOTED)
    first, *others = block.rows
    rows = (first.saying(_OPENING_QUOTE.sub("", first.text)), *others)
    return Block(Kind.PROSE, (*rows[:-1], rows[-1].saying(_CLOSING_QUOTE.sub(r"\1", rows[-1].text))))


def _unquoted_row(row: Row) -> Row:
    if _QUOTED.fullmatch(row.text):
        return row.saying(_CLOSING_QUOTE.sub(r"\1", _OPENING_QUOTE.sub("", row.text)))
    return row if "[" in row.text or silence(row.text) else row.out(_NOT_QUOTED, doubtful=True)


def _words(blocks: Blocks) -> int:
    return sum(block.words for block in blocks if block.is_speech)
