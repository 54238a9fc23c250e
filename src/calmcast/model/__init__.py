"""The nouns: frozen dataclasses and tuples. No I/O, no third party, all times in samples at 44 100 Hz."""
