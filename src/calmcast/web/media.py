"""What each file is, as `Content-Type` says it: a table of our own, as the system's differs from place to place."""

_ENDINGS = {
    ".chapters.json": "application/json+chapters",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".lrc": "text/plain; charset=utf-8",
    ".m3u8": "audio/x-mpegurl",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/rss+xml; charset=utf-8",
    ".xspf": "application/xspf+xml; charset=utf-8",
    ".zip": "application/zip",
}
"""The only .xml of a class is its feed."""


def content_type(name: str) -> str:
    """Return the type of a file by the longest ending that is known; `application/octet-stream` for all else."""
    lower = name.lower()
    known = (lower[index:] for index, character in enumerate(lower) if character == ".")
    return next((_ENDINGS[ending] for ending in known if ending in _ENDINGS), "application/octet-stream")
