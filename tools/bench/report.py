"""What was measured, in tables for people, for documents and for programs."""

import json
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tools.bench.measure import CORES, Taken
from tools.bench.rows import Row

_MB = 1_000_000
_HEADS = "what", "ours", "peer", "ratio", "must", "aim", "holds", "CPU ours", "CPU peer"


@dataclass(frozen=True, slots=True)
class Measured:
    """A row, and what each of its rounds took."""

    row: Row
    ours: tuple[Taken, ...]
    peer: tuple[Taken, ...] = ()
    """Empty where there is no peer, or none here."""

    @property
    def ratio(self) -> float | None:
        """The median of ours by that of the peer's; None: there is no peer."""
        return _value(self.ours) / _value(self.peer) if self.peer else None

    @property
    def found(self) -> float | None:
        """What is held to what is expected, in the row's unit."""
        match self.row.unit:
            case "x":
                return self.ratio
            case "s":
                return _value(self.ours)
            case "MB":
                return _value(self.ours) / _MB

    @property
    def holds(self) -> str:
        """Which expectation it meets: `aim`, `must`, `no`; nothing where there is none, or it cannot be told."""
        row, found = self.row, self.found
        if row.must is None or found is None:
            return ""
        if row.aim is not None and found <= row.aim:
            return "aim"
        return "must" if found <= row.must else "no"

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row of the table."""
        row = self.row
        sizes = [_size(row, _value(taken)) if taken else "" for taken in (self.ours, self.peer)]
        bounds = ["" if bound is None else _bound(row, bound) for bound in (row.must, row.aim)]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} x"
        cpu = [f"{cpu:.2f} s" if (cpu := _cpu_s(taken)) is not None else "" for taken in (self.ours, self.peer)]
        return row.what, *sizes, ratio, *bounds, self.holds, *cpu

    @property
    def shape(self) -> dict[str, Any]:
        """What `--json` says of it: seconds, or bytes of memory."""
        told = {
            side: {"median": _value(taken), "rounds": [each.value for each in taken], "cpu_s": _cpu_s(taken)}
            for side, taken in (("ours", self.ours), ("peer", self.peer))
            if taken
        }
        row = self.row
        bounds = {"must": row.must, "aim": row.aim, "unit": row.unit}
        return {"name": row.name, "what": row.what, "peer": None, **told, "ratio": self.ratio, **bounds,
                "holds": self.holds}  # fmt: skip


def text(measured: list[Measured]) -> str:
    """Return the table for a terminal."""
    rows = [_HEADS, *(each.cells for each in measured)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows)
    return "\n".join([*("  ".join(row).rstrip() for row in padded), "", _circumstances(measured)])


def markdown(measured: list[Measured]) -> str:
    """Return the table for a document."""
    rows = [_HEADS, ("---", *["---:"] * (len(_HEADS) - 1)), *(each.cells for each in measured)]
    table = ("| " + " | ".join(cell.replace("|", r"\|") or "–" for cell in row) + " |" for row in rows)
    return "\n".join([*table, "", _circumstances(measured)])


def shape(measured: list[Measured]) -> str:
    """Return all of it as JSON."""
    here = {"cores": CORES, "python": platform.python_version(), "machine": _processor()}
    return json.dumps({**here, "rows": [each.shape for each in measured]}, indent=2)


def _value(taken: tuple[Taken, ...]) -> float:
    return median(each.value for each in taken)


def _cpu_s(taken: tuple[Taken, ...]) -> float | None:
    known = [each.cpu_s for each in taken if each.cpu_s is not None]
    return median(known) if known else None


def _size(row: Row, value: float) -> str:
    return f"{value / _MB:.0f} MB" if row.unit == "MB" else f"{value:.2f} s"


def _bound(row: Row, bound: float) -> str:
    return f"{bound:.2f} x" if row.unit == "x" else f"{bound:g} {row.unit}"


def _circumstances(measured: list[Measured]) -> str:
    rounds = max((len(each.ours) for each in measured), default=0)
    return f"Median of {rounds}, {CORES} cores of {_processor()}, Python {platform.python_version()}."


def _processor() -> str:
    """Return what the processor calls itself, where the system tells (Linux), else its kind."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        told = ""
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return f"{found[1]} ({platform.machine()})" if found else platform.machine()
