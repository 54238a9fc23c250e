"""A file is whole or absent: also for a reader who looks meanwhile, and for a process that is killed."""

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calmcast.errors import PublishError
from calmcast.files import atomic_file, write_bytes


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_half(path: Path, error: BaseException) -> None:
    with atomic_file(path) as file:
        file.write(b"half")
        raise error


@pytest.fixture(params=[True, False], ids=["nameless", "hidden"])
def draft(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run the test as this system does it, and as a system without O_TMPFILE does."""
    if not request.param:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    return bool(request.param)


pytestmark = pytest.mark.usefixtures("draft")


def test_the_bytes_arrive_under_the_name(tmp_path: Path) -> None:
    write_bytes(tmp_path / "track.mp3", b"all of it")
    assert (tmp_path / "track.mp3").read_bytes() == b"all of it"
    assert names(tmp_path) == ["track.mp3"]


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "track.mp3"
    write_bytes(path, b"first, and longer")
    write_bytes(path, b"second")
    assert path.read_bytes() == b"second"
    assert names(tmp_path) == ["track.mp3"]


def test_the_older_file_stands_until_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "track.mp3"
    write_bytes(path, b"old")
    with atomic_file(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_the_file_can_be_sought_and_read_while_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "track.mp3"
    with atomic_file(path) as file:
        file.write(b"----frames")
        file.seek(0)
        assert file.read() == b"----frames"
        file.seek(0)
        file.write(b"Info")
    assert path.read_bytes() == b"Infoframes"


@pytest.mark.parametrize("error", [ValueError("mixing failed"), KeyboardInterrupt()])
def test_a_failing_block_changes_nothing(tmp_path: Path, error: BaseException) -> None:
    write_bytes(tmp_path / "old.mp3", b"old")
    for name in ("old.mp3", "new.mp3"):
        with pytest.raises(type(error)):
            write_half(tmp_path / name, error)
    assert names(tmp_path) == ["old.mp3"]
    assert (tmp_path / "old.mp3").read_bytes() == b"old"


def test_an_error_of_the_blocks_own_passes_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_file(tmp_path / "track.mp3"):
        (tmp_path / "no such recording").read_bytes()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a" / "b" / "track.mp3", b"x")
    assert (tmp_path / "a" / "b" / "track.mp3").read_bytes() == b"x"


def test_the_longest_name_a_disk_takes_is_taken(tmp_path: Path) -> None:
    name = "n" * (251 if sys.platform != "win32" else 100) + ".mp3"
    write_bytes(tmp_path / name, b"x")
    write_bytes(tmp_path / name, b"y")
    assert names(tmp_path) == [name]


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_mode_respects_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_bytes(tmp_path / "track.mp3", b"x")
        write_bytes(tmp_path / "track.mp3", b"y")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "track.mp3").stat().st_mode) == 0o666 & ~mask


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="nameless files are a Linux matter")
def test_a_folder_that_refuses_to_name_a_nameless_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    write_bytes(tmp_path / "track.mp3", b"x")
    assert (tmp_path / "track.mp3").read_bytes() == b"x"
    assert names(tmp_path) == ["track.mp3"]


def test_an_older_file_that_cannot_be_replaced_stays_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    write_bytes(tmp_path / "track.mp3", b"old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PublishError):
        write_bytes(tmp_path / "track.mp3", b"new")
    assert (tmp_path / "track.mp3").read_bytes() == b"old"
    assert names(tmp_path) == ["track.mp3"]


class TestRefusals:
    def test_a_folder_stands_there(self, tmp_path: Path) -> None:
        with pytest.raises(PublishError, match="is a folder"):
            write_bytes(tmp_path, b"x")

    def test_a_part_of_the_path_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        for path in (tmp_path / "file" / "track.mp3", tmp_path / "file" / "deeper" / "track.mp3"):
            with pytest.raises(PublishError, match="is a file and no folder") as caught:
                write_bytes(path, b"x")
            assert caught.value.hint

    @pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="devices have a path on POSIX only")
    def test_a_device_is_not_replaced(self) -> None:
        with pytest.raises(PublishError, match="not an ordinary file"):
            write_bytes(Path(os.devnull), b"x")
        assert Path(os.devnull).is_char_device()

    def test_a_name_too_long(self, tmp_path: Path) -> None:
        with pytest.raises(PublishError) as caught:
            write_bytes(tmp_path / ("n" * 300), b"x")
        assert caught.value.hint
        assert names(tmp_path) == []

    @pytest.mark.usefixtures("modes_hold")
    def test_a_folder_of_someone_else(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        try:
            with pytest.raises(PublishError, match="may not be written"):
                write_bytes(tmp_path / "track.mp3", b"x")
        finally:
            tmp_path.chmod(0o700)

    def test_a_full_disk(self, tmp_path: Path) -> None:
        with pytest.raises(PublishError, match="disk is full") as caught:
            write_half(tmp_path / "track.mp3", OSError(errno.ENOSPC, "No space left on device"))
        assert caught.value.hint
        assert names(tmp_path) == []

    @pytest.mark.skipif(os.name != "posix", reason="a process limits its own file sizes on POSIX only")
    def test_a_disk_that_takes_no_more(self, tmp_path: Path) -> None:
        script = (
            "import resource, sys; from pathlib import Path\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
            "from calmcast.errors import PublishError\n"
            "from calmcast.files import atomic_file\n"
            "try:\n"
            "    with atomic_file(Path(sys.argv[1])) as file:\n"
            "        for _ in range(50): file.write(bytes(10_000))\n"
            "except PublishError as error: print(error)\n"
        )
        command = [sys.executable, "-B", "-c", script, str(tmp_path / "track.mp3")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "grew larger than" in done.stdout
        assert names(tmp_path) == []


class TestLeftovers:
    def leave(self, folder: Path, process: int) -> Path:
        """Leave the hidden draft that `process` would leave if it were killed."""
        from calmcast import files

        draft = folder / files.hidden_name().replace(f"-{os.getpid()}-", f"-{process}-")
        draft.write_bytes(b"half")
        return draft

    @pytest.mark.skipif(os.name != "posix", reason="Windows can't ask after a process without ending it")
    def test_of_a_dead_process_go_at_the_next_write(self, tmp_path: Path) -> None:
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        self.leave(tmp_path, ended.pid)
        write_bytes(tmp_path / "track.mp3", b"x")
        assert names(tmp_path) == ["track.mp3"]

    def test_of_a_running_process_stay_for_a_day(self, tmp_path: Path) -> None:
        draft = self.leave(tmp_path, os.getpid())
        write_bytes(tmp_path / "track.mp3", b"x")
        assert draft.exists()
        day_before_yesterday = time.time() - 2 * 24 * 60 * 60
        os.utime(draft, (day_before_yesterday, day_before_yesterday))
        write_bytes(tmp_path / "track.mp3", b"x")
        assert not draft.exists()

    def test_of_others_stay(self, tmp_path: Path) -> None:
        strangers = [".calmcast-notes.part", ".track.mp3.part", ".calmcast-0-1-2.part"]
        for name in strangers:
            (tmp_path / name).write_bytes(b"")
        write_bytes(tmp_path / "track.mp3", b"x")
        assert names(tmp_path) == sorted([*strangers, "track.mp3"])


WRITER = """
import os, sys
from pathlib import Path
if sys.argv[2] == "hidden" and hasattr(os, "O_TMPFILE"):
    del os.O_TMPFILE
from calmcast.files import atomic_file
print("ready", flush=True)
while True:
    for byte in (b"a", b"b"):
        with atomic_file(Path(sys.argv[1])) as file:
            for _ in range(40):
                file.write(byte * 10_000)
                file.flush()
"""


def test_a_killed_process_leaves_a_whole_file_or_none(tmp_path: Path, draft: bool) -> None:
    path = tmp_path / "track.mp3"
    choice = random.Random(7)
    for _ in range(6):
        path.unlink(missing_ok=True)
        command = [sys.executable, "-c", WRITER, str(path), "nameless" if draft else "hidden"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(choice.uniform(0, 0.03))
            writer.kill()
        assert writer.returncode == (-signal.SIGKILL if os.name == "posix" else 1)
        assert [name for name in names(tmp_path) if not name.startswith(".")] in ([], ["track.mp3"])
        if path.exists():
            assert path.read_bytes() in (b"a" * 400_000, b"b" * 400_000)
    write_bytes(path, b"x")
    if os.name == "posix":
        assert names(tmp_path) == ["track.mp3"]
