"""Lines -> recordings, each spoken in a process that may fail."""
