"""What a generated file is made of before it is text."""

from dataclasses import dataclass, field
from random import Random
from typing import assert_never


@dataclass(slots=True)
class Map:
    """Keys and values in order; a key may stand there twice."""

    entries: "list[tuple[str, Tree]]" = field(default_factory=list)


Tree = str | list["Tree"] | Map
"""A text stands there as it is written in YAML, quotes and brackets among it."""


def branches(tree: Tree) -> "list[Map | list[Tree]]":
    """Return every list and mapping of a tree, itself first."""
    if isinstance(tree, str):
        return []
    children = tree if isinstance(tree, list) else [value for _, value in tree.entries]
    return [tree, *(branch for child in children for branch in branches(child))]


def yaml(tree: Tree, chance: Random) -> str:
    """Return a tree as YAML, some of what is small in it in one line."""
    return "\n".join(_lines(tree, chance)) + "\n"


def _lines(tree: Tree, chance: Random) -> list[str]:
    if isinstance(tree, str):
        return tree.split("\n")
    if not (tree if isinstance(tree, list) else tree.entries):
        return ["[]" if isinstance(tree, list) else "{}"]
    if chance.random() < 0.1 and len(flow := _flow(tree)) < 200 and (_fits(tree) or chance.random() < 0.1):
        return [flow]
    if isinstance(tree, list):
        return [line for item in tree for line in _item(_lines(item, chance))]
    return [line for key, value in tree.entries for line in _entry(key, value, chance)]


def _item(lines: list[str]) -> list[str]:
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _entry(key: str, value: Tree, chance: Random) -> list[str]:
    lines = _lines(value, chance)
    if isinstance(value, str) or (len(lines) == 1 and lines[0][:1] in "[{"):
        return [f"{key}: {lines[0]}", *(f"  {line}" for line in lines[1:])]
    return [f"{key}:", *(f"  {line}" for line in lines)]


def _fits(tree: Tree) -> bool:
    """Return whether no text in a tree needs quotes where it stands among brackets."""
    if isinstance(tree, str):
        return tree[:1] in "{['\"" or not set(tree) & set("[]{},#\n")
    return all(map(_fits, tree if isinstance(tree, list) else [value for _, value in tree.entries]))


def _flow(tree: Tree) -> str:
    match tree:
        case str():
            return tree
        case list():
            return f"[{', '.join(map(_flow, tree))}]"
        case Map():
            return f"{{{', '.join(f'{key}: {_flow(value)}' for key, value in tree.entries)}}}"
        case _:
            assert_never(tree)
