"""What a browser, a player and a stranger get over a real connection."""

import http.client
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NoReturn

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmcast.web.site import Site
from tests.web.conftest import SOUND, Reply, Served, a_class, ask, serving

TRACK = "/01-rest-10min.mp3"


@pytest.fixture
def at_last_years_date(served: Served) -> Iterator[Path]:
    path = served.folder / "dated.mp3"
    path.write_bytes(SOUND)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    yield path
    path.unlink()


def test_a_page(served: Served) -> None:
    reply = served.ask("/")
    assert (reply.code, reply.body) == (200, b"index.html")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Length"] == "10"
    assert reply.headers["Date"]
    assert served.ask("/?from=card").body == b"index.html"


@pytest.mark.parametrize("target", ["/", TRACK, "/nothing", "/clients/anna"])
def test_every_answer_is_guarded(served: Served, target: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        headers = served.ask(target, method).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers.get_all("Cache-Control") == ["no-cache"]
        assert headers.get_all("Server") == ["calmcast"]
        assert not [name for name in headers if name.lower().startswith("access-control")]


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
    assert served.ask(TRACK, "HEAD", {"If-None-Match": head.headers["ETag"]}).code == 304
    assert served.ask("/nothing", "HEAD").code == 404
    assert served.fetched == ["01-rest-10min.mp3"]


END = len(SOUND) - 1


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("0-0", 0, 0), ("0-", 0, END), ("1000-1999", 1_000, 1_999), ("-5", END - 4, END), ("5-99999999", 5, END),
     (f"{END}-", END, END), ("-99999999", 0, END), ("65535-131073", 65_535, 131_073), ("0001-00000000002", 1, 2)],
)  # fmt: skip
def test_a_part_of_a_track(served: Served, wanted: str, first: int, last: int) -> None:
    reply = served.ask(TRACK, headers={"Range": f"bytes={wanted}"})
    assert (reply.code, reply.body) == (206, SOUND[first : last + 1])
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert reply.headers["Content-Length"] == str(last + 1 - first)
    assert reply.headers["Content-Type"] == "audio/mpeg"
    assert reply.headers["ETag"] == served.ask(TRACK, "HEAD").headers["ETag"]


@pytest.mark.parametrize("wanted", [f"{END + 1}-", f"{END + 1}-{END + 9}", "999999999999-", "-0"])
def test_a_part_past_the_end(served: Served, wanted: str) -> None:
    reply = served.ask(TRACK, headers={"Range": f"bytes={wanted}"})
    assert (reply.code, reply.body) == (416, b"")
    assert reply.headers["Content-Range"] == f"bytes */{len(SOUND)}"
    assert served.fetched == []


@pytest.mark.parametrize(
    "header",
    ["bytes=0-1,5-6", "bytes=0-1, 99999999-", "bytes=x", "lines=1-2", "bytes", "bytes=", "bytes=-", "bytes=--1",
     "bytes=+1-2", "bytes=1_0-20", "bytes=\xb2-\xb3", "bytes=1 - 2", f"bytes={'9' * 5_000}-", "bytes=1-2-3"],
)  # fmt: skip
def test_several_parts_and_what_cannot_be_read_are_the_whole(served: Served, header: str) -> None:
    reply = served.ask(TRACK, headers={"Range": header})
    assert (reply.code, len(reply.body)) == (200, len(SOUND))


@given(st.integers(0, END + 9), st.integers(0, END + 9) | st.none())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_range_takes_the_bytes_it_names(served: Served, first: int, last: int | None) -> None:
    reply = served.ask(TRACK, headers={"Range": f"bytes={first}-{'' if last is None else last}"})
    named = SOUND[first:] if last is None else SOUND[first : last + 1]
    if first > END:
        assert reply.code == 416
    elif not named:
        assert reply.code == 400  # the last byte before the first: not a range at all
    else:
        assert (reply.code, reply.body) == (206, named)


def test_an_empty_file(served: Served) -> None:
    reply = served.ask("/silence.mp3")
    assert (reply.code, reply.body, reply.headers["Content-Length"]) == (200, b"", "0")
    assert served.ask("/silence.mp3", "HEAD").code == 200
    for part in ("0-", "-5", "0-0"):
        reply = served.ask("/silence.mp3", headers={"Range": f"bytes={part}"})
        assert (reply.code, reply.headers["Content-Range"]) == (416, "bytes */0")


