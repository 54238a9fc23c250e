"""What stands in a class besides names and times: a quality, a date, an address on the web, how to reach somebody."""

import re
from datetime import date
from typing import get_args
from urllib.parse import urlsplit

from calmcast.model.timeline import Quality
from calmcast.text import shorten, suggestion
from calmcast.units import UnitError

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
_ADDRESS_HINT = "write where the folder will be: https://example.org/tuesday/"


def parse_quality(text: str) -> Quality:
    """Return how fine the sound is. Raises UnitError."""
    known: tuple[Quality, ...] = get_args(Quality)
    word = text.strip().casefold()
    found = next((quality for quality in known if quality == word), None)
    if found is None:
        raise UnitError(
            f"there is no quality `{shorten(text)}`", suggestion(word, known) or f"write {' or '.join(known)}"
        )
    return found


def parse_date(text: str) -> date:
    """Return a day. Raises UnitError for anything but `2026-03-01`, and for a day that no month has."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise UnitError(f"`{shorten(text)}` is not a date", "write the year first: 2026-03-01")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise UnitError(f"there is no day `{shorten(text)}`", "write year, month and day: 2026-03-01") from None


def parse_address(text: str) -> str:
    """Return the address of a folder on the web, with a final slash. Raises UnitError for anything else."""
    address = text.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port  # is looked at only when it is asked for
    except ValueError:
        raise UnitError(f"`{shorten(text)}` is no web address", _ADDRESS_HINT) from None
    if parts.scheme.lower() not in ("http", "https") or not host or re.search(r"[\s<>\"\\]", address):
        raise UnitError(f"`{shorten(text)}` is no web address", _ADDRESS_HINT)
    if parts.query or parts.fragment or parts.username:
        raise UnitError(f"`{shorten(text)}` has more than the place of a folder", _ADDRESS_HINT)
    return address.rstrip("/") + "/"


def parse_contact(text: str) -> str:
    """Return an e-mail address as it is written, or a telephone number as its digits, with a plus where it has one.

    Raises UnitError for anything else.
    """
    contact = text.strip()
    number = re.sub(r"[\s()/.-]", "", contact.replace("(0)", "") if contact.startswith("+") else contact)
    if _MAIL.fullmatch(contact):
        return contact
    if number.isascii() and _NUMBER.fullmatch(number):
        return number
    hint = "write an e-mail address, rosa@example.org, or a number with its country: +49 151 0000000"
    raise UnitError(f"`{shorten(text)}` is neither an e-mail address nor a telephone number", hint)
