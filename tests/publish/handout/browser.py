"""A browser and a small web server for tests of pages."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.publish.pictures.test_picture import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--mute-audio"),
]


def lacking(what: str) -> NoReturn:
    """Skip the test, for want of a browser; in CI it has to be there."""
    reason = f"{what} is not installed, so no page was opened"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def started(*flags: str) -> "Iterator[Browser]":
    """Return Debian's Chromium, without a window."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright")
    if CHROMIUM is None:
        lacking("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags], headless=True)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is open, with what it complained of and what it asked for."""

    page: "Page"
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.context.on("request", lambda request: self.requests.append(request.url))

    def _note(self, message: "ConsoleMessage") -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(message.text)


def click_and_note(page: "Page", selector: str) -> float:
    """Click, and return where the player was at that very moment, in seconds: a busy machine tells of it later."""
    note = "button => button.addEventListener('click', () => { window.clickedAt = player.currentTime; }, true)"
    page.locator(selector).evaluate(note)
    page.click(selector)
    return float(page.evaluate("window.clickedAt"))


class _Ranges(SimpleHTTPRequestHandler):
    """Serves files, and parts of them, as static hosts do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if isinstance(self.server, Server):
            self.server.asked.append(path.name)
            if self.server.stopped.is_set():  # on a connection from before
                self.close_connection = True
                return
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        data = path.read_bytes()
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = 0, len(data) - 1
        if part:
            first, last = int(part[1]), min(int(part[2] or last), last)
            self.send_response(HTTPStatus.PARTIAL_CONTENT)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        else:
            self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(last + 1 - first))
        self.send_header("Accept-Ranges", "bytes")
        self.end_headers()
        self._send(data[first : last + 1], path.name)

    def _send(self, data: bytes, name: str) -> None:
        if not isinstance(self.server, Server) or name not in self.server.pauses_s:
            self.wfile.write(data)
            return
        quarter = len(data) // 4 + 1
        for start in range(0, len(data), quarter):
            self.wfile.write(data[start : start + quarter])
            self.server.stopped.wait(self.server.pauses_s[name])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A static host for a folder, that can be stopped and started at the same address."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, folder: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), partial(_Ranges, directory=str(folder)))
        self.asked: list[str] = []
        """The names of files that were asked for, in order."""
        self.pauses_s: dict[str, float] = {}
        """By a file's name, for how long nothing comes after each quarter of it, while the connection stays open."""
        self.stopped = threading.Event()
        threading.Thread(target=partial(self.serve_forever, 0.02), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a player that seeks drops what it no longer needs."""

    def stop(self) -> None:
        self.stopped.set()
        self.shutdown()
        self.server_close()
