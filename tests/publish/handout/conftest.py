"""What tests of a class's page in a browser share: the browser, a small class, and a host for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.publish.handout.browser import Server, started
from tests.publish.handout.classes import handout_of, sounds, write_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def data() -> dict[str, bytes]:
    return sounds()


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory, data: dict[str, bytes]) -> Path:
    return write_folder(tmp_path_factory.mktemp("class"), handout_of(data), data)


@pytest.fixture
def server(on_disk: Path) -> Iterator[Server]:
    server = Server(on_disk.parent)
    yield server
    server.stop()
