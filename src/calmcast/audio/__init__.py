"""Sound files, and sounds that are made here -> samples: measured, levelled, mixed."""
