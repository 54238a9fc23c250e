"""`calmcast serve`, as a process that Ctrl-C ends, and what it says."""

import http.client
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from calmcast.publish.handout.qr import qr_terminal
from tests.conftest import Calmcast

TRACK = "01-rest-10min.mp3"
# A shell that starts something in the background has it ignore Ctrl-C, and tests may run in one.
RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from calmcast.cli.main import main
main()
"""


@pytest.fixture
def tuesday(workspace: Path) -> Path:
    folder = workspace / "output" / "tuesday"
    for name in ("index.html", TRACK, "clients/anna-b/index.html", "clients/anna-b/01-soft-5min.mp3"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode() * 100)
    (workspace / "output" / "unfinished").mkdir()
    return folder


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C as soon as it serves."""

    def stop(ended: Future[None]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("calmcast.web.server.until_ended", stop)


@contextmanager
def running(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", Callable[[], str]]]:
    """Run calmcast serve, and give the process and what reads its next line."""
    command = [sys.executable, "-c", RUN, "serve", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process, process.stdout.readline
    finally:
        process.kill()
        process.communicate()


def fetch(url: str, **headers: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    connection.request("GET", parts.path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_it_serves_until_ctrl_c_and_ends_well(tuesday: Path) -> None:
    with running("tuesday", "--port", "0") as (process, line):
        first = line()
        assert first.startswith(f"{Path('output') / 'tuesday'} is open at http://127.0.0.1:")
        url = first.split()[-1]
        assert line() == "Only this computer can open it. Ctrl-C ends it.\n"
        assert fetch(url) == (200, (tuesday / "index.html").read_bytes())
        for part in ("bytes=0-9", "bytes=10-19", "bytes=20-"):
            assert fetch(url + TRACK, Range=part)[0] == 206
        assert fetch(f"{url}clients/anna-b/")[0] == 404
        assert fetch(url, Host="evil.example")[0] == 421
        assert line() == f"  fetched: {TRACK}\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=8)
        assert (process.returncode, out, err) == (0, "\nStopped. Nobody can open it any more.\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_ctrl_c_waits_for_nobody_and_no_client_makes_noise(tuesday: Path) -> None:
    with (tuesday / TRACK).open("wb") as file:
        file.truncate(64 << 20)
    with running("tuesday", "--port", "0") as (process, line), ExitStack() as stack:
        url = urlsplit(line().split()[-1])
        line()

        def connect(words: bytes) -> socket.socket:
            connection = stack.enter_context(socket.create_connection((url.hostname, url.port), timeout=5))
            connection.sendall(words)
            return connection

        track = f"GET {url.path}{TRACK} HTTP/1.1\r\nHost: {url.netloc}\r\n".encode()
        for words in (b"", b"\x16\x03\x01\r\n\r\n", track, track + b"\r\n", track + b"Upgrade: websocket\r\n\r\n"):
            gone = connect(words)
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if words.endswith(b"\r\n\r\n"):
                gone.recv(9)
            gone.close()
        odd = connect(track + b"Transfer-Encoding: chunked\r\n\r\n")
        odd.recv(9)
        odd.sendall(b"no chunk\r\n" * 2)
        connect(b"")
        connect(track)
        slow = connect(track + b"\r\n")
        assert slow.recv(9) == b"HTTP/1.1 "
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=8)
        assert time.monotonic() - began < 2
        assert out == f"  fetched: {TRACK}\n\nStopped. Nobody can open it any more.\n"
        assert (process.returncode, err) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_json_is_one_object_and_nothing_else(tuesday: Path) -> None:
    with running("tuesday", "--client", "Anna B.", "--port", "0", "--json") as (process, line):
        said = json.loads("".join(line() for _ in range(6)))
        assert said == {
            "url": f"http://127.0.0.1:{said['port']}/tuesday/clients/anna-b/",
            "network_url": None,
            "port": said["port"],
            "folder": str(Path("output") / "tuesday" / "clients" / "anna-b"),
        }
        assert fetch(said["url"] + "01-soft-5min.mp3")[0] == 200
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=8) == ("", "")
        assert process.returncode == 0


@pytest.mark.usefixtures("at_once")
def test_the_network_is_let_in_in_plain_words(
    calmcast: Calmcast, tuesday: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmcast.web.hosts.network_address", lambda: "192.168.1.20")
    run = calmcast("serve", "tuesday", "--lan", "--port", "0")
    assert run.code == 0
    assert "Anyone in this network can listen until you press Ctrl-C.\n" in run.out
    assert re.search(r"^For them it is http://192\.168\.1\.20:\d+/tuesday/$", run.out, re.MULTILINE)
    assert "█" not in run.out
    assert run.err == ""
    said = calmcast("serve", "tuesday", "--lan", "--port", "0", "--json").json
    assert said["network_url"] == f"http://192.168.1.20:{said['port']}/tuesday/"
    monkeypatch.setattr("calmcast.web.hosts.network_address", lambda: "8.8.8.8")
    assert "whole internet" in calmcast("serve", "tuesday", "--lan", "--port", "0").err
    monkeypatch.setattr("calmcast.web.hosts.network_address", lambda: None)
    assert "no network" in calmcast("serve", "tuesday", "--lan", "--port", "0").err


@pytest.mark.usefixtures("at_once")
def test_a_terminal_shows_a_code_for_phones(calmcast: Calmcast, tuesday: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmcast.web.hosts.network_address", lambda: "192.168.1.20")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    out = re.sub(r"\x1b\[[0-9;]*m", "", calmcast("serve", "tuesday", "--lan", "--port", "0").out)
    port = re.findall(r"192\.168\.1\.20:(\d+)", out)[0]
    assert qr_terminal(f"http://192.168.1.20:{port}/tuesday/").rstrip("\n") in out
    assert "█" not in calmcast("serve", "tuesday", "--port", "0").out  # a phone cannot come here


def test_the_page_is_opened(calmcast: Calmcast, tuesday: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, done = list[str](), threading.Event()

    def browse(url: str) -> bool:
        opened.append(url)
        done.set()
        return False

    def stop(ended: Future[None]) -> None:
        assert done.wait(8)
        raise KeyboardInterrupt

    monkeypatch.setattr("webbrowser.open", browse)
    monkeypatch.setattr("calmcast.web.server.until_ended", stop)
    run = calmcast("serve", "tuesday", "--open", "--port", "0")
    assert run.code == 0
    assert f"is open at {opened[0]}\n" in run.out


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (
            ("wednesday",),
            "there is no page of a class `wednesday` in output",
            "did you mean `tuesday`? If not, calmcast playlist wednesday makes it",
        ),
        (("tusday",), "there is no page of a class `tusday`", "did you mean `tuesday`?"),
        (("unfinished",), "there is no page of a class `unfinished`", "calmcast playlist unfinished makes it"),
        (("../tuesday",), "there is no page of a class `../tuesday`", "did you mean `tuesday`?"),
        (("..",), "there is no page of a class `..`", "calmcast playlist .. makes it"),
        (("a class",), "there is no page of a class `a class`", "calmcast playlist 'a class' makes it"),
        (("tuesday", "--client", "ana-b"), "nothing was made for a client `ana-b`", "did you mean `anna-b`?"),
        (("tuesday", "--client", "zoe"), "nothing was made for a client `zoe` of tuesday", "there is: anna-b"),
    ],
)
def test_what_is_not_there(
    calmcast: Calmcast, tuesday: Path, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    run = calmcast("serve", *arguments)
    assert run.code == 2
    assert message in run.err
    assert f"hint: {hint}" in run.err


def test_a_class_that_is_written_and_not_made_is_no_slip(calmcast: Calmcast, tuesday: Path, workspace: Path) -> None:
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "classes" / "wednesday.yaml").write_text("title: Wednesday\ntracks: [psoas-release]\n")
    assert "hint: calmcast playlist wednesday makes it" in calmcast("serve", "wednesday").err


def test_a_class_without_clients_says_how_to_have_some(calmcast: Calmcast, workspace: Path) -> None:
    assert "calmcast playlist tuesday makes it" in calmcast("serve", "tuesday").err  # there is no output/ yet
    (workspace / "output" / "tuesday").mkdir(parents=True)
    (workspace / "output" / "tuesday" / "index.html").write_text("")
    assert "calmcast playlist tuesday" in calmcast("serve", "tuesday", "--client", "anna").err


@pytest.mark.usefixtures("at_once")
def test_a_name_may_be_written_as_in_speech_or_as_a_path(calmcast: Calmcast, tuesday: Path) -> None:
    for name in ("Tuesday", "output/tuesday/", str(tuesday)):
        assert calmcast("serve", name, "--port", "0").code == 0
    assert calmcast("serve", "output/tuesday/clients/anna-b").code == 2


def test_a_port_that_is_taken(calmcast: Calmcast, tuesday: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = calmcast("serve", "tuesday", "--port", port)
    assert run.code == 1
    assert f"another program listens at port {port} already" in run.err


def test_the_help_says_what_phones_cannot(calmcast: Calmcast) -> None:
    text = " ".join(calmcast("serve", "--help").out.split())
    assert "over --lan, tracks play, and" in text
    assert "calmcast serve after-class --lan" in text


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]])
def test_nothing_of_the_web_is_imported_before_it_is_needed(workspace: Path, arguments: list[str]) -> None:
    ending = (
        "from calmcast.cli.main import main\ntry: main(sys.argv[1:])\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", f"import sys\n{ending}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    imported = set(done.stderr.split())
    assert "calmcast.cli.main" in imported
    assert not imported & {"starlette", "uvicorn", "anyio", "h11", "asyncio"}
