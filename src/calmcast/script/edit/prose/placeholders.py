"""What stands where somebody is to put something in: `{name}`, `[insert number]`, `<class name>`."""

import re

from calmcast.script.edit.prose.directions import is_direction
from calmcast.script.edit.prose.vocabulary import vocabulary

_FILL_IN = re.compile(r"(?:please )?(?:insert|enter|fill in|type|your|choose|pick|select)\b")
_PLACES = vocabulary(
    "name names number numbers date day place location city town studio teacher instructor company school color colour",
    "word words mantra phrase intention affirmation season month year age website email address",
    "organization organisation",
    "group class object animal x xx xxx n title client participant student listener person part body",
    "event business host firstname",
)
_BESIDE_PLACES = vocabulary(
    "your the a an their of here s first last client's student's participant's listener's or in my"
)
_REMARKS = vocabulary("comment note notes todo fixme tk direction stage")
"""What begins with these is said to whoever reads."""


def blank_name(content: str, opens: str) -> str:
    """Return what a placeholder is called; empty where a bracket is none."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", content.casefold().replace("_", " "))
    if not words or len(words) > 8 or words[0] in _REMARKS or is_direction(content):
        return ""
    name = " ".join(words)
    if opens == "{":
        return content.strip()
    if _FILL_IN.match(name) and (opens != "(" or any(word in _PLACES for word in words)):
        named = re.sub(r"^(?:please )?(?:insert|enter|fill in|type|choose|pick|select)\s*", "", name)
        return named or name
    fitting = all(word in _PLACES | _BESIDE_PLACES for word in words) and any(word in _PLACES for word in words)
    return name if fitting and (opens != "(" or len(words) == 1) else ""
