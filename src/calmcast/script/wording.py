"""How problems speak of what a person wrote."""

import difflib
from collections.abc import Iterable

YES = frozenset({"yes", "true", "on"})
NO = frozenset({"no", "false", "off"})

MEANT = {"wait": "pause", "silence": "pause", "break": "pause", "breath": "pause", "stop": "hold", "quiet": "rest",
         "gong": "bell", "chime": "bell", "sound": "bell", "breathing": "breathe", "speak": "say", "line": "say",
         "segment": "use", "group": "steps", "either": "one of"}  # fmt: skip
"""Words that people write for a step, and the step they mean."""

MEANT_KEYS = {"background": "bed", "music": "bed", "ambience": "bed", "soundscape": "bed", "volume": "level",
              "loudness": "level", "gong": "bells", "gongs": "bells", "chime": "bells", "chimes": "bells"}  # fmt: skip
"""Words that people write for a key, and the key they mean."""


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return "did you mean `x`?" for the known word closest to this one, or None where none is close."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"did you mean `{by_folded[close[0]]}`?" if close else None


def shorten(text: str, most: int = 40) -> str:
    """Return the text on one line, cut to `most` characters with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
