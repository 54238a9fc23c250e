"""What a text comes to, in short, for tests."""

from calmcast.script.edit.prose.items import Aside, Item, Ring, Said, WrittenSilence
from calmcast.script.edit.prose.manuscript import Manuscript
from calmcast.script.edit.prose.opened import rows_of
from calmcast.script.edit.prose.pipeline import Prose, understood


def read(text: str) -> Prose:
    return understood(Manuscript(rows_of(text)))


def short(items: tuple[Item, ...]) -> list[str | int]:
    """Return lines as texts, silences as seconds, bells as `bell`, what is not spoken behind a `#`."""
    shown = list[str | int]()
    for item in items:
        match item:
            case Said():
                shown += item.lines
            case WrittenSilence():
                shown.append(item.seconds)
            case Ring():
                shown.append("bell")
            case Aside():
                shown.append(f"# {item.text}")
    return shown


def paragraphs(prose: Prose) -> list[list[str | int]]:
    return [
        short(tuple(placed.item for placed in paragraph))
        for passage in prose.passages
        for paragraph in passage.paragraphs
    ]


def shown(text: str) -> list[str | int]:
    """Return all that a text comes to, without its paragraphs."""
    return [each for paragraph in paragraphs(read(text)) for each in paragraph]


def spoken(text: str) -> list[str]:
    return [each for each in shown(text) if isinstance(each, str) and each != "bell" and not each.startswith("#")]


def titles(prose: Prose) -> list[str]:
    return [passage.title for passage in prose.passages]


def said(prose: Prose) -> list[str]:
    return [line for item in _items(prose) if isinstance(item, Said) for line in item.lines]


def comments(prose: Prose) -> list[str]:
    return [item.text for item in _items(prose) if isinstance(item, Aside)]


def left_out(prose: Prose) -> dict[str, str]:
    """Return what is told to be left out, by the reason."""
    whole = dict[str, list[str]]()
    for remark in prose.findings.left_out:
        whole.setdefault(remark.why, []).append(remark.text)
    return {why: " / ".join(texts) for why, texts in whole.items()}


def _items(prose: Prose) -> list[Item]:
    return [placed.item for passage in prose.passages for paragraph in passage.paragraphs for placed in paragraph]
