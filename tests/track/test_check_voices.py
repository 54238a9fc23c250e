"""What `check` says of voices that no script uses."""

from pathlib import Path

from calmcast.track.check_voices import inspect_rest
from calmcast.workspace.workspace import Workspace


def test_whom_a_voice_falls_back_on_is_looked_at(tmp_path: Path) -> None:
    voices = tmp_path / "voices"
    voices.mkdir()
    (voices / "lost.yaml").write_text("prefer: [{engine: tone}]\nfallback: nobody\nlexicon: nolex\n")
    (voices / "one.yaml").write_text("recordings: one\nfallback: two\n")
    (voices / "two.yaml").write_text("recordings: two\nfallback: one\n")
    found = inspect_rest(Workspace.at(tmp_path))
    assert {(Path(p.source.file).name, p.source.line, p.source.column, p.message) for p in found} == {
        ("lost.yaml", 2, 11, "there is no voice `nobody`"),
        ("lost.yaml", 3, 10, "there is no lexicon `nolex`"),
        ("one.yaml", 2, 11, "these voices fall back on each other: one -> two -> one"),
        ("two.yaml", 2, 11, "these voices fall back on each other: two -> one -> two"),
    }
