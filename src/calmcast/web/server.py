"""Runs an app at a port, by uvicorn: in a thread of its own, and without a word on the terminal.

In a thread, uvicorn leaves signals alone. So Ctrl-C is the same KeyboardInterrupt as in every other command, on every
system, and a server that was started to ignore it does.
"""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from calmcast.errors import CalmcastError

PORT = 8765
"""Where a class is served unless another port is asked for."""
HEAD_S = 30
"""How long a connection may take for its first request's head, and be silent between two requests, in seconds."""
SEND_S = 60
"""How long a client may take nothing of what is sent, in seconds. Players that pause come back later."""
MOST_CONNECTIONS = 100
_NEXT_PORTS = 20
_HEADERS = [
    ("Server", "calmcast"),  # no version that somebody could look up weaknesses of
    ("Cache-Control", "no-cache"),  # a browser may keep a file, and asks each time whether there is a newer
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def listening(port: int | None = None, *, lan: bool = False) -> socket.socket:
    """Return a socket that listens at `port` or, without one, at 8765 or the next that is free; 0: any.

    On this machine alone or, with `lan`, in the network. Raises CalmcastError where the port cannot be had.
    """
    # IPv4 alone: home networks hide it from the internet, which they do not do for every IPv6 address.
    host = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104  # asked for
    if port is not None:
        try:
            return socket.create_server((host, port))
        except OSError as error:
            raise _refusal(error, port) from error
    for free in (*range(PORT, PORT + _NEXT_PORTS), 0):
        with suppress(OSError):
            return socket.create_server((host, free))
    raise CalmcastError("no port is free on this computer", "end other programs that serve something, and try again")


@contextmanager
def running(app: ASGIApp, listener: socket.socket) -> Iterator[Future[None]]:
    """Serve an app on a socket that listens, until the block ends, and with it every connection at once.

    Gives what is done when the server ends.
    """
    for name in ("asyncio", "uvicorn"):  # else they print what clients do wrong
        logging.getLogger(name).addHandler(logging.NullHandler())
    config = Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        headers=_HEADERS,
        limit_concurrency=MOST_CONNECTIONS + 1,  # counts the connection itself
        timeout_keep_alive=HEAD_S,
        timeout_graceful_shutdown=1,
    )
    server = Server(config)
    with listener, ThreadPoolExecutor(1) as thread:
        ended = thread.submit(_run, server, listener)
        try:
            yield ended
        finally:
            server.should_exit = True


def until_ended(ended: Future[None]) -> None:
    """Wait for a server to end, which it does not by itself; Ctrl-C raises KeyboardInterrupt.

    In short turns, as on Windows nothing interrupts a long one.
    """
    while not ended.done():
        wait([ended], timeout=0.5)
    ended.result()


def _run(server: Server, listener: socket.socket) -> None:
    # Windows' own loop no longer listens once a client has left while it was let in (python/cpython#93821).
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(server.serve([listener]))


class _Connection(H11Protocol):
    """A connection that ends when its client says nothing or takes nothing for too long, and with the server."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._silence = self.loop.call_later(HEAD_S, transport.abort)
        # asyncio does this only for listeners that it made; without it, a body waits for its head to be acknowledged.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle:
            self._silence.cancel()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._standstill = self.loop.call_later(SEND_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._standstill.cancel()

    def shutdown(self) -> None:
        self.transport.abort()


def _refusal(error: OSError, port: int) -> CalmcastError:
    if error.errno == errno.EADDRINUSE:
        return CalmcastError(
            f"another program listens at port {port} already", "name another, or leave --port out for one that is free"
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return CalmcastError(f"port {port} may not be used", "name one of 1024 or more, such as --port 8765")
    reason = os.strerror(error.errno or 0)
    return CalmcastError(f"port {port} cannot be used: {reason}", "leave --port out for one that is free")
