"""One connection to an address: what it answers, from which byte, and what it means where it does not.

A part of a file is asked for as RFC 9110 has it: `Range` from the first byte that is missing, `If-Range` with the
version that the rest is of, so that a server whose file has changed sends all of the new one.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from ipaddress import ip_address
from typing import Any
from urllib import request as web
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from calmcast.errors import SpeechError

_CHUNK = 1 << 16
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_ELSEWHERE = "check the address, or use a file that you fetched in another way: calmcast voices add --from FILE"


class BrokenError(Exception):
    """The connection broke: `str(error)` says how. Another one may do better."""


class ChangedError(BrokenError):
    """What came before is of no use any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A file, or the rest of one."""

    start: int
    """The first byte that comes."""
    total: int | None
    """The bytes of the whole file; None: not told."""
    version: str
    """What tells this version of the file from others; "": nothing."""
    chunks: Iterator[bytes]
    """What comes. Raises BrokenError where the connection breaks; may end early."""


@contextmanager
def answer(address: str, have: int, version: str, stall_s: float) -> Iterator[Answer]:
    """Yield what `address` (http, https, file) has after the first `have` bytes of this version, or all of it.

    A server that is silent for `stall_s` seconds breaks the connection. Raises SpeechError where the address can't be
    had at all, BrokenError where it may be had another time.
    """
    try:
        request = web.Request(address, headers={"User-Agent": "calmcast"})  # noqa: S310 - `is_address` lets no others through
        if have:
            request.add_header("Range", f"bytes={have}-")
            request.add_header("If-Range", version)
        response = web.build_opener(_SafeRedirects()).open(request, timeout=stall_s)
    except HTTPError as error:
        error.close()
        raise _no(error.code, address) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _refusal(error, address, stall_s) from None
    with response:
        start, total = _place(response, have, version)
        yield Answer(start, total, _version(response.headers), _chunks(response, stall_s))


def host(address: str) -> str:
    """Return the computer that an address names, or the address where it names none."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


def is_inward(address: str) -> bool:
    """Return whether an address is this computer's own, or one of the network around it."""
    try:
        places = socket.getaddrinfo(urlsplit(address).hostname or "", None)
    except (OSError, ValueError):
        return False  # it will not answer either
    return any(not ip_address(str(place[4][0]).partition("%")[0]).is_global for place in places)


class _SafeRedirects(web.HTTPRedirectHandler):
    """Follows a server elsewhere on the web, but not from a protected connection to an open one, nor into a home."""

    def redirect_request(self, req: web.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        allowed = {"https"} if req.type == "https" else {"http", "https"}
        if urlsplit(newurl).scheme not in allowed:
            raise ValueError(f"its server points to {newurl}, which is not safe to follow")
        if is_inward(newurl) and not is_inward(req.full_url):
            raise ValueError(f"its server points to {newurl}, which is inside this network")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _no(code: int, address: str) -> Exception:
    if code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
        return ChangedError("the file has changed")
    if code in _PASSING:
        return BrokenError(f"the server answered {code}")
    return SpeechError(f"{address} cannot be had: the server answered {code}", _ELSEWHERE)


def _refusal(error: Exception, address: str, stall_s: float) -> Exception:
    """Return what it means that there was no answer."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return SpeechError(
            f"{host(address)} could not prove who it is", "check the date of this computer; " + _ELSEWHERE
        )
    if isinstance(reason, socket.gaierror):
        return SpeechError(f"{host(address)} was not found", "check the connection to the internet, and the address")
    if isinstance(reason, TimeoutError):
        return BrokenError(f"nothing came for {stall_s:g} seconds")
    on_the_web = address.partition(":")[0].lower() in {"http", "https"}
    if not on_the_web or isinstance(reason, ValueError):
        return SpeechError(f"{address} cannot be read: {reason}", _ELSEWHERE)
    return BrokenError(str(reason) or type(reason).__name__)


def _place(response: Any, have: int, version: str) -> tuple[int, int | None]:
    """Return at which byte the answer begins, and how many the whole file has (None: not told)."""
    length = response.headers.get("Content-Length", "")
    if response.status != http.client.PARTIAL_CONTENT:
        return 0, int(length) if length.isascii() and length.isdigit() else None
    unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
    span, _, whole = rest.partition("/")
    tag = response.headers.get("ETag", version)
    same = tag == version or not version.startswith('"')
    if not (have and unit == "bytes" and span.startswith(f"{have}-") and whole.isdigit() and same):
        raise ChangedError("the server answered with another part than was asked for")
    return have, int(whole)


def _version(headers: Message) -> str:
    """Return a strong ETag, else the date of the last change: what `If-Range` takes."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else headers.get("Last-Modified", "")


def _chunks(response: Any, stall_s: float) -> Iterator[bytes]:
    while True:
        try:
            chunk = response.read1(_CHUNK)
        except TimeoutError:
            raise BrokenError(f"nothing came for {stall_s:g} seconds") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise BrokenError(str(error) or type(error).__name__) from None
        if not chunk:
            return
        yield chunk
