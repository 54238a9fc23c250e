"""Neural voices: which there are, fetched, unpacked, and put in place."""
