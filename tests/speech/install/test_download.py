"""A file from an address: whole or absent, whatever the server does, and no byte fetched twice without need."""

import os
import random
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPMessage
from io import BytesIO
from pathlib import Path
from urllib.request import Request

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.install.connection import _SafeRedirects, is_inward
from calmcast.speech.install.download import Effort, download
from tests.speech.models.serving import Shelf, serving

DATA = random.Random(1).randbytes(300_000)
DIGEST = sha256(DATA).hexdigest()
QUICK = Effort(stall_s=0.3, tries=3, wait_s=0.01)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving(Shelf(DATA, cut_after=100_000)) as served:
        yield served


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "voice"


def left(place: Path) -> list[str]:
    return sorted(path.name for path in place.parent.iterdir())


def test_a_file_comes_whole_and_is_told_of(shelf: Shelf, place: Path) -> None:
    told: list[tuple[int, int]] = []
    digest = download(shelf.address, place, size=len(DATA), sha256=DIGEST, progress=lambda *now: told.append(now))
    assert digest == DIGEST
    assert place.read_bytes() == DATA
    assert left(place) == ["voice"]
    assert told[-1] == (len(DATA), len(DATA))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("length", [True, False])
def test_nothing_need_be_known_before(place: Path, length: bool) -> None:
    with serving(Shelf(DATA, tag="", length=length)) as shelf:
        assert download(shelf.address, place) == DIGEST
    assert place.read_bytes() == DATA


