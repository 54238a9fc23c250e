"""A class's folder, and a server of it to talk to."""

import http.client
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from calmcast.web.app import make_app
from calmcast.web.server import listening, running
from calmcast.web.site import Site

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

    folder: Path
    port: int
    stop: Callable[[], object]
    fetched: list[str] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Reply:
        """Ask once, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            return ask(connection, target, method, headers)
        finally:
            connection.close()

    @contextmanager
    def raw(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            yield connection

    def send(self, data: bytes) -> bytes:
        """Send bytes as they are, and return all that comes until the server ends the connection.

        A server that has not read all of what was sent ends with a reset, after its answer: TCP's way to say so.
        """
        pieces: list[bytes] = []
        with self.raw() as connection:
            with suppress(ConnectionError):
                connection.sendall(data)
            with suppress(ConnectionError):
                while piece := connection.recv(65_536):
                    pieces.append(piece)
        return b"".join(pieces)


def ask(
    connection: http.client.HTTPConnection, target: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> Reply:
    connection.request(method, target, headers=dict(headers or {}))
    response = connection.getresponse()
    return Reply(response.status, response.headers, response.read())


def a_class(parent: Path) -> Path:
    """Make a class as calmcast playlist leaves it, more or less."""
    folder = parent / "output" / "tuesday"
    (folder / "clients" / "anna").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "01-rest-10min.mp3").write_bytes(SOUND)
    for name in ("index.html", "clients/anna/index.html", "sw.js", "feed.xml", "01-rest-10min.json", "a b.vtt"):
        (folder / name).write_text(name, encoding="utf-8")
    (folder / "silence.mp3").write_bytes(b"")
    (folder / ".calmcast-1-2-3.part").write_text("half")
    (parent / "output" / "secret.txt").write_text("secret")
    return folder


@contextmanager
def serving(site: Site, *, lan: bool = False) -> Iterator[Served]:
    """Serve a site until the block ends, or it is stopped."""
    listener = listening(0, lan=lan)
    with ExitStack() as stack:
        served = Served(site.root, listener.getsockname()[1], stack.close)
        app = make_app(site, served.fetched.append, served.failed.append, lan=lan)
        stack.enter_context(running(app, listener))
        yield served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_class(tmp_path)


@pytest.fixture(scope="module")
def one_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A class that is served for all tests of a module."""
    with serving(Site(a_class(tmp_path_factory.mktemp("web")))) as served:
        yield served


@pytest.fixture
def served(one_for_all: Served) -> Iterator[Served]:
    one_for_all.fetched.clear()
    yield one_for_all
    assert not one_for_all.failed
