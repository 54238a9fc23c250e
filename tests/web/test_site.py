"""No address leads out of the folder, or to what is hidden in it."""

import os
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmcast.web.site import Elsewhere, Site, find

ADDRESSES = {
    "/": "index.html",
    "/index.html": "index.html",
    "/%69ndex.html": "index.html",
    "/a%20b.vtt": "a b.vtt",
    "/clients/anna/": "clients/anna/index.html",
    "/01-rest-10min.mp3": "01-rest-10min.mp3",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_files(folder: Path, address: str) -> None:
    assert find(Site(folder), address) == folder.resolve() / ADDRESSES[address]


def test_a_folder_without_its_slash_is_elsewhere(folder: Path) -> None:
    (folder / "ä b").mkdir()
    assert find(Site(folder), "/clients/anna") == Elsewhere("/clients/anna/")
    assert find(Site(folder), "/%C3%A4%20b") == Elsewhere("/%C3%A4%20b/")


@pytest.mark.parametrize(
    "target",
    [
        *(
            "",
            "*",
            "index.html",
            "/?",
            "/index.html?x",
            "http://127.0.0.1/",
            "//",
            "//evil",
            "//evil/",
            "//clients",
            "/clients//anna/",
        ),
        *("/nothing.mp3", "/index.html/", "/empty/", "/clients/", "/01-rest-10min.mp3/"),
        *("/..", "/../", "/../secret.txt", "/clients/../index.html", "/./index.html", "/clients/.", "/."),
        *("/%2e%2e/secret.txt", "/%2E%2E%2Fsecret.txt", "/..%2fsecret.txt", "/%252e%252e/secret.txt"),
        *("/..%5csecret.txt", "/..\\secret.txt", "/clients\\anna\\index.html", "/clients%2fanna%2f"),
        *("/%00", "/index.html%00", "/index.html%0d%0a", "/index.html%", "/index.html%2", "/%ff", "/%c0%ae%c0%ae/"),
        *("/.calmcast-1-2-3.part", "/%2ecalmcast-1-2-3.part", "/C:/secret.txt", "/index.html::$DATA"),
        *("/index.html.", "/index.html%20", "/index.html ", "/\u00e4", "/" + "a" * 5_000, "/" + "a/" * 5_000),
        *("/etc/passwd", "//etc/passwd", "/%2fetc/passwd", "/%2Fetc%2Fpasswd"),
    ],
)
def test_nothing_is_there(folder: Path, target: str) -> None:
    assert find(Site(folder), target) is None


def test_what_is_meant_for_others_is_left_out(folder: Path) -> None:
    site = Site(folder, frozenset({"clients"}))
    for target in ("/clients/anna/", "/clients/anna", "/clients", "/clients/", "/Clients/anna/", "/%63lients/anna/"):
        assert find(site, target) is None
    assert isinstance(find(Site(folder / "clients" / "anna", frozenset({"clients"})), "/"), Path)


def test_a_folder_may_stand_under_names(folder: Path) -> None:
    site = Site(folder, frozenset({"clients"}), ("ä b", "tuesday"))
    own = "/%C3%A4%20b/tuesday/"
    assert site.address == own
    assert Site(folder).address == "/"
    for target in ("/", own.removesuffix("/")):
        assert find(site, target) == Elsewhere(own)
    for target, name in ((own, "index.html"), (f"{own}sw.js", "sw.js")):
        assert find(site, target) == folder.resolve() / name
    for target in ("/sw.js", "/%C3%A4%20b/", "/tuesday/", f"{own}clients/anna/", f"{own}../", f"{own}/sw.js"):
        assert find(site, target) is None
    assert find(Site(folder, base=("tuesday",)), "/tuesday/clients/anna") == Elsewhere("/tuesday/clients/anna/")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_inside_only(folder: Path) -> None:
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "up").symlink_to(folder.parent)
    (folder / "circle").symlink_to("circle")
    (folder / "hidden.txt").symlink_to(".calmcast-1-2-3.part")
    (folder / "others").symlink_to("clients")
    (folder / "again.html").symlink_to("index.html")
    site = Site(folder, frozenset({"clients"}))
    for target in ("/out.txt", "/up", "/up/", "/up/secret.txt", "/circle", "/hidden.txt", "/others/anna/"):
        assert find(site, target) is None
    assert isinstance(find(site, "/again.html"), Path)


def test_the_folder_itself_may_be_a_link_or_come_later(folder: Path, tmp_path: Path) -> None:
    if sys.platform != "win32":
        (tmp_path / "link").symlink_to(folder)
        assert isinstance(find(Site(tmp_path / "link"), "/sw.js"), Path)
    site = Site(tmp_path / "later")
    assert find(site, "/") is None
    folder.rename(tmp_path / "later")
    assert isinstance(find(site, "/"), Path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.mp3")
    assert find(Site(folder), "/pipe.mp3") is None


PIECE = st.sampled_from(
    ["..", ".", "/", "//", "\\", "%2e", "%2f", "%5c", "%00", "%25", "%252e", "clients", "anna", "secret.txt", "?",
     "a b", "index.html", "output", "tuesday", ":", " ", "\u00e4", "%c3%a4", ".calmcast-1-2-3.part"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECE, max_size=8).map("".join), st.text(max_size=8))
def test_whatever_is_asked_nothing_outside_or_hidden_is_found(folder: Path, pieces: str, text: str) -> None:
    for target in ("/" + pieces, pieces, "/" + text, "/" + quote(text), "/clients/" + pieces):
        found = find(Site(folder), target)
        if isinstance(found, Path):
            inside = found.relative_to(folder.resolve()).parts
            assert not any(part.startswith(".") for part in inside)
        elif isinstance(found, Elsewhere):
            assert found.address.startswith("/")
            assert not found.address.startswith("//")
            assert "\\" not in found.address
