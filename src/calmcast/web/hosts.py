"""By which names this machine may be called.

A page of somebody else's can give its own name this machine's address (DNS rebinding), and would then read what is
served as if it were its own. Browsers say by which name they came, in the field `Host`; no stranger's name is answered.
"""

import ipaddress
import re
import socket
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(?::([0-9]{1,5}))?")
_OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})
_REFUSAL = "This computer does not answer to that name. Use the address that calmcast shows.\n"


class KnownHosts:
    """Middleware that lets nobody in who calls this machine by another's name."""

    def __init__(self, app: ASGIApp, *, lan: bool) -> None:
        self._app, self._lan = app, lan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Only HTTP/1.0 may come without a name, and no browser does.
        host = Headers(scope=scope).get("host")
        if host is None or welcome(host, scope["server"][1], lan=self._lan):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse(_REFUSAL, 421)(scope, receive, send)


def welcome(host: str, port: int, *, lan: bool) -> bool:
    """Return whether a request with this `Host` is answered by the server at `port`.

    On this machine alone: localhost, 127.0.0.1 and [::1]. In the network: any address in numbers too, which no
    stranger can give out, and this machine's own name, alone and with `.local`.
    """
    match = _AUTHORITY.fullmatch(host.strip(" \t"))
    if match is None or int(match[2] or 80) != port:
        return False
    name = match[1].lower()
    return name in _OWN or (lan and (_is_address(name) or name.removesuffix(".local") == _own_name()))


def network_address() -> str | None:
    """Return this machine's IPv4 address in its network, or None where there is no network. Nothing is sent."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # TEST-NET-1 (RFC 5737): connecting a datagram socket only chooses the way out.
        probe.connect(("192.0.2.1", 9))
        address = str(probe.getsockname()[0])
        return None if ipaddress.ip_address(address).is_loopback or address == "0.0.0.0" else address  # noqa: S104
    return None


def is_public(address: str) -> bool:
    """Return whether an address can be reached from the whole internet."""
    return ipaddress.ip_address(address).is_global


def _own_name() -> str:
    return socket.gethostname().lower().removesuffix(".local")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
