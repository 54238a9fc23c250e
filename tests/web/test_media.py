import pytest

from calmcast.web.media import content_type


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("01-rest-10min.mp3", "audio/mpeg"),
        ("01-rest-10min.MP3", "audio/mpeg"),
        ("01-rest-10min.vtt", "text/vtt; charset=utf-8"),
        ("01-rest-10min.json", "application/json"),
        ("01-rest-10min.chapters.json", "application/json+chapters"),
        ("feed.xml", "application/rss+xml; charset=utf-8"),
        ("playlist.xspf", "application/xspf+xml; charset=utf-8"),
        ("playlist.m3u8", "audio/x-mpegurl"),
        ("sw.js", "text/javascript; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("cover.jpg", "image/jpeg"),
        ("tuesday.zip", "application/zip"),
        ("readme", "application/octet-stream"),
        ("a.mp3.part", "application/octet-stream"),
        ("a.exe", "application/octet-stream"),
    ],
)
def test_types(name: str, expected: str) -> None:
    assert content_type(name) == expected
