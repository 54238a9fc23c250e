"""Many at once, slow ones, strange ones and those that vanish: nobody waits for anybody, and nothing is printed."""

import http.client
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NoReturn

import pytest

from calmcast.errors import CalmcastError
from calmcast.web.server import listening, until_ended
from calmcast.web.site import Site
from tests.web.conftest import SOUND, Served, ask, serving

GET = b"GET /long.mp3 HTTP/1.0\r\n\r\n"
LONG = 64 << 20


@pytest.fixture(scope="module")
def long(one_for_all: Served) -> Path:
    """A track that no socket's buffers hold."""
    return a_long_track(one_for_all.folder)


@pytest.fixture(autouse=True)
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    assert capfd.readouterr() == ("", "")


def a_long_track(folder: Path) -> Path:
    with (folder / "long.mp3").open("wb") as file:
        file.truncate(LONG)
    return folder / "long.mp3"


def vanish(connection: socket.socket) -> None:
    """Close with a reset, as a phone that loses its network does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def rest(connection: socket.socket) -> int:
    """Return how many bytes still come until the server ends the connection."""
    count = 0
    with suppress(ConnectionError):
        while data := connection.recv(1 << 20):
            count += len(data)
    return count


HOST = b"Host: localhost:%d\r\n"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),  # somebody tries https
        (b"GET\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # which host?
        (b"GET / HTTP/1.1\r\nHOST\r\nHOST\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n%bHost: evil\r\n\r\n" % HOST, 400),
        (b"GET / HTTP/1.1\r\nHost : localhost:%d\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n%bContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello" % HOST, 400),
        (b"GET / HTTP/1.1\r\n%bno colon\r\n\r\n" % HOST, 400),
        (b"GET /\xc3\xa4 HTTP/1.1\r\n%b\r\n" % HOST, 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n" % HOST, 400),
        (b"POST /x HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n" % HOST, 400),
    ],
)
def test_what_is_malformed_is_refused_and_ends_the_connection(served: Served, request_: bytes, code: int) -> None:
    whole = request_.replace(b"%d", str(served.port).encode())
    answer = served.send(whole + b"GET /sw.js HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 %d" % code), answer
    assert b"\r\nconnection: close\r\n" in answer.lower()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"evil" not in answer
    assert served.ask("/").code == 200


def test_what_is_only_strange_is_answered(served: Served) -> None:
    host = HOST % served.port
    for words, code in (
        (b"GET http://localhost:%d/ HTTP/1.1\r\n%b" % (served.port, host), 404),  # meant for a proxy
        (b"GET http://evil/ HTTP/1.1\r\n%b" % host, 404),
        (b"OPTIONS * HTTP/1.1\r\n%b" % host, 404),
        (b"GET / HTTP/1.1\r\n%bUpgrade: websocket\r\nConnection: upgrade\r\n" % host, 200),
        (b"GET / HTTP/1.1\r\n%bX-Forwarded-Host: evil\r\nX-Forwarded-For: 1.2.3.4\r\n" % host, 200),
        (b"GET / HTTP/1.1\r\n%bContent-Length: 3\r\nX: y\r\n" % host, 200),  # a body that nobody reads
    ):
        body = b"abc" if b"Content-Length" in words else b""
        answer = served.send(words + b"\r\n" + body + b"GET /sw.js HTTP/1.0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 %d" % code), answer
        assert answer.endswith(b"sw.js")
        assert b"evil" not in answer


def test_a_body_that_breaks_off_in_the_middle_of_an_answer_is_no_news(served: Served, long: Path) -> None:
    with served.raw() as connection:
        head = b"GET /long.mp3 HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\n" % (HOST % served.port)
        connection.sendall(head)
        assert connection.recv(10).startswith(b"HTTP/1.1 2")
        connection.sendall(b"not a chunk\r\n" * 3)
        rest(connection)
    assert served.ask("/").code == 200


def test_one_connection_serves_many_requests(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.connect()
    sock = connection.sock
    track = "/01-rest-10min.mp3"
    for target, headers, code in (
        ("/", {}, 200),
        ("/nothing", {}, 404),
        (track, {"Range": "bytes=9-"}, 206),
        (track, {"Range": "bytes=99999999-"}, 416),
        (track, {"If-Modified-Since": "Sun, 29 Nov 2099 00:00:00 GMT"}, 304),
        ("/", {"Host": "evil"}, 421),
        ("/clients/anna", {}, 307),
        ("/", {}, 200),
    ):
        assert ask(connection, target, "GET", headers).code == code
        assert ask(connection, target, "HEAD", headers).body == b""
        assert connection.sock is sock, target
    began = time.monotonic()
    for _ in range(50):
        ask(connection, "/")
    assert time.monotonic() - began < 1  # no answer waits for the client to acknowledge the one before
    connection.close()


def test_requests_may_come_together(served: Served) -> None:
    host = HOST % served.port
    two = b"GET / HTTP/1.1\r\n%b\r\nGET /sw.js HTTP/1.1\r\n%bConnection: close\r\n\r\n" % (host, host)
    answer = served.send(two)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.endswith(b"sw.js")


def test_many_phones_fetch_parts_at_once(served: Served) -> None:
    def fetch(phone: int) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        step = 30_000 + phone
        parts = [f"bytes={start}-{start + step - 1}" for start in range(0, len(SOUND), step)]
        sound = b"".join(ask(connection, "/01-rest-10min.mp3", "GET", {"Range": part}).body for part in parts)
        connection.close()
        return sound

    with ThreadPoolExecutor(20) as phones:
        assert set(phones.map(fetch, range(20))) == {SOUND}


def test_a_fast_reader_does_not_wait_for_fifty_slow_ones(served: Served, long: Path) -> None:
    with ExitStack() as stack:
        for index in range(50):
            slow = stack.enter_context(served.raw())
            slow.sendall(GET if index % 2 else b"GET /")
        began = time.monotonic()
        assert served.ask("/01-rest-10min.mp3").body == SOUND
        assert time.monotonic() - began < 4


def test_who_vanishes_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmcast.web.server.MOST_CONNECTIONS", 3)
    a_long_track(folder)
    with serving(Site(folder)) as served:
        for words in (b"", b"GET", GET, GET * 3, b"GET / HTTP/1.0\r\n\r\n") * 3:
            connection = socket.create_connection(("127.0.0.1", served.port), timeout=5)
            connection.sendall(words)
            if len(words) > 3:
                connection.recv(100)
            vanish(connection)
            time.sleep(0.01)
        assert served.ask("/").code == 200
        assert not served.failed


def test_who_says_nothing_or_drips_is_let_go(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmcast.web.server.HEAD_S", 0.3)
    began = time.monotonic()
    with served.raw() as silent, served.raw() as dripping:
        with suppress(ConnectionError):
            while time.monotonic() - began < 8:
                dripping.sendall(b"a")
                time.sleep(0.05)
        assert rest(silent) == 0
    assert 0.3 <= time.monotonic() - began < 6


def test_who_asks_in_time_is_not_let_go(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmcast.web.server.HEAD_S", 0.2)
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.connect()
    sock = connection.sock
    for _ in range(2):
        assert ask(connection, "/").code == 200
        time.sleep(0.3)
    assert connection.sock is sock
    connection.close()


def test_who_takes_nothing_is_let_go_and_who_is_slow_is_not(
    served: Served, long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmcast.web.server.SEND_S", 0.5)
    with served.raw() as asleep, served.raw() as slow:
        asleep.sendall(GET)
        slow.sendall(GET)
        taken, end = 0, time.monotonic() + 1.5
        while time.monotonic() < end:
            taken += len(slow.recv(1 << 20))
            time.sleep(0.01)
        assert taken + rest(slow) > LONG
        assert rest(asleep) < LONG


def test_a_track_that_becomes_shorter_ends_the_connection(served: Served) -> None:
    path = served.folder / "shrinking.mp3"
    path.write_bytes(bytes(LONG))
    with served.raw() as connection:
        connection.sendall(b"GET /shrinking.mp3 HTTP/1.1\r\n%b\r\n" % (HOST % served.port))
        taken = len(connection.recv(1_000))
        while taken < 1 << 20:
            taken += len(connection.recv(1 << 20))
        with path.open("r+b") as file:
            file.truncate(1 << 20)
        assert taken + rest(connection) < LONG


def test_a_crowd_is_asked_to_come_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmcast.web.server.MOST_CONNECTIONS", 5)
    with serving(Site(folder)) as served:
        with ExitStack() as stack:
            for _ in range(4):
                stack.enter_context(served.raw())
            assert served.ask("/").code == 200
            stack.enter_context(served.raw())
            reply = served.ask("/")
            assert (reply.code, reply.headers["Connection"]) == (503, "close")
        time.sleep(0.05)
        assert served.ask("/").code == 200


def test_closing_ends_every_connection_at_once(folder: Path) -> None:
    a_long_track(folder)
    with serving(Site(folder)) as served, served.raw() as idle, served.raw() as half, served.raw() as busy:
        half.sendall(b"GET / HT")
        busy.sendall(GET)
        assert busy.recv(1)
        kept = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
        ask(kept, "/")
        began = time.monotonic()
        served.stop()
        assert time.monotonic() - began < 1
        assert rest(idle) == rest(half) == rest(kept.sock) == 0
        assert rest(busy) < LONG
        kept.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", served.port), timeout=1)
        assert not served.failed


def test_waiting_ends_with_the_server_and_says_why() -> None:
    ended: Future[None] = Future()
    ended.set_result(None)
    until_ended(ended)
    ended = Future()
    ended.set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        until_ended(ended)


def test_the_next_free_port_is_taken_unless_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(0) as first:
        port = first.getsockname()[1]
        monkeypatch.setattr("calmcast.web.server.PORT", port)
        with listening() as second:
            assert second.getsockname()[1] > port
        with pytest.raises(CalmcastError, match=f"another program listens at port {port} already"):
            listening(port)
    with listening(port) as again:
        assert again.getsockname()[1] == port


def test_a_port_is_free_again_as_soon_as_the_server_has_ended(folder: Path) -> None:
    with serving(Site(folder)) as served:
        served.ask("/")
    with listening(served.port):
        pass


def test_a_port_for_the_system_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("socket.create_server", refuse)
    with pytest.raises(CalmcastError, match="port 80 may not be used"):
        listening(80)
    with pytest.raises(CalmcastError, match="no port is free"):
        listening()


def test_this_machine_alone_unless_the_network_is_let_in() -> None:
    with listening(0) as here, listening(0, lan=True) as network:
        assert (here.getsockname()[0], network.getsockname()[0]) == ("127.0.0.1", "0.0.0.0")
