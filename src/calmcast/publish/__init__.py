"""Sound -> an MP3 with its tags, captions and manifest, and all that lies beside it."""
