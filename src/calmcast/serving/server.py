"""A server of one folder: a thread for each connection, from the standard library.

Nothing but files of one folder to a handful of listeners: a web framework would bring an event loop and its
dependencies, and leave names, hosts and hidden files to be checked all the same.
"""

import errno
import os
import socket
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from calmcast.errors import CalmcastError
from calmcast.serving.handler import Handler, Service

PORT = 8765
"""Where a class is served unless another port is asked for."""
_NEXT_PORTS = 20
_MOST_CONNECTIONS = 100
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_FAREWELL_S = 1.0


class FolderServer(ThreadingMixIn, TCPServer):
    """Serves a folder at a port: on this machine alone, or to the network where the service says so.

    `serve_forever` runs until `shutdown`, or until Ctrl-C raises KeyboardInterrupt; `server_close`, or the end of a
    `with` block, ends all connections.
    """

    # On Windows this would let two programs listen at one port.
    allow_reuse_address = os.name == "posix"
    daemon_threads = True
    block_on_close = False
    request_queue_size = _MOST_CONNECTIONS

    def __init__(self, service: Service, port: int) -> None:
        """Listen at `port`; 0 is any that is free. Raises OSError where it cannot be had."""
        self.service = service
        self._open = set[socket.socket]()
        self._changed = threading.Condition()
        # IPv4 alone: home networks hide it from the internet, which they do not do for every IPv6 address.
        super().__init__(("0.0.0.0" if service.lan else "127.0.0.1", port), Handler)  # noqa: S104  # asked for: --lan

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self.server_address[1])

    def finish_request(self, request: Any, client_address: Any) -> None:
        partial(Handler, self.service, self.port)(request, client_address, self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            full = len(self._open) >= _MOST_CONNECTIONS
            self._open |= set() if full else {request}
        if full:
            with suppress(OSError):
                request.settimeout(0)
                request.send(_FULL)
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of what should never have happened; a client that vanished is no news."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.service.failed(error)

    def server_close(self) -> None:
        super().server_close()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, timeout=_FAREWELL_S)


def listening(service: Service, port: int | None = None) -> FolderServer:
    """Return a server that listens: at `port` or, without one, at 8765 or the next that is free.

    Raises CalmcastError where the port that is asked for cannot be had.
    """
    if port is not None:
        try:
            return FolderServer(service, port)
        except OSError as error:
            raise _refusal(error, port) from error
    return _first_free(service, (*range(PORT, PORT + _NEXT_PORTS), 0))


def _first_free(service: Service, ports: Iterable[int]) -> FolderServer:
    for port in ports:
        with suppress(OSError):
            return FolderServer(service, port)
    raise CalmcastError("no port is free on this computer", "end other programs that serve something, and try again")


def _refusal(error: OSError, port: int) -> CalmcastError:
    if error.errno == errno.EADDRINUSE:
        return CalmcastError(
            f"another program listens at port {port} already", "name another, or leave --port out for one that is free"
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return CalmcastError(f"port {port} may not be used", "name one of 1024 or more, such as --port 8765")
    return CalmcastError(f"port {port} cannot be used: {error.strerror}", "leave --port out for one that is free")
