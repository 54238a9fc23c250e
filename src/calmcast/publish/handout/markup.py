"""The strings for a template that writes HTML."""

from collections.abc import Callable

from markupsafe import Markup, escape

from calmcast.publish.handout.strings import Strings, filled


def in_html(t: Strings) -> Callable[..., Markup]:
    """Return the strings for a template: escaped, as what they are filled with is, unless that is HTML already."""

    def text(key: str, **values: object) -> Markup:
        filling = {name: escape(value) for name, value in values.items()}
        return Markup(filled(str(escape(t.form(key, values.get("n")))), filling))  # noqa: S704 - escaped, both of it

    return text


def bdi(said: object) -> Markup:
    """Return somebody's own words so that they run their own way and turn nothing around them."""
    return Markup("<bdi>{}</bdi>").format(said)
