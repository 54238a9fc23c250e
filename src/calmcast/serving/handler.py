"""One connection: requests in, files out, as HTTP/1.1 (RFC 9110 and 9112) has it."""

import io
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, BinaryIO

from calmcast.serving.conditions import Version, range_holds, verdict, version
from calmcast.serving.hosts import welcome
from calmcast.serving.media import content_type
from calmcast.serving.ranges import Span, Unsatisfiable, requested
from calmcast.serving.reading import Patience
from calmcast.serving.site import Elsewhere, Page, Site, find, opened

_WORDS = {
    HTTPStatus.NOT_FOUND: "There is nothing here by this name.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Files can be fetched here, and nothing else.",
    HTTPStatus.MISDIRECTED_REQUEST: "This computer does not answer to that name. Use the address that calmcast shows.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This file cannot be read just now.",
}
_NO_MORE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Service:
    """What a server serves, to whom, and whom it tells."""

    site: Site
    lan: bool = False
    """Whether the whole network may ask, or this machine alone."""
    fetched: Callable[[str], None] = lambda name: None
    """Called with a file's name, as it was asked for, each time that bytes of it are about to be sent."""
    failed: Callable[[Exception], object] = lambda error: None
    """Called with what should never have happened; the server goes on. Both are called from several threads."""
    head_s: float = 30.0
    """How long a connection may take from one answer to the end of the next request's head, in seconds."""
    send_s: float = 60.0
    """How long a client may take nothing of what is sent, in seconds. Players that pause come back later."""


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection, in a thread of its own."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, service: Service, port: int, *connection: Any) -> None:
        self._service, self._port = service, port
        super().__init__(*connection)

    def setup(self) -> None:
        super().setup()
        self._patience = Patience(self.connection)
        self.rfile = io.BufferedReader(self._patience)

    def handle(self) -> None:
        with suppress(ConnectionError, TimeoutError):
            super().handle()

    def handle_one_request(self) -> None:
        self._patience.wait(self._service.head_s)
        super().handle_one_request()

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _refuse_method(self) -> None:
        self._say(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"}, close=True)

    do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _refuse_method  # noqa: N815

    def handle_expect_100(self) -> bool:
        """No body is wanted, so no client is asked to go on."""
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what the standard library cannot read, without repeating any of it."""
        self._say(HTTPStatus(code), close=True)

    def version_string(self) -> str:
        """Return what the field `Server` says: no version that somebody could look up weaknesses of."""
        return "calmcast"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write no log: what is worth telling is told by `Service.fetched`."""

    def _answer(self) -> None:
        target = self._target()
        if isinstance(target, HTTPStatus):
            self._say(target, close=True)
            return
        match find(self._service.site, target):
            case None:
                self._say(HTTPStatus.NOT_FOUND)
            case Elsewhere(address):
                self._say(HTTPStatus.TEMPORARY_REDIRECT, {"Location": address})
            case Page() as page:
                self._send_page(page)

    def _target(self) -> str | HTTPStatus:
        """Return what is asked for, from its slash on; or what is wrong with the request (RFC 9112 3.2)."""
        lengths = {length.strip() for length in self.headers.get_all("Content-Length", [])}
        bodied = bool(lengths - {"0"}) or "Transfer-Encoding" in self.headers
        hosts = self.headers.get_all("Host", [])
        # A name without a version is HTTP/0.9, in which nothing can be said about what is sent.
        if bodied or self.headers.defects or self.request_version == "HTTP/0.9" or len(hosts) > 1:
            return HTTPStatus.BAD_REQUEST
        # From the line itself, as the standard library makes one slash of two.
        target = self.requestline.split()[1]
        if target.lower().startswith("http://"):
            host, slash, rest = target[7:].partition("/")
            target = slash + rest
        elif hosts:
            host = hosts[0]
        elif self.request_version == "HTTP/1.0":
            return target  # no browser leaves its host out
        else:
            return HTTPStatus.BAD_REQUEST
        if not welcome(host, self._port, lan=self._service.lan):
            return HTTPStatus.MISDIRECTED_REQUEST
        return target

    def _send_page(self, page: Page) -> None:
        try:
            file, status = opened(page)
        except OSError as error:
            gone = isinstance(error, FileNotFoundError)
            self._say(HTTPStatus.NOT_FOUND if gone else HTTPStatus.INTERNAL_SERVER_ERROR)
            return
        with file:
            self._send_file(page, file, version(status), status.st_size)

    def _send_file(self, page: Page, file: BinaryIO, held: Version, size: int) -> None:
        fields = {name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers}
        code = verdict(fields, held)
        if code is HTTPStatus.PRECONDITION_FAILED:
            self._say(code)
            return
        if code is HTTPStatus.NOT_MODIFIED:
            self._head(code, {"ETag": held.tag, "Last-Modified": held.date})
            return
        ranged = self.command == "GET" and range_holds(fields.get("if-range"), held, time.time())
        span = requested(fields.get("range"), size) if ranged else None
        if isinstance(span, Unsatisfiable):
            self._say(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{size}"})
            return
        headers = {
            "Content-Type": content_type(page.path.name),
            "Content-Length": str(span.size if span else size),
            "Accept-Ranges": "bytes",
            "ETag": held.tag,
            "Last-Modified": held.date,
        }
        if span:
            headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{size}"
        self._head(HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK, headers)
        if self.command == "GET":
            self._service.fetched(page.name)
            self._send_bytes(file, span or Span(0, size))

    def _send_bytes(self, file: BinaryIO, span: Span) -> None:
        if span.size and self.connection.sendfile(file, span.start, span.size) < span.size:
            self.close_connection = True  # the file became shorter, and the client waits for what is missing

    def _head(self, code: HTTPStatus, headers: dict[str, str], *, close: bool = False) -> None:
        """Send an answer's head. `no-cache` lets a browser keep a file, and ask each time whether there is a newer."""
        self.connection.settimeout(self._service.send_s)
        self.close_connection |= close
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if self.close_connection or self.request_version == "HTTP/1.0":
            self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()

    def _say(self, code: HTTPStatus, headers: Mapping[str, str] = _NO_MORE, *, close: bool = False) -> None:
        """Answer with a sentence; with `close`, the connection ends, as what follows on it cannot be trusted."""
        text = f"{_WORDS.get(code, code.phrase)}\n".encode()
        if self.request_version == "HTTP/0.9":
            self.request_version = "HTTP/1.0"  # else there would be no head
        length = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(text))}
        self._head(code, {**length, **headers}, close=close)
        if self.command != "HEAD":
            self.wfile.write(text)
        if close:
            self._drain()

    def _drain(self) -> None:
        """Take for a moment what still comes: a connection closed over unread bytes loses the answer (RFC 9112 9.6)."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self._patience.wait(1.0)
            while self.rfile.read1():
                pass
