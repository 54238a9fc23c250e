"""A class's folder, and a server of it to talk to."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from calmcast.serving.handler import Service
from calmcast.serving.server import FolderServer
from calmcast.serving.site import Site

SOUND = bytes(range(256)) * 4_000
"""About a megabyte, in which each place can be told."""


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Served:
    """A server that runs, and what it told."""

    server: FolderServer
    fetched: list[str] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Reply:
        """Ask once, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=5)
        try:
            return ask(connection, target, method, headers)
        finally:
            connection.close()

    @contextmanager
    def raw(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=5) as connection:
            yield connection

    def send(self, data: bytes) -> bytes:
        """Send bytes as they are, and return all that comes until the server ends the connection."""
        with self.raw() as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65_536), b""))


def ask(
    connection: http.client.HTTPConnection, target: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> Reply:
    connection.request(method, target, headers=dict(headers or {}))
    response = connection.getresponse()
    return Reply(response.status, response.headers, response.read())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class as calmcast playlist leaves it, more or less."""
    folder = tmp_path / "output" / "tuesday"
    (folder / "clients" / "anna").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "01-rest-10min.mp3").write_bytes(SOUND)
    for name in ("index.html", "clients/anna/index.html", "sw.js", "feed.xml", "01-rest-10min.json", "a b.vtt"):
        (folder / name).write_text(name, encoding="utf-8")
    (folder / "silence.mp3").write_bytes(b"")
    (folder / ".calmcast-1-2-3.part").write_text("half")
    (tmp_path / "output" / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def serve(folder: Path) -> Iterator[Callable[..., Served]]:
    """Serve the folder until the test ends."""
    with ExitStack() as stack:

        def start(site: Site | None = None, **more: float | bool) -> Served:
            fetched, failed = list[str](), list[Exception]()
            service = Service(site or Site(folder), fetched=fetched.append, failed=failed.append, **more)  # type: ignore[arg-type]
            server = stack.enter_context(FolderServer(service, 0))
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            stack.callback(thread.join, 5)
            stack.callback(server.shutdown)
            return Served(server, fetched, failed)

        yield start


@pytest.fixture
def served(serve: Callable[..., Served]) -> Iterator[Served]:
    served = serve()
    yield served
    assert not served.failed
