"""The page of a class: one HTML file beside its tracks, for a phone that lies on the floor.

It works from a disk and from any static host, asks nothing of anybody else, and says so in a Content Security Policy
that names its own style and scripts by their hashes. What teachers and scripts wrote is escaped wherever it stands. The
page speaks the language of the class where there are strings for it; titles and words carry their script's.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from calmcast.model.handout import Handout
from calmcast.publish.handout.colours import Colours, by_day, by_embers, by_night, palette_of
from calmcast.publish.handout.listing import entries, listed, megabytes, times
from calmcast.publish.handout.markup import bdi, in_html
from calmcast.publish.handout.strings import Strings, strings, used
from calmcast.publish.handout.weblinks import contact_link, link
from calmcast.publish.names import APPLE_ICON
from calmcast.publish.titles import spoken_length
from calmcast.text import one_line
from calmcast.units import SAMPLE_RATE

PAGE, SERVICE_WORKER, APP_MANIFEST = "index.html", "sw.js", "app.webmanifest"
"""What the files are called in the handout's folder: the page and its service worker name each other."""

SPEEDS = ("0.75", "0.8", "0.9", "1", "1.1", "1.25")
SLEEP_MIN = (15, 30, 45)
"""After so many minutes a page may fall silent."""
GAPS_S = (0, 10, 30, 60, 120)
"""Seconds of silence between one track and the next."""

_HEAD_SCRIPT = "look.js"
_SCRIPTS = tuple(
    f"{name}.js" for name in ["base", "tracks", "sound", "words", "breath", "now", "page", "log", "lock", "keep"]
)
"""The page's script, in order."""
# What HTML and UTF-8 cannot carry: controls and lone surrogates.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def page(
    handout: Handout,
    *,
    seed: str = "",
    cover: str = "",
    card: str = "",
    feed: str = "",
    app: str = APP_MANIFEST,
    icons: Mapping[str, int] = MappingProxyType({}),
    inside: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the page as HTML: same arguments, same text.

    `seed` is the cover's: the page has the cover's colours. `cover` (a JPEG of `class_cover`), `card` (a page to print
    and pass on), `feed`, `app` (what `app_manifest` returns) and `icons` (as ICONS) are names of files beside it;
    empty: there is none. `inside`: the tracks and pictures that are inside the page, as data: addresses by the
    names of their files; such a page needs no other file, and asks for none.
    """

    def address(name: str) -> str:
        return inside.get(name) or _address(name)

    head, style, script = f"\n{_text(_HEAD_SCRIPT)}", _style(seed), _script()
    day, night = dict(by_day(palette_of(seed))), dict(by_night(palette_of(seed)))
    at = link(handout.url, feed) if handout.url else _address(feed)  # whole, so that a copy of the page leads there too
    text = _template("page.html").render(
        _said(handout, strings(handout.language, handout.strings), script),
        address=address,
        is_whole=bool(inside),
        policy=_policy(style, head, script, beside="data:" if inside else "'self' file:"),
        style=style,
        head=head,
        script=script,
        bars=(day["paper"], night["paper"]),
        beside={"cover": cover, "card": card, "feed": at if feed else "", "app": app},
        icon=min((name for name in icons if name != APPLE_ICON), key=lambda name: icons[name], default=cover),
        apple=APPLE_ICON if APPLE_ICON in icons else cover,
        worker="" if inside else SERVICE_WORKER,
    )
    return _UNWRITABLE.sub("", text)


def _said(handout: Handout, t: Strings, script: str) -> dict[str, object]:
    """Return what the template says of a class, and in which words. `script` is the page's own: it has words, too."""
    title = _title(handout, t)
    return {
        "t": in_html(t),
        "bdi": bdi,
        "texts": json.dumps({key: t.texts[key] for key in used(script)}, ensure_ascii=False),
        "handout": handout,
        "language": _tag(handout.language),
        "title": title,
        "total": spoken_length(handout.samples),
        "size": megabytes(handout.size, t),
        "entries": entries(handout.tracks, t),
        "times": times(handout.tracks),
        "ways_out": [listed(track, place, t) for place, track in enumerate(handout.ways_out, 1)],
        "places": {way.file: place for place, way in enumerate(handout.ways_out, 1)},
        "speeds": [(speed, speed.replace(".", t("decimal"))) for speed in SPEEDS],
        "sleep_min": SLEEP_MIN,
        "gaps": [(gap, spoken_length(gap * SAMPLE_RATE)) for gap in GAPS_S],
        "contact": contact_link(handout.contact, title),
    }


