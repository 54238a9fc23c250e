"""All passes, in their order: the rows of a text -> its title, its passages, and what was found on the way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from calmcast.script.edit.prose.asides import Reading
from calmcast.script.edit.prose.blocks import Block, Blocks, Kind, blocks
from calmcast.script.edit.prose.capitals import lowered
from calmcast.script.edit.prose.cues import chats, songs, stamps, subtitles
from calmcast.script.edit.prose.fields import fields
from calmcast.script.edit.prose.furniture import (
    commands,
    crossed_out,
    feet,
    fences,
    front_matter,
    hyphenated,
    links,
    readable,
)
from calmcast.script.edit.prose.items import Aside, WrittenSilence
from calmcast.script.edit.prose.labels import labels
from calmcast.script.edit.prose.manuscript import Blank, Findings, Manuscript, Pass, Remark, Row, gathered
from calmcast.script.edit.prose.passages import Passage, Placed, passages, titled
from calmcast.script.edit.prose.screenplay import screenplay
from calmcast.script.edit.prose.sections import (
    BlockPass,
    around,
    bylines,
    notes_after_the_last_rule,
    notes_under_headings,
    quotes,
    script_alone,
)
from calmcast.script.edit.prose.tables import columns, tabbed, tables
from calmcast.script.edit.prose.tongues import NAMES, tongue

ROW_PASSES: tuple[Pass, ...] = (
    songs, tabbed, links, readable, front_matter, fences, crossed_out, tables, commands, subtitles, chats, stamps,
    screenplay, feet, hyphenated, labels, fields, lowered,
)  # fmt: skip
"""What looks at rows; each leaves some out, or takes from them what is not spoken."""
BLOCK_PASSES: tuple[BlockPass, ...] = (
    script_alone, notes_under_headings, around, notes_after_the_last_rule, bylines, titled, quotes,
)  # fmt: skip
"""What looks at headings and paragraphs."""
_NO_ANSWERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Prose:
    """A text that was understood."""

    title: str
    passages: tuple[Passage, ...]
    findings: Findings = field(default_factory=Findings)
    language: str = "en"


def understood(manuscript: Manuscript, answers: Mapping[str, str] = _NO_ANSWERS, language: str | None = None) -> Prose:
    """Return what a text is made of; `answers` say what stands for its placeholders.

    `language`: the tag of the text's, where it is known; else it is guessed.
    """
    rows = manuscript.rows
    for of_rows in ROW_PASSES:
        rows = of_rows(rows)
    found = blocks(rows)
    for of_blocks in BLOCK_PASSES:
        found = of_blocks(found)
    guessed = language or tongue(" ".join(block.text for block in found if block.is_speech))
    english = guessed.split("-")[0].lower() == "en"
    title, parts = passages(found, Reading(answers, english))
    findings = _findings(found, [placed for part in parts for paragraph in part.paragraphs for placed in paragraph])
    notes = (*manuscript.notes, *columns(manuscript.rows))
    if not language and guessed in NAMES:
        notes = (*notes, f"the text seems to be {NAMES[guessed]}; if it is not, say so: --language en")
    return Prose(
        title,
        parts,
        Findings(findings.left_out, findings.unsure, findings.blanks, notes, manuscript.counted_by),
        guessed,
    )


def _findings(found: Blocks, placed: Iterable[Placed]) -> Findings:
    out = sorted((row for block in found if block.kind is Kind.OUT for row in block.rows), key=lambda row: row.number)
    out = sorted((*out, *_bare_headings(found)), key=lambda row: row.number)
    aims = [_aim(block) for block in found if block.heading and block.heading.aim]
    unsure, blanks = list[Remark](), list[Blank]()
    guesses = dict[str, list[Placed]]()
    for each in placed:
        match each.item:
            case Aside(text=text, blanks=names) if names:
                blanks += (Blank(name, each.row) for name in names)
            case Aside(text=text, why=why):
                unsure.append(Remark(each.row, each.row, text, why))
            case WrittenSilence(guess=guess) if guess:
                guesses.setdefault(guess, []).append(each)
            case _:
                pass
    unsure += (_guessed(guess, those) for guess, those in guesses.items())
    return Findings(gathered(out) + tuple(aims), tuple(sorted(unsure, key=lambda remark: remark.first)), tuple(blanks))


def _bare_headings(found: Blocks) -> Iterator[Row]:
    """Yield the headings that no words follow before the next one: no part of the script is called by them."""
    seen = [block for block in found if block.heading or block.is_speech]
    for block, follows in zip_longest(seen, seen[1:]):
        if block.heading and block.level and (follows is None or follows.heading):
            yield from (row.out("a heading without words") for row in block.rows)


def _aim(block: Block) -> Remark:
    row: Row = block.rows[0]
    aim = block.heading.aim if block.heading else ""
    return Remark(row.number, row.number, aim, "how long a part is meant to last")


def _guessed(guess: str, those: list[Placed]) -> Remark:
    """Return one remark for all pauses that were guessed for one reason."""
    seconds = sorted({placed.item.seconds for placed in those if isinstance(placed.item, WrittenSilence)})
    first = those[0].item
    text = first.written if isinstance(first, WrittenSilence) else ""
    more = f" and {len(those) - 1} more" if len(those) > 1 else ""
    lengths = ", ".join(f"{length} s" for length in seconds)
    return Remark(those[0].row, those[-1].row, f"{text}{more}: {lengths}", guess)
