"""What goes wrong with a file: while it is written, and when it is saved, sent and merged."""

from collections.abc import Callable
from random import Random

from calmcast.script.language.grammar import KEYS
from tests.fuzz.tree import Map, Tree, branches

_ODD = (
    *(
        "-1",
        "0",
        "1e400",
        "0x1F",
        "99999999999999999999",
        "1" * 400,
        "nan",
        "inf",
        ".5",
        "1.",
        "- 3",
        "5 parsecs",
        "٣s",
        "²",
    ),
    *(
        "4 to",
        "6 to 1",
        "1 to 999999999",
        "or more",
        "10 % a",
        "1000 %",
        "-0 dB",
        "+6dB",
        "−4 dB",
        "99 dB",
        "24h",
        "25h",
        "1h1h",
    ),
    *(
        "1:99",
        "-:30",
        "::",
        "0.0000000001s",
        "~",
        "null",
        "''",
        '""',
        "[]",
        "{}",
        "[[]]",
        "{a}",
        "'",
        '"',
        "|",
        ">",
        "|-\n x",
    ),
    *(
        "*a",
        "&a b",
        "!x y",
        "<<",
        "? a",
        "- - -",
        "%",
        "@",
        "`",
        "#",
        ": ",
        "{a: b: c}",
        "../../etc",
        "a/b",
        "C:\\x",
        "CON",
        ".yaml",
    ),
    *(
        "[2s]",
        "[",
        "]",
        "{",
        "}",
        "{a|",
        "{a|/}",
        "{|b}",
        "[99 min]",
        "{guidance}",
        "a|b",
        "none",
        "fuzzed",
        "2026-02-30",
    ),
    *(
        "e\u0301" * 9,
        "\u202e",
        "\u200b",
        "\u00a0",
        "\u2028",
        "\ufeff",
        "𝔘",
        "🙂" * 30,
        "ǅ",
        "ß",
        "İ",
        "\u0661",
        "http://[",
        "https://a b",
    ),
    *('"\\0"', '"\\ud800"', '"\\x1b[0m"', "word " * 400, "a" * 3000, "(" * 300, "[1s] " * 100, "{x|y} " * 100),
)
_SIGNS = "-:#[]{}'\"*&!%@`|>?, \n\t~<=.$\\\0\x1b\x7f\x85\u2028\ufeff\u202e\ud800\U0010ffffaé0"


def spoiled(tree: Tree, chance: Random) -> Tree:
    """Return a tree with something in it that should not be, in place."""
    places = branches(tree)
    if places:
        chance.choice(_IN_TREE)(chance.choice(places), tree, chance)
    return tree


def _strange(chance: Random) -> Tree:
    odd = chance.choice(_ODD)
    others: tuple[Tree, ...] = (odd, odd, [], Map(), ["a", ["b"]], Map([("a", Map())]))
    return chance.choice(others)


def _put(place: Map | list[Tree], value: Callable[[Tree], Tree], chance: Random) -> None:
    """Put something else in the place of one value."""
    if isinstance(place, list) and place:
        at = chance.randrange(len(place))
        place[at] = value(place[at])
    elif isinstance(place, Map) and place.entries:
        at = chance.randrange(len(place.entries))
        place.entries[at] = place.entries[at][0], value(place.entries[at][1])


def _another_form(place: Map | list[Tree], tree: Tree, chance: Random) -> None:
    strange = _strange(chance)
    _put(place, lambda _: strange, chance)


def _wrapped(place: Map | list[Tree], tree: Tree, chance: Random) -> None:
    """Put a value into a list or a mapping, once or many times."""
    key, deep = chance.choice(("steps", "one of", "a", "")), chance.choice((1, 1, 3, 12, 40))

    def wrap(value: Tree) -> Tree:
        for _ in range(deep):
            value = [Map([(key, value)])] if key else [value]
        return value

    _put(place, wrap, chance)


def _twice(place: Map | list[Tree], tree: Tree, chance: Random) -> None:
    times = chance.choice((1, 1, 1, 5, 60, 700))
    if isinstance(place, list):
        place += chance.sample(place, k=min(1, len(place))) * times
    elif place.entries:
        place.entries += [chance.choice(place.entries)] * times


def _another_key(place: Map | list[Tree], tree: Tree, chance: Random) -> None:
    if isinstance(place, Map) and place.entries:
        at = chance.randrange(len(place.entries))
        key, value = place.entries[at]
        others = chance.choice(sorted(KEYS)), key[:-1], key.upper(), f"{key} {key}", chance.choice(_ODD), key * 300
        place.entries[at] = chance.choice(others), value
    else:
        _left_out(place, tree, chance)


def _left_out(place: Map | list[Tree], tree: Tree, chance: Random) -> None:
    content: list[tuple[str, Tree]] | list[Tree] = place if isinstance(place, list) else place.entries
    if content:
        del content[chance.randrange(len(content))]


def _added_key(place: Map | list[Tree], tree: Tree, chance: Random) -> None:
    if isinstance(place, Map):
        place.entries.append((chance.choice(sorted(KEYS)), _strange(chance)))
    else:
        place.append(_strange(chance))


_IN_TREE = (_another_form, _another_form, _wrapped, _twice, _another_key, _left_out, _added_key)


def damaged(data: bytes, chance: Random) -> bytes:
    """Return a file's bytes with something done to them."""
    return chance.choice(_IN_BYTES)(data, chance)


def _truncated(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _typed(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    typed = "".join(chance.choices(_SIGNS, k=chance.choice((1, 1, 2, 8)))).encode("utf-8", "surrogatepass")
    return data[:at] + typed + data[at + chance.choice((0, 0, 1, 5)) :]


def _odd_bytes(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.choice((1, 1, 3))) + data[at + 1 :]


def _other_ends(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b" \n", b"\x0b\n")))


def _marked(data: bytes, chance: Random) -> bytes:
    return chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"%YAML 1.2\n", b"---\n", b"\n\n", b"{\\rtf", b"\0")) + data


def _encoded(data: bytes, chance: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-16-be", "latin-1", "utf-7", "cp1252")), "replace")


def _tabbed(data: bytes, chance: Random) -> bytes:
    return data.replace(chance.choice((b"  ", b": ", b"- ")), b"\t", chance.choice((1, 3, -1)))


def _line_by_line(data: bytes, chance: Random) -> bytes:
    """Swap, repeat, shift, join or lose lines."""
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    low, high = min(one, other), max(one, other)
    block = lines[low : high + 1]
    match chance.randrange(6):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines[low : high + 1] = block * chance.choice((2, 2, 5, 30, 200))
        case 2:
            lines[one] = b" " * chance.randint(1, 5) + lines[one]
        case 3:
            lines[low : high + 1] = [line.removeprefix(b"  ") for line in block]
        case 4:
            lines[low : high + 1] = [b" ".join(block)]
        case _:
            del lines[low : min(high, low + 3) + 1]
    return b"\n".join(lines)


def _merged(data: bytes, chance: Random) -> bytes:
    at = data.find(b"\n", chance.randrange(len(data) + 1)) + 1
    return (
        data[:at] + chance.choice((b"<<<<<<< HEAD\n", b"=======\n", b"---\n", b"...\n", b"  # a comment\n")) + data[at:]
    )


_IN_BYTES = (_truncated, _typed, _typed, _odd_bytes, _other_ends, _marked, _encoded, _tabbed, _merged) + (
    _line_by_line,
) * 4
