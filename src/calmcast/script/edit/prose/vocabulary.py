"""Sets of words, as the tables of this room are written."""


def vocabulary(*texts: str) -> frozenset[str]:
    """Return the words of texts."""
    return frozenset(word for text in texts for word in text.split())
