"""A web server on this machine that behaves as badly as it is told to, for the tests of fetching."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Shelf:
    """What a server has and how it answers. `manners` are used up one a request; after the last it behaves well."""

    data: bytes
    tag: str = '"one"'
    ranges: bool = True
    length: bool = True
    cut_after: int = 1_000
    manners: list[str] = field(default_factory=list)
    """`cut`, `stall`, `404`, `503`, `hang up`, `wrong part`, or `to ADDRESS`."""
    asked: list[str | None] = field(default_factory=list)
    """The Range of each request."""
    released: threading.Event = field(default_factory=threading.Event)
    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """What lies under which path, `/voice.onnx`; none: `data`, under every path."""
    paths: list[str] = field(default_factory=list)
    """What was asked for."""


@contextmanager
def serving(shelf: Shelf) -> Iterator[Shelf]:
    """Serve the shelf under its `address` while the block runs."""

    class Handler(_Handler):
        pass

    Handler.shelf = shelf
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    shelf.address = f"http://127.0.0.1:{server.server_port}/voice.tar.bz2"
    try:
        yield shelf
    finally:
        shelf.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    shelf: Shelf

    def do_GET(self) -> None:
        shelf = self.shelf
        manner = shelf.manners.pop(0) if shelf.manners else ""
        shelf.asked.append(self.headers.get("Range"))
        if manner == "hang up":
            return
        if manner.isdigit():
            self.send_error(int(manner))
            return
        if manner.startswith("to "):
            self.send_response(302)
            self.send_header("Location", manner[3:])
            self.end_headers()
            return
        shelf.paths.append(self.path)
        data = shelf.files.get(self.path.partition("?")[0]) if shelf.files else shelf.data
        if data is None:
            self.send_error(404)
            return
        start = self._start()
        body = data[start:]
        if start:
            told = start + 1 if manner == "wrong part" else start
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {told}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        if shelf.tag:
            self.send_header("ETag", shelf.tag)
            self.send_header("Last-Modified", formatdate(1_700_000_000, usegmt=True))
        if shelf.length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: shelf.cut_after] if manner in {"cut", "stall"} else body)
        self.wfile.flush()
        if manner == "stall":
            shelf.released.wait(20)

    def _start(self) -> int:
        shelf, asked = self.shelf, self.headers.get("Range", "")
        same = self.headers.get("If-Range", shelf.tag) == shelf.tag
        return int(asked[len("bytes=") : -1]) if shelf.ranges and asked and same else 0

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the library uses
        pass
