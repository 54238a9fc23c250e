"""What a browser, a player and a stranger get over a real connection."""

import http.client
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from calmcast.serving.site import Page
from tests.serving.conftest import SOUND, Served, ask

TRACK = "/01-rest-10min.mp3"


def test_a_page(served: Served) -> None:
    reply = served.ask("/")
    assert (reply.code, reply.body) == (200, b"index.html")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Length"] == "10"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert reply.headers["Date"]
    assert reply.headers["Server"] == "calmcast"
    assert not [name for name in reply.headers if name.lower().startswith("access-control")]


def test_a_service_worker_is_asked_for_anew_each_time(served: Served) -> None:
    reply = served.ask("/sw.js", headers={"Service-Worker": "script"})
    assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-cache"


def test_a_whole_track(served: Served) -> None:
    reply = served.ask(TRACK)
    assert (reply.code, reply.body) == (200, SOUND)
    assert reply.headers["Content-Type"] == "audio/mpeg"
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert "Content-Range" not in reply.headers
    assert served.fetched == ["01-rest-10min.mp3"]


def test_head_is_get_without_the_bytes(served: Served) -> None:
    head, get = served.ask(TRACK, "HEAD"), served.ask(TRACK)
    assert (head.code, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges"):
        assert head.headers[name] == get.headers[name]
    assert served.ask(TRACK, "HEAD", {"Range": "bytes=0-9"}).code == 200  # only GET has ranges (RFC 9110 14.2)
    assert served.ask("/nothing", "HEAD").code == 404
    assert served.fetched == ["01-rest-10min.mp3"]


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("0-0", 0, 0), ("0-", 0, len(SOUND) - 1), ("1000-1999", 1_000, 1_999), ("-5", len(SOUND) - 5, len(SOUND) - 1),
     ("5-99999999", 5, len(SOUND) - 1)],
)  # fmt: skip
def test_a_part_of_a_track(served: Served, wanted: str, first: int, last: int) -> None:
    reply = served.ask(TRACK, headers={"Range": f"bytes={wanted}"})
    assert (reply.code, reply.body) == (206, SOUND[first : last + 1])
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert reply.headers["Content-Length"] == str(last + 1 - first)
    assert reply.headers["ETag"]


def test_a_part_past_the_end(served: Served) -> None:
    reply = served.ask(TRACK, headers={"Range": f"bytes={len(SOUND)}-"})
    assert reply.code == 416
    assert reply.headers["Content-Range"] == f"bytes */{len(SOUND)}"
    assert served.fetched == []


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=5-2", "bytes=x", "lines=1-2"])
def test_several_parts_and_what_cannot_be_read_are_the_whole(served: Served, header: str) -> None:
    reply = served.ask(TRACK, headers={"Range": header})
    assert (reply.code, len(reply.body)) == (200, len(SOUND))


def test_an_empty_file(served: Served) -> None:
    assert served.ask("/silence.mp3").headers["Content-Length"] == "0"
    assert served.ask("/silence.mp3", headers={"Range": "bytes=-5"}).code == 200
    reply = served.ask("/silence.mp3", headers={"Range": "bytes=0-"})
    assert (reply.code, reply.headers["Content-Range"]) == (416, "bytes */0")


