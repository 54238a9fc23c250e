"""Tracks that several tests look at: each is rendered once."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from calmcast.cli.main import main
from tests.conftest import TONE
from tests.verify.tracks import SCRIPT, copied

Render = Callable[..., Path]


@pytest.fixture(scope="session")
def render(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Render:
    """Render SCRIPT with options, a tone a word for its voice, and return the track; the same one each time."""
    folder = tmp_path_factory.mktemp("rendered")
    (folder / "voices").mkdir()
    (folder / "scripts").mkdir()
    (folder / "voices" / "calm.yaml").write_text(TONE, encoding="utf-8")

    @cache
    def render(*options: str, script: str = SCRIPT, ending: str = ".mp3") -> Path:
        name = f"rest{len(list((folder / 'scripts').iterdir()))}"
        (folder / "scripts" / f"{name}.yaml").write_text(script, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("CALMCAST_STORE", str(store))
            with pytest.raises(SystemExit) as exit_:
                main(["render", name, *options, "-o", f"{name}{ending}"])
        assert not exit_.value.code
        return folder / f"{name}{ending}"

    return render


@pytest.fixture
def track(tmp_path: Path, render: Render) -> Path:
    """A track as it should be, with what lies beside it: words, bells and a breath that sounds, between silences."""
    return copied(render(), tmp_path)