def service_worker(handout: Handout, beside: Mapping[str, bytes]) -> str:
    """Return the service worker, which keeps a class for when there is no network: same arguments, same text.

    `beside` are the files that are kept with the tracks and ways out, by name, as they are written: the page
    (`index.html`) in any case, and what it shows or links to (pictures, the app manifest, the card). Tracks are known
    by what sounds, so that a class made again fetches only what has changed.
    """
    tracks = {track.file: track for track in (*handout.tracks, *handout.ways_out)}
    kept = [(track.file, track.audio_sha256, track.sha256, track.size, True) for track in tracks.values()]
    texts = [(name, sha256(data).hexdigest(), len(data)) for name, data in sorted(beside.items())]
    kept += [(name, digest, digest, size, False) for name, digest, size in texts]
    rows = [
        {"path": quote(name), "version": version[:16], "sha256": digest, "size": size, "track": is_track}
        for name, version, digest, size, is_track in kept
    ]
    return _template("sw.js").render(page=PAGE, files=rows)


def app_manifest(handout: Handout, *, seed: str = "", icons: Mapping[str, int] = MappingProxyType({})) -> str:
    """Return the web app manifest (W3C), with which a phone puts the class on its home screen under its own name.

    `icons` are names of PNG files beside it, which may be cut to a circle, and how many pixels they have both ways.
    """
    day = dict(by_day(palette_of(seed)))
    title = _title(handout, strings(handout.language, handout.strings))
    says: dict[str, Any] = {
        "name": title,
        "short_name": title,
        "description": one_line(handout.about),
        "lang": _tag(handout.language),
        "dir": "auto",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": day["paper"],
        "theme_color": day["paper"],
    }
    if icons:
        says["icons"] = [
            {"src": _address(name), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
            for name, side in icons.items()
            if name != APPLE_ICON
            for purpose in ("any", "maskable")
        ]
    return json.dumps(says, ensure_ascii=False, indent=1) + "\n"


def _title(handout: Handout, t: Strings) -> str:
    return one_line(handout.title) or one_line(handout.name) or t("class")


def _policy(style: str, *scripts: str, beside: str) -> str:
    """Return the Content Security Policy (W3C, level 3). `beside`: where pictures and sound may come from.

    `file:` is what some browsers need for a page on a disk, `blob:` the silence between two tracks.
    """
    others = () if beside == "data:" else ("manifest-src 'self'", "worker-src 'self'")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {_hash(style)}",
            f"img-src {beside}",
            f"media-src {beside} blob:",
            *others,
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _style(seed: str) -> str:
    """Return the page's style. What plays is shown in the dark, whichever look somebody has chosen."""
    palette = palette_of(seed)
    day, night, embers = (_rule(colours(palette)) for colours in (by_day, by_night, by_embers))
    return f"""
@media screen {{
:root {{ {day} }}
@media (prefers-color-scheme: dark) {{ :root:not([data-look]) {{ {night} }} }}
[data-look=dark], .view {{ {night} }}
[data-look=night], [data-look=night] .view {{ {embers} }}
}}
{_text("page.css")}{_text("now.css")}{_text("print.css")}"""


def _rule(colours: Colours) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours)


@cache
def _script() -> str:
    return "\n" + "".join(map(_text, _SCRIPTS))


@cache
def _text(name: str) -> str:
    return files("calmcast.publish.handout").joinpath("templates", name).read_text(encoding="utf-8")


def _address(name: str) -> str:
    """Return a file's name as a URL beside the page; never one that leads elsewhere."""
    return "./" + quote(name, errors="surrogateescape")


def _tag(language: str) -> str:
    """Return a language as HTML's `lang` wants it: `en_US` is `en-US`."""
    return language.strip().replace("_", "-")


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    loader = PackageLoader("calmcast.publish.handout")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters["tag"] = _tag
    return found
