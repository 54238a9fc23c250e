"""Many at once, slow ones and those that vanish: nobody waits for anybody, and nothing is printed."""

import socket
import struct
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from calmcast.errors import CalmcastError
from calmcast.serving.handler import Service
from calmcast.serving.server import FolderServer, listening
from calmcast.serving.site import Site
from tests.serving.conftest import SOUND, Served

GET = b"GET /long.mp3 HTTP/1.0\r\n\r\n"


@pytest.fixture
def long(folder: Path) -> Path:
    """A track that no socket's buffers hold."""
    path = folder / "long.mp3"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    return path


def wait_until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def connections(served: Served) -> int:
    return len(served.server._open)


def test_a_fast_reader_does_not_wait_for_twenty_slow_ones(served: Served, long: Path) -> None:
    with ExitStack() as stack:
        for index in range(20):
            slow = stack.enter_context(served.raw())
            slow.sendall(GET if index % 2 else b"GET /")
        began = time.monotonic()
        assert served.ask("/01-rest-10min.mp3").body == SOUND
        assert time.monotonic() - began < 4
        assert connections(served) >= 20
    wait_until(lambda: connections(served) == 0)


def test_who_vanishes_leaves_nothing_behind(served: Served, long: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for words in (b"", b"GET", GET, GET * 3):
        connection = socket.create_connection(("127.0.0.1", served.server.port), timeout=5)
        connection.sendall(words)
        if len(words) > 3:
            connection.recv(100)
        # Closed with a reset, as a phone that loses its network does.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    wait_until(lambda: connections(served) == 0)
    assert served.ask("/").code == 200
    assert capfd.readouterr() == ("", "")


def let_go(connection: socket.socket) -> bool:
    """Say a letter more; return whether the server ended the connection."""
    connection.settimeout(0.01)
    try:
        connection.sendall(b"a")
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_who_says_nothing_or_drips_is_let_go(serve: Callable[..., Served]) -> None:
    served = serve(head_s=0.3)
    began = time.monotonic()
    with served.raw() as silent, served.raw() as dripping:
        while time.monotonic() - began < 8 and not let_go(dripping):
            time.sleep(0.05)
        assert silent.recv(1) == b""
    assert time.monotonic() - began < 6


def test_who_takes_nothing_is_let_go(serve: Callable[..., Served], long: Path) -> None:
    served = serve(send_s=0.2)
    with served.raw() as connection:
        connection.sendall(GET)
        wait_until(lambda: connections(served) == 1)
        wait_until(lambda: connections(served) == 0)
    assert not served.failed


def test_a_track_that_becomes_shorter_ends_the_connection(served: Served, long: Path) -> None:
    with served.raw() as connection:
        connection.sendall(b"GET /long.mp3 HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % served.server.port)
        assert b"Content-Length: 67108864" in connection.recv(10_000)
        with long.open("r+b") as file:
            file.truncate(1 << 20)
        while connection.recv(1 << 20):
            pass


def test_a_crowd_is_asked_to_come_back(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(served.raw())
        wait_until(lambda: connections(served) == 100)
        assert served.ask("/").code == 503
    wait_until(lambda: connections(served) == 0)
    assert served.ask("/").code == 200


def test_closing_ends_every_connection_at_once(serve: Callable[..., Served], long: Path) -> None:
    served = serve()
    with served.raw() as idle, served.raw() as busy:
        busy.sendall(GET)
        wait_until(lambda: connections(served) == 2)
        began = time.monotonic()
        served.server.shutdown()
        served.server.server_close()
        assert connections(served) == 0
        assert time.monotonic() - began < 4
        assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", served.server.port), timeout=1)


def test_the_next_free_port_is_taken_unless_one_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(Site(folder))
    with FolderServer(service, 0) as first:
        monkeypatch.setattr("calmcast.serving.server.PORT", first.port)
        with listening(service) as second:
            assert second.port > first.port
        with pytest.raises(CalmcastError, match=f"another program listens at port {first.port} already"):
            listening(service, first.port)
    with listening(service, first.port) as again:
        assert again.port == first.port


def test_a_port_for_the_system_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FolderServer, "server_bind", refuse)
    with pytest.raises(CalmcastError, match="port 80 may not be used"):
        listening(Service(Site(folder)), 80)
    with pytest.raises(CalmcastError, match="no port is free"):
        listening(Service(Site(folder)))


def test_this_machine_alone_unless_the_network_is_let_in(folder: Path) -> None:
    with FolderServer(Service(Site(folder)), 0) as server:
        assert server.server_address[0] == "127.0.0.1"
