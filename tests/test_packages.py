"""Versions of packages, as their folders are named, held against `importlib.metadata`."""

import importlib.metadata
from pathlib import Path

import pytest

from calmcast import packages


@pytest.fixture(autouse=True)
def afresh() -> None:
    packages.installed.cache_clear()


def test_every_package_has_the_version_that_its_metadata_say() -> None:
    distributions = [each for each in importlib.metadata.distributions() if each.name]
    assert len(distributions) > 20
    for name in {each.name for each in distributions}:
        assert packages.version(name) == importlib.metadata.version(name)


@pytest.mark.parametrize("name", ["PyYAML", "pyyaml", "joe.us_piper-voice", "espeakng-loader", "espeakng_loader"])
def test_a_package_is_found_however_its_name_is_written(name: str) -> None:
    assert packages.version(name) == importlib.metadata.version(name)


def test_the_first_on_the_path_is_the_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, version in (("later", "2.0"), ("earlier", "1.0")):
        (tmp_path / folder / f"soft_bells-{version}.dist-info").mkdir(parents=True)
        monkeypatch.syspath_prepend(str(tmp_path / folder))
    assert packages.version("soft-bells") == "1.0"


def test_a_package_without_such_a_folder_is_asked_for_its_metadata(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    egg = tmp_path / "soft_bells.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: soft-bells\nVersion: 3.1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert packages.version("soft-bells") == "3.1"


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        packages.version("no-such-package-at-all")
