"""The page's colours, taken from its cover's: light as cream paper, dark as its ink, or night: embers on near-black."""

from hashlib import sha256

from calmcast.publish.pictures.cover import PALETTES, Palette

Colours = tuple[tuple[str, str], ...]
"""Names of CSS variables, and their colours as `#rrggbb`."""

_WHITE, _NIGHT, _MOON, _BLACK, _EMBER = "ffffff", "0e1114", "f3ede2", "040303", "c79a6b"


def palette_of(seed: str) -> Palette:
    """Return the palette that a cover with this seed has."""
    return PALETTES[sha256(seed.encode(errors="replace")).digest()[0] % len(PALETTES)]


def by_day(palette: Palette) -> Colours:
    """Return the colours of a light page. Words reach 4.5:1 on paper and card, edges 3:1 (WCAG 2.2, 1.4.3, 1.4.11)."""
    paper = mixed(palette.sun, _WHITE, 0.3)
    return (
        ("paper", f"#{paper}"),
        ("card", f"#{mixed(palette.sun, _WHITE, 0.75)}"),
        ("ink", f"#{mixed(palette.ink, _NIGHT, 0.45)}"),
        ("soft", f"#{mixed(palette.ink, paper, 0.1)}"),
        ("line", f"#{mixed(palette.ink, paper, 0.84)}"),
        ("edge", f"#{mixed(palette.ink, paper, 0.35)}"),
        ("accent", f"#{palette.ink}"),
        ("on-accent", f"#{mixed(palette.sun, _WHITE, 0.5)}"),
        ("tint", f"#{mixed(palette.hills[0], paper, 0.72)}"),
        ("play", f"#{palette.ink}"),
        ("on-play", f"#{mixed(palette.sun, _WHITE, 0.5)}"),
        *_scene(palette),
    )


def by_night(palette: Palette) -> Colours:
    """Return the colours of a dark page, with the same contrast."""
    paper = mixed(palette.ink, _NIGHT, 0.76)
    accent = mixed(palette.horizon, _WHITE, 0.25)
    return (
        ("paper", f"#{paper}"),
        ("card", f"#{mixed(palette.ink, _NIGHT, 0.6)}"),
        ("ink", f"#{_MOON}"),
        ("soft", f"#{mixed(_MOON, paper, 0.25)}"),
        ("line", f"#{mixed(_MOON, paper, 0.82)}"),
        ("edge", f"#{mixed(_MOON, paper, 0.45)}"),
        ("accent", f"#{accent}"),
        ("on-accent", f"#{mixed(palette.ink, _NIGHT, 0.7)}"),
        ("tint", f"#{mixed(palette.ink, _NIGHT, 0.25)}"),
        ("play", f"#{mixed(palette.ink, _NIGHT, 0.25)}"),
        ("on-play", f"#{_MOON}"),
        *_scene(_at_dusk(palette)),
    )


def by_embers(palette: Palette) -> Colours:
    """Return the colours of a page for the middle of the night: warm and dim, with the contrast of the others."""
    paper = mixed(palette.ink, _BLACK, 0.97)
    return (
        ("paper", f"#{paper}"),
        ("card", f"#{mixed(_EMBER, _BLACK, 0.95)}"),
        ("ink", f"#{mixed(_EMBER, _BLACK, 0.08)}"),
        ("soft", f"#{mixed(_EMBER, _BLACK, 0.22)}"),
        ("line", f"#{mixed(_EMBER, _BLACK, 0.86)}"),
        ("edge", f"#{mixed(_EMBER, _BLACK, 0.42)}"),
        ("accent", f"#{mixed(_EMBER, _BLACK, 0.15)}"),
        ("on-accent", f"#{_BLACK}"),
        ("tint", f"#{mixed(_EMBER, _BLACK, 0.88)}"),
        ("play", f"#{mixed(_EMBER, _BLACK, 0.88)}"),
        ("on-play", f"#{mixed(_EMBER, _BLACK, 0.08)}"),
        *((name, f"#{mixed(colour[1:], _BLACK, 0.72)}") for name, colour in _scene(_at_dusk(palette))),
    )


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour between two, as `rrggbb`; `share` is how much of the other it has, 0 to 1."""
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return bytes(round(a + (b - a) * share) for a, b in pairs).hex()


def _at_dusk(palette: Palette) -> Palette:
    """Return the cover's picture after sunset: its sun is a moon, and the hills are dark."""
    far, middle, near = palette.hills
    hills = (mixed(middle, palette.ink, 0.55), mixed(near, _NIGHT, 0.4), mixed(near, _NIGHT, 0.66))
    horizon = mixed(mixed(far, palette.ink, 0.5), _NIGHT, 0.15)
    moon = mixed(palette.sun, far, 0.25)
    return Palette(mixed(palette.ink, _NIGHT, 0.45), horizon, moon, palette.ink, hills)


def _scene(palette: Palette) -> Colours:
    far, middle, near = palette.hills
    names = ("zenith", "horizon", "sun", "far", "mid", "near")
    colours = (palette.zenith, palette.horizon, palette.sun, far, middle, near)
    return tuple((name, f"#{colour}") for name, colour in zip(names, colours, strict=True))
