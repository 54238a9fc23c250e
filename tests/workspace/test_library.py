import os
import sys
from pathlib import Path

import pytest

from calmcast.errors import ScriptError
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
def test_what_is_no_ordinary_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    for name in ("pipe.yaml", "endless.yaml"):
        with pytest.raises(ScriptError, match="no ordinary file"):
            Library.of(Folder(tmp_path)).script(str(tmp_path / name))