def test_a_broken_connection_goes_on_where_it_stopped(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["cut", "cut"]
    assert download(shelf.address, place, sha256=DIGEST, effort=QUICK) == DIGEST
    assert shelf.asked == [None, "bytes=100000-", "bytes=200000-"]


def test_a_server_without_ranges_sends_it_all_again(place: Path) -> None:
    with serving(Shelf(DATA, ranges=False, manners=["cut"])) as shelf:
        assert download(shelf.address, place, effort=QUICK) == DIGEST
        assert shelf.asked == [None, "bytes=1000-"]
    assert place.read_bytes() == DATA


def test_without_a_version_nothing_is_put_together(place: Path) -> None:
    with serving(Shelf(DATA, tag="", manners=["cut"])) as shelf:
        assert download(shelf.address, place, effort=QUICK) == DIGEST
        assert shelf.asked == [None, None]


def test_a_later_run_goes_on(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["cut"]
    with pytest.raises(SpeechError, match="broke off: 100000 of 300000 bytes came") as caught:
        download(shelf.address, place, effort=Effort(tries=1))
    assert "goes on where it stopped" in str(caught.value.hint)
    assert left(place) == ["voice.part", "voice.part.json"]
    download(shelf.address, place, sha256=DIGEST)
    assert shelf.asked == [None, "bytes=100000-"]
    assert left(place) == ["voice"]


def test_a_file_that_changed_meanwhile_comes_anew(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["cut"]
    with pytest.raises(SpeechError):
        download(shelf.address, place, effort=Effort(tries=1))
    shelf.data, shelf.tag = DATA[::-1], '"two"'
    download(shelf.address, place)
    assert place.read_bytes() == DATA[::-1]


def test_the_part_of_another_address_is_not_used(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["cut"]
    with pytest.raises(SpeechError):
        download(shelf.address, place, effort=Effort(tries=1))
    download(f"{shelf.address}?other", place, sha256=DIGEST)
    assert shelf.asked == [None, None]


def test_a_part_that_is_whole_is_not_asked_for(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["cut"]
    with pytest.raises(SpeechError):
        download(shelf.address, place, effort=Effort(tries=1))
    place.with_name("voice.part").write_bytes(DATA)
    assert download(shelf.address, place, sha256=DIGEST) == DIGEST
    assert shelf.asked == [None]


def test_a_part_longer_than_the_file_is_thrown_away(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["cut", "416"]
    with pytest.raises(SpeechError):
        download(shelf.address, place, effort=Effort(tries=1))
    place.with_name("voice.part").write_bytes(DATA + b"more")
    assert download(shelf.address, place, sha256=DIGEST, effort=QUICK) == DIGEST
    assert shelf.asked == [None, "bytes=300004-", None]


@pytest.mark.parametrize("note", ["", "[]", "{", '{"address": 5}', '{"address": "x", "validator": ["y"]}'])
def test_a_damaged_note_means_to_begin_again(shelf: Shelf, place: Path, note: str) -> None:
    place.parent.mkdir()
    place.with_name("voice.part").write_bytes(b"something else")
    place.with_name("voice.part.json").write_text(note)
    assert download(shelf.address, place) == DIGEST


def test_the_wrong_part_is_not_believed(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["cut", "wrong part"]
    assert download(shelf.address, place, effort=QUICK) == DIGEST
    assert shelf.asked == [None, "bytes=100000-", None]


def test_silence_breaks_the_connection(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["stall", "stall"]
    assert download(shelf.address, place, sha256=DIGEST, effort=QUICK) == DIGEST
    shelf.manners, shelf.cut_after = ["stall"] * 3, 10
    with pytest.raises(SpeechError, match=r"broke off: nothing came for 0\.3 seconds"):
        download(shelf.address, place.with_name("other"), effort=QUICK)


@pytest.mark.parametrize("manner", ["hang up", "503"])
def test_a_passing_fault_is_tried_again(shelf: Shelf, place: Path, manner: str) -> None:
    shelf.manners = [manner, manner]
    assert download(shelf.address, place, effort=QUICK) == DIGEST
    shelf.manners = [manner] * 3
    with pytest.raises(SpeechError, match="broke off"):
        download(shelf.address, place.with_name("other"), effort=QUICK)


def test_what_is_not_there_is_not_tried_again(shelf: Shelf, place: Path) -> None:
    shelf.manners = ["404"]
    with pytest.raises(SpeechError, match="cannot be had: the server answered 404") as caught:
        download(shelf.address, place, effort=QUICK)
    assert caught.value.hint
    assert len(shelf.asked) == 1
    assert left(place) == []


def test_another_place_is_followed(shelf: Shelf, place: Path) -> None:
    with serving(Shelf(b"", manners=[f"to {shelf.address}", f"to {shelf.address}"])) as first:
        shelf.manners = ["cut"]
        assert download(first.address, place, effort=QUICK) == DIGEST
    assert shelf.asked == [None, "bytes=100000-"]


@pytest.mark.parametrize("elsewhere", ["file:///etc/hostname", "ftp://127.0.0.1/voice", "gopher:x"])
def test_an_unsafe_place_is_not(shelf: Shelf, place: Path, elsewhere: str) -> None:
    shelf.manners = [f"to {elsewhere}"]
    with pytest.raises(SpeechError):
        download(shelf.address, place, effort=QUICK)
    assert left(place) == []


INWARD = (
    "http://127.0.0.1/a",
    "http://[::1]:80/a",
    "http://10.1.2.3/a",
    "http://169.254.169.254/a",
    "http://localhost/a",
)


@pytest.mark.parametrize("address", INWARD)
def test_nobody_out_there_points_into_this_network(address: str) -> None:
    assert is_inward(address)
    redirects, none = _SafeRedirects(), HTTPMessage()
    with pytest.raises(ValueError, match="inside this network"):
        redirects.redirect_request(Request("http://192.88.99.1/a"), BytesIO(), 302, "Found", none, address)
    assert redirects.redirect_request(Request(INWARD[0]), BytesIO(), 302, "Found", none, address) is not None


def test_going_round_in_circles_ends(shelf: Shelf, place: Path) -> None:
    shelf.manners = [f"to {shelf.address}"] * 100
    with pytest.raises(SpeechError):
        download(shelf.address, place, effort=QUICK)


def test_a_wrong_checksum_is_told_and_nothing_is_left(shelf: Shelf, place: Path) -> None:
    with pytest.raises(SpeechError, match="not the file that was expected"):
        download(shelf.address, place, sha256="0" * 64)
    assert left(place) == []


def test_a_wrong_size_is_told_before_it_is_fetched(shelf: Shelf, place: Path) -> None:
    told: list[int] = []
    with pytest.raises(SpeechError, match="has 300000 bytes where 5 were expected"):
        download(shelf.address, place, size=5, progress=lambda done, _: told.append(done))
    assert left(place) == []
    assert told == []


@pytest.mark.parametrize("length", [True, False])
def test_too_large_is_stopped(place: Path, length: bool) -> None:
    with serving(Shelf(DATA, length=length)) as shelf, pytest.raises(SpeechError, match="is larger than 0 MB"):
        download(shelf.address, place, most=200_000)
    assert left(place) == []


def test_what_is_there_already_is_taken_where_it_is_the_same(shelf: Shelf, place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(DATA)
    assert download(shelf.address, place, sha256=DIGEST) == DIGEST
    assert shelf.asked == []
    place.write_bytes(b"old")
    assert download(shelf.address, place, sha256=DIGEST) == DIGEST
    assert place.read_bytes() == DATA


def test_a_file_of_this_machine(tmp_path: Path, place: Path) -> None:
    (tmp_path / "here").write_bytes(DATA)
    assert download((tmp_path / "here").as_uri(), place, sha256=DIGEST) == DIGEST
    with pytest.raises(SpeechError, match="cannot be read"):
        download((tmp_path / "nowhere").as_uri(), place.with_name("other"), effort=QUICK)


@pytest.mark.parametrize("address", ["http://[", "smb://host/file", "http://127.0.0.1:99999/x", "https://\n/x"])
def test_an_address_that_is_none(place: Path, address: str) -> None:
    with pytest.raises(SpeechError) as caught:
        download(address, place, effort=QUICK)
    assert caught.value.hint


def test_a_host_that_is_not_there(place: Path) -> None:
    with serving(Shelf(DATA)) as gone:
        pass
    with pytest.raises(SpeechError, match="broke off"):
        download(gone.address, place, effort=QUICK)
    with pytest.raises(SpeechError, match="was not found"):
        download("http://no-such-host.invalid/x", place, effort=QUICK)


def test_a_folder_that_cannot_be_written(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpeechError, match="cannot be written") as caught:
        download(shelf.address, tmp_path / "file" / "voice")
    assert "CALMCAST_MODELS" in str(caught.value.hint)


FULL = """
    import resource, sys
    from pathlib import Path
    from calmcast.errors import SpeechError
    from calmcast.speech.install.download import download

    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
    try:
        download(sys.argv[1], Path(sys.argv[2]))
    except SpeechError as error:
        print(error.message)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_full_disk_gets_its_space_back(shelf: Shelf, place: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(FULL), shelf.address, str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "is full; what had come was removed" in done.stdout
    assert left(place) == []