def test_what_is_there_already_is_not_sent_again(served: Served) -> None:
    first = served.ask(TRACK)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    served.fetched.clear()
    known: list[dict[str, str]] = [
        {"If-None-Match": tag},
        {"If-None-Match": f'"x", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
        {"If-Modified-Since": "Sun, 29 Nov 2099 00:00:00 GMT"},
        {"If-None-Match": tag, "Range": "bytes=0-1"},
    ]
    for headers in known:
        reply = served.ask(TRACK, headers=headers)
        assert (reply.code, reply.body, reply.headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in reply.headers
    assert served.fetched == []
    other: list[dict[str, str]] = [
        {"If-None-Match": '"x"'},
        {"If-None-Match": '"x"', "If-Modified-Since": date},
        {"If-Modified-Since": "Sun, 09 Sep 2001 01:46:39 GMT"},
        {"If-Modified-Since": "yesterday"},
    ]
    for headers in other:
        assert served.ask(TRACK, headers=headers).code == 200


@pytest.mark.parametrize("field", ["If-None-Match", "If-Modified-Since", "If-Range", "Range", "Host", "Cookie"])
@given(text=st.text(st.characters(max_codepoint=255, blacklist_categories=["Cc"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_field_is_too_odd(served: Served, field: str, text: str) -> None:
    reply = served.ask(
        "/sw.js", headers={field: text.strip(), **({"Range": "bytes=0-"} if field == "If-Range" else {})}
    )
    assert reply.code in {200, 206, 304, 421}


def test_a_part_goes_only_with_the_same_file(served: Served) -> None:
    path = served.folder / "again.mp3"
    path.write_bytes(SOUND)
    tag = served.ask("/again.mp3", "HEAD").headers["ETag"]
    part = {"Range": "bytes=1-2", "If-Range": tag}
    assert served.ask("/again.mp3", headers=part).code == 206
    for other in ('"x"', f"W/{tag}", f'{tag}, "x"', "x"):
        assert served.ask("/again.mp3", headers=part | {"If-Range": other}).code == 200
    (served.folder / "new").write_bytes(SOUND[::-1])
    (served.folder / "new").replace(path)
    reply = served.ask("/again.mp3", headers=part)
    assert (reply.code, reply.body) == (200, SOUND[::-1])
    assert served.ask("/again.mp3", headers={"If-None-Match": tag}).code == 200


def test_a_date_is_good_for_a_part(served: Served, at_last_years_date: Path) -> None:
    date = served.ask("/dated.mp3", "HEAD").headers["Last-Modified"]
    assert date == "Sun, 09 Sep 2001 01:46:40 GMT"
    for if_range, code in ((date, 206), ("Sun, 09 Sep 2001 01:46:41 GMT", 200), ("Sun, 09 Sep 2001 01:46:39 GMT", 200)):
        assert served.ask("/dated.mp3", headers={"Range": "bytes=1-2", "If-Range": if_range}).code == code


def test_a_file_of_the_same_date_and_size_is_another(served: Served, at_last_years_date: Path) -> None:
    tag = served.ask("/dated.mp3", "HEAD").headers["ETag"]
    (served.folder / "new").write_bytes(SOUND[::-1])
    os.utime(served.folder / "new", (1_000_000_000, 1_000_000_000))
    (served.folder / "new").replace(at_last_years_date)
    assert served.ask("/dated.mp3", headers={"If-None-Match": tag}).body == SOUND[::-1]


@pytest.mark.parametrize("part", [{}, {"Range": "bytes=10-19"}])
def test_a_file_that_is_replaced_just_when_it_is_opened_is_not_taken_for_the_one_before(
    served: Served, monkeypatch: pytest.MonkeyPatch, part: dict[str, str]
) -> None:
    path = served.folder / "busy.mp3"
    path.write_bytes(b"a" * 200_000)
    (served.folder / "next").write_bytes(b"b" * 200_000)

    async def late(name: Path, mode: Literal["rb"]) -> anyio.AsyncFile[bytes]:
        (served.folder / "next").replace(path)
        return await open_file(name, mode)

    open_file = anyio.open_file
    with monkeypatch.context() as slowed:
        slowed.setattr("anyio.open_file", late)
        with pytest.raises(http.client.IncompleteRead) as short:
            served.ask("/busy.mp3", headers=part)
    assert (short.value.partial, served.fetched) == (b"", [])
    assert set(served.ask("/busy.mp3", headers=part).body) == set(b"b")


def test_a_file_that_is_replaced_while_it_is_fetched_is_sent_to_its_end(served: Served) -> None:
    path = served.folder / "long.mp3"
    path.write_bytes(b"a" * (16 << 20))
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.request("GET", "/long.mp3")
    response = connection.getresponse()
    begin = response.read(1_000)
    (served.folder / "next").write_bytes(b"b")
    (served.folder / "next").replace(path)
    assert begin + response.read() == b"a" * (16 << 20)
    assert ask(connection, "/long.mp3").body == b"b"
    connection.close()


def test_a_folder_that_is_deleted_is_not_there_and_may_come_back(folder: Path) -> None:
    with serving(Site(folder)) as served:
        folder.rename(folder.with_name("away"))
        assert served.ask("/").code == served.ask(TRACK).code == 404
        a_class(folder.parents[1] / "again").rename(folder)
        assert served.ask(TRACK).body == SOUND
        assert not served.failed


def test_a_folder_leads_to_its_page(served: Served) -> None:
    for query in ("", "?from=card&x=%20"):
        reply = served.ask(f"/clients/anna{query}")
        assert (reply.code, reply.headers["Location"]) == (307, f"/clients/anna/{query}")
    assert served.ask("/clients/anna/").body == b"clients/anna/index.html"


@pytest.mark.parametrize(
    "target",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%252e%252e/secret.txt", "//evil/", "/empty/",
     "/clients/../index.html", "/.calmcast-1-2-3.part", "/%2ecalmcast-1-2-3.part", "/x%00", "/%0a", "/index.html%0a"],
)  # fmt: skip
def test_nothing_else_is_there(served: Served, target: str) -> None:
    answer = served.send(f"GET {target} HTTP/1.0\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404")
    assert answer.endswith((b"There is nothing here by this name.\n", b"Not Found"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_nothing_can_be_changed(served: Served, method: str) -> None:
    for target in ("/", TRACK, "/nothing"):
        reply = served.ask(target, method)
        assert reply.code == 405
        assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost", "127.0.0.1:1", "", "evil\xff"])
def test_another_name_is_refused(served: Served, host: str) -> None:
    for target in ("/", TRACK, "/nothing"):
        reply = served.ask(target, headers={"Host": host.format(port=served.port)})
        assert (reply.code, reply.headers["X-Content-Type-Options"]) == (421, "nosniff")
        assert reply.body.startswith(b"This computer does not answer to that name.")
    assert served.fetched == []


def test_its_own_names_are_answered(served: Served) -> None:
    for name in ("localhost", "127.0.0.1", "[::1]"):
        assert served.ask("/", headers={"Host": f"{name}:{served.port}"}).code == 200


def test_the_network_may_come_by_number(folder: Path) -> None:
    with serving(Site(folder), lan=True) as served:
        assert served.ask("/", headers={"Host": f"192.168.1.20:{served.port}"}).code == 200
        assert served.ask("/", headers={"Host": f"evil.example:{served.port}"}).code == 421


def test_a_file_that_may_not_be_read(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: str) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", refuse)
        reply = served.ask("/sw.js")
    assert (reply.code, reply.body) == (500, b"This file cannot be read just now.\n")
    assert served.ask("/sw.js").code == 200


def test_a_file_that_is_gone_since_it_was_found_is_no_news(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as late:
        late.setattr("calmcast.web.app.find", lambda site, address: site.root / "gone.mp3")
        assert served.ask("/gone.mp3").code == 500


def test_what_should_never_happen_is_told_and_the_server_goes_on(
    one_for_all: Served, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("calmcast.web.app.find", lambda site, address: 1 // 0)
        reply: Reply = one_for_all.ask("/")
    assert (reply.code, [type(error) for error in one_for_all.failed]) == (500, [ZeroDivisionError])
    one_for_all.failed.clear()
    assert one_for_all.ask("/").code == 200
    assert capfd.readouterr() == ("", "")