def test_what_is_there_already_is_not_sent_again(served: Served, folder: Path) -> None:
    first = served.ask(TRACK)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": date}, {"If-None-Match": tag, "Range": "bytes=0-1"}):
        reply = served.ask(TRACK, headers=headers)
        assert (reply.code, reply.body, reply.headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in reply.headers
    assert served.ask(TRACK, headers={"If-Match": '"other"'}).code == 412
    again = {"Range": "bytes=1-2", "If-Range": tag}
    assert served.ask(TRACK, headers=again).code == 206
    (folder / "new").write_bytes(SOUND[::-1])
    (folder / "new").replace(folder / "01-rest-10min.mp3")
    reply = served.ask(TRACK, headers=again)
    assert (reply.code, reply.body) == (200, SOUND[::-1])
    assert served.ask(TRACK, headers={"If-None-Match": tag}).code == 200


def test_a_date_is_good_for_a_part_when_it_is_old_enough(served: Served, folder: Path) -> None:
    os.utime(folder / "01-rest-10min.mp3", (1_000_000_000, 1_000_000_000))
    date = served.ask(TRACK, "HEAD").headers["Last-Modified"]
    assert served.ask(TRACK, headers={"Range": "bytes=1-2", "If-Range": date}).code == 206
    assert served.ask(TRACK, headers={"Range": "bytes=1-2", "If-Range": "Sun, 09 Sep 2001 01:46:41 GMT"}).code == 200


def test_a_folder_leads_to_its_page(served: Served) -> None:
    reply = served.ask("/clients/anna?from=card")
    assert (reply.code, reply.headers["Location"]) == (307, "/clients/anna/?from=card")
    assert served.ask("/clients/anna/").body == b"clients/anna/index.html"


@pytest.mark.parametrize(
    "target", ["/../secret.txt", "/%2e%2e/secret.txt", "//evil/", "/empty/", "/.calmcast-1-2-3.part", "/x%00"]
)
def test_nothing_else_is_there(served: Served, target: str) -> None:
    reply = served.ask(target)
    assert reply.code == 404
    assert reply.body == b"There is nothing here by this name.\n"
    assert served.send(f"GET {target} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed(served: Served, method: str) -> None:
    reply = served.ask("/", method)
    assert (reply.code, reply.headers["Allow"]) == (405, "GET, HEAD")
    assert served.ask("/", "BREW").code == 501


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost", "127.0.0.1:1"])
def test_another_name_is_refused(served: Served, host: str) -> None:
    host = host.format(port=served.server.port)
    assert served.ask("/", headers={"Host": host}).code == 421
    line = f"GET http://{host}/ HTTP/1.1\r\nHost: localhost:{served.server.port}\r\n\r\n"
    assert served.send(line.encode()).startswith(b"HTTP/1.1 421")


def test_its_own_names_are_answered(served: Served) -> None:
    for name in ("localhost", "127.0.0.1", "[::1]"):
        host = f"{name}:{served.server.port}"
        assert served.ask("/", headers={"Host": host}).code == 200
        whole = f"GET http://{host}/sw.js HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n"
        assert served.send(whole.encode()).endswith(b"\r\n\r\nsw.js")


def test_the_network_may_come_by_number(serve: Callable[..., Served]) -> None:
    served = serve(lan=True)
    assert served.server.server_address[0] == "0.0.0.0"
    assert served.ask("/", headers={"Host": f"192.168.1.20:{served.server.port}"}).code == 200
    assert served.ask("/", headers={"Host": f"evil.example:{served.server.port}"}).code == 421


HOST = b"Host: localhost:%d\r\n"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),  # somebody tries https
        (b"GET\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/x\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # which host?
        (b"GET / HTTP/1.1\r\nHOST\r\nHOST\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n%bHost: evil\r\n\r\n" % HOST, 400),
        (b"GET / HTTP/1.1\r\n%bContent-Length: 5\r\n\r\nhello" % HOST, 400),
        (b"GET / HTTP/1.1\r\n%bContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello" % HOST, 400),
        (b"GET / HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % HOST, 400),
        (b"GET / HTTP/1.1\r\n%bno colon\r\n\r\n" % HOST, 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\n%bContent-Length: 90000\r\n\r\n" % HOST + b"a" * 90_000, 405),
    ],
)
def test_what_is_malformed_is_refused_and_ends_the_connection(served: Served, request_: bytes, code: int) -> None:
    whole = request_.replace(b"%d", str(served.server.port).encode())
    answer = served.send(whole + b"GET /sw.js HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 %d" % code), answer
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"evil" not in answer
    assert served.ask("/").code == 200


def test_one_connection_serves_many_requests(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.server.port, timeout=5)
    for target, headers, code in (
        ("/", {}, 200),
        ("/nothing", {}, 404),
        (TRACK, {"Range": "bytes=9-"}, 206),
        (TRACK, {"Range": "bytes=99999999-"}, 416),
        (TRACK, {"If-Modified-Since": "Sun, 29 Nov 2099 00:00:00 GMT"}, 304),
        ("/clients/anna", {}, 307),
        ("/", {}, 200),
    ):
        assert ask(connection, target, "GET", headers).code == code
        assert connection.sock, target
        if code != 304:
            assert ask(connection, target, "HEAD", headers).body == b""
    connection.close()


def test_requests_may_come_together(served: Served) -> None:
    host = b"Host: localhost:%d\r\n" % served.server.port
    two = b"GET / HTTP/1.1\r\n%b\r\nGET /sw.js HTTP/1.1\r\n%bConnection: close\r\n\r\n" % (host, host)
    answer = served.send(two)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.endswith(b"sw.js")


def test_an_old_client_keeps_its_connection_if_it_asks_to(served: Served) -> None:
    kept = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    answer = served.send(kept + b"GET /sw.js HTTP/1.0\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 2
    assert b"Connection: keep-alive" in answer
    assert b"Connection: close" in answer


def test_nobody_is_asked_to_send_a_body(served: Served) -> None:
    head = (
        f"GET / HTTP/1.1\r\nHost: localhost:{served.server.port}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    assert served.send(head.encode()).startswith(b"HTTP/1.1 200")


def test_a_file_that_may_not_be_read(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(page: Page) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(page.path))

    monkeypatch.setattr("calmcast.serving.handler.opened", refuse)
    reply = served.ask("/sw.js")
    assert (reply.code, reply.body) == (500, b"This file cannot be read just now.\n")


def test_what_should_never_happen_is_told_and_the_server_goes_on(
    serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve()
    with monkeypatch.context() as broken:
        broken.setattr("calmcast.serving.handler.find", lambda site, target: 1 // 0)
        with pytest.raises(http.client.HTTPException):
            served.ask("/")
    assert [type(error) for error in served.failed] == [ZeroDivisionError]
    assert served.ask("/").code == 200
