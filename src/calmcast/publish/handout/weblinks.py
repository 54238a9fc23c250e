"""Web addresses as links carry them (RFC 3986), from addresses as people write them."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from calmcast.text import one_line

_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_IN_A_PATH = "/:@!$&'()*+,;=~%"


def link(folder: str, file: str = "") -> str:
    """Return the address of a folder on the web, or of a file in it, in ASCII.

    Letters beyond ASCII become percent signs and, in the host's name, Punycode. What is percent-encoded in `folder`
    stays so; `file` is a plain name. The folder's address ends with a slash, whether it was written or not.
    """
    parts = urlsplit(one_line(folder))
    path = quote(_STRAY_PERCENT.sub("%25", parts.path.rstrip("/")), safe=_IN_A_PATH)
    return urlunsplit((parts.scheme, _host(parts.netloc), f"{path}/{quote(file, errors='replace')}", "", ""))


def _host(name: str) -> str:
    """Return a host's name, with user and port where it has them, in ASCII (IDNA 2003)."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(name, safe="@:[].-")


def contact_link(contact: str, subject: str) -> str:
    """Return a link that begins a message: to an e-mail address with its subject, to a telephone number as a text.

    Empty where there is no contact.
    """
    if not contact:
        return ""
    if "@" in contact:
        about = quote(subject, safe="", errors="replace")
        return f"mailto:{quote(contact, safe='@+', errors='replace')}?subject={about}"
    return f"sms:{quote(contact, safe='+', errors='replace')}"
