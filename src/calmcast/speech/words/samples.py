"""Lines to judge a voice by."""

SAMPLES = {
    "en": (
        "Let your shoulders soften, and feel how the floor carries you.",
        "Breathe in, one, two, three, four. And let it go, slowly, all the way out.",
        "There is nothing to do now. Perhaps you notice the weight of your legs.",
    ),
    "de": (
        "Lass deine Schultern weich werden, und spüre, wie der Boden dich trägt.",
        "Atme ein, eins, zwei, drei, vier. Und lass los, langsam, ganz hinaus.",
        "Jetzt ist nichts zu tun. Vielleicht bemerkst du das Gewicht deiner Beine.",
    ),
    "es": (
        "Deja que tus hombros se ablanden, y siente cómo el suelo te sostiene.",
        "Inhala, uno, dos, tres, cuatro. Y suelta el aire, despacio, hasta el final.",
    ),
    "fr": (
        "Laisse tes épaules se détendre, et sens comme le sol te porte.",
        "Inspire, un, deux, trois, quatre. Et relâche, lentement, jusqu'au bout.",
    ),
    "it": (
        "Lascia che le spalle si ammorbidiscano, e senti come il pavimento ti sostiene.",
        "Inspira, uno, due, tre, quattro. E lascia andare, piano, fino in fondo.",
    ),
}
"""What a voice says to be judged by, by language."""


def samples(language: str) -> tuple[str, ...]:
    """Return lines to judge a voice by, in its language where we have any, else in English."""
    return SAMPLES.get(language.split("-", maxsplit=1)[0].lower(), SAMPLES["en"])
