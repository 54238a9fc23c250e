"""The app that serves a site, to whoever calls this machine by a name of its own."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from h11 import LocalProtocolError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Message, Receive, Scope, Send

from calmcast.web.hosts import KnownHosts
from calmcast.web.media import content_type
from calmcast.web.site import Elsewhere, Site, find

_NOTHING = "There is nothing here by this name.\n"
_UNREADABLE = "This file cannot be read just now.\n"
_ONE_RANGE = re.compile(r"bytes=([0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})", re.IGNORECASE)
_is_known = StaticFiles().is_not_modified
_Fetched = Callable[[str], object]


def make_app(site: Site, fetched: _Fetched, failed: Callable[[Exception], object], *, lan: bool = False) -> Starlette:
    """Return the app that serves a site: to this machine alone or, with `lan`, to the whole network.

    `fetched` is called with a file's name each time that bytes of it are about to be sent, `failed` with what should
    never have happened; both from several threads.
    """

    def page(request: Request) -> Response:
        return _answer(request, site, fetched)

    def bug(request: Request, error: Exception) -> Response:
        if not isinstance(error, OSError | LocalProtocolError):  # a file that changes or cannot be read is no news
            failed(error)
        return PlainTextResponse(_UNREADABLE, 500)

    return Starlette(
        routes=[Route("/{path:path}", page, methods=["GET"])],
        middleware=[Middleware(KnownHosts, lan=lan)],
        exception_handlers={Exception: bug},
    )


def _answer(request: Request, site: Site, fetched: _Fetched) -> Response:
    """Return what is at a request's address, as it was sent: Starlette's path no longer tells `%2f` from a slash."""
    match find(site, request.scope["raw_path"].decode("ascii")):
        case None:
            return PlainTextResponse(_NOTHING, 404)
        case Elsewhere(address):
            query = request.scope["query_string"].decode("ascii")
            return RedirectResponse(f"{address}?{query}" if query else address)
        case Path() as path:
            response = _File(path, fetched)
            return NotModifiedResponse(response.headers) if _is_known(response.headers, request.headers) else response
        case never:
            assert_never(never)


class _File(FileResponse):
    """A file, or the part of it that is asked for. Raises OSError where it cannot be read.

    Starlette says first what a file is, and then opens it by its name. So no byte is sent where the name means another
    file by then: the connection ends, and the client asks again.
    """

    def __init__(self, path: Path, fetched: _Fetched) -> None:
        with path.open("rb"):
            status = path.stat()
        super().__init__(path, stat_result=status, media_type=content_type(path.name), headers={"ETag": _tag(status)})
        self._fetched = fetched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begins = False

        async def watched(message: Message) -> None:
            nonlocal begins
            if message["type"] == "http.response.start":
                begins = scope["method"] == "GET" and message["status"] in {200, 206}
            elif begins:
                begins = False
                await run_in_threadpool(self._begin)
            await send(message)

        await super().__call__(_with_plain_range(scope), receive, watched)

    def _begin(self) -> None:
        path = Path(self.path)
        if _tag(path.stat()) != self.headers["ETag"]:
            raise FileNotFoundError(path)
        self._fetched(path.name)


def _tag(status: os.stat_result) -> str:
    """Return what tells one state of a file from another. One that is replaced whole has another inode."""
    return f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"'


def _with_plain_range(scope: Scope) -> Scope:
    """Return a request without the field Range where that is to be ignored (RFC 9110 14.2): the whole file is meant.

    Starlette refuses units that it does not know, and gives parts to HEAD. No player asks for several parts at once.
    """
    if scope["method"] == "GET" and _ONE_RANGE.fullmatch(Headers(scope=scope).get("range", "")):
        return scope
    return {**scope, "headers": [field for field in scope["headers"] if field[0] != b"range"]}
