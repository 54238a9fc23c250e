import re
import tracemalloc
from base64 import b64decode, b64encode
from email.message import EmailMessage
from pathlib import Path

import pytest

from calmcast.errors import PublishError
from calmcast.publish.handout.onefile import mailed, one_file_bytes, write_one_file
from tests.publish.handout.classes import handout_of, sounds

PICTURES = {"cover-rest.jpg": b"\xff\xd8\xffnot much of a picture"}


def lying_in(folder: Path, data: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in data.items():
        (folder / name).write_bytes(content)
    return folder


def test_the_sound_is_inside_to_the_byte_and_nothing_else_is_asked_for(tmp_path: Path) -> None:
    data = sounds()
    assert data["nasty-4s.mp3"] == data["long-4s.mp3"]  # two tracks of the same bytes
    path = tmp_path / "Tuesday.html"
    size = write_one_file(lying_in(tmp_path / "class", data), handout_of(data), PICTURES, path)
    text = path.read_text(encoding="utf-8")
    assert size == path.stat().st_size
    inside = re.findall(r'<audio class="plain"[^>]* src="data:audio/mpeg;base64,([A-Za-z0-9+/=]+)"', text)
    assert [b64decode(each) for each in inside] == [
        data[track.file] for track in (*handout_of(data).tracks, *handout_of(data).ways_out)
    ]
    assert f'src="data:image/jpeg;base64,{b64encode(PICTURES["cover-rest.jpg"]).decode()}"' in text
    assert {*re.findall(r'(?:src|href)="((?!data:|#|mailto:)[^"]*)"', text)} == set()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#39;", "'").split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["media-src"], rules["img-src"]) == ("data: blob:", "data:")
    assert not {"manifest-src", "worker-src", "connect-src"} & rules.keys()
    assert not any("self" in rule or "file:" in rule for rule in rules.values())


def test_a_large_class_takes_little_memory(tmp_path: Path) -> None:
    data = {name: bytes(3_000_001) + name.encode() for name in sounds()}
    folder, handout = lying_in(tmp_path / "class", data), handout_of(data)
    write_one_file(folder, handout, {}, tmp_path / "first.html")  # what is read once
    tracemalloc.start()
    size = write_one_file(folder, handout, {}, tmp_path / "a.html")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 16_000_000
    assert peak < 5_000_000
    assert abs(one_file_bytes(sum(map(len, data.values()))) - size) < 200_000


def test_a_track_that_is_gone_is_told_and_what_stood_there_stays(tmp_path: Path) -> None:
    data = sounds()
    folder, path = lying_in(tmp_path / "class", data), tmp_path / "a.html"
    path.write_text("before")
    (folder / "way-out-6s.mp3").unlink()
    with pytest.raises(PublishError, match="way-out-6s"):
        write_one_file(folder, handout_of(data), {}, path)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["a.html"]


@pytest.mark.parametrize("size", [0, 1, 57, 58, 100_000])
def test_a_mail_is_as_large_as_is_said(size: int) -> None:
    mail = EmailMessage()
    mail.add_attachment(bytes(size), maintype="text", subtype="html", filename="a.html")
    (part,) = mail.iter_attachments()
    rows = str(part.get_payload()).rstrip("\n").splitlines()
    assert mailed(size) - 78 < sum(len(row) + 2 for row in rows) <= mailed(size)
