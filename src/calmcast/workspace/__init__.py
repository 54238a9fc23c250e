"""A teacher's folder: its scripts, voices and sounds as models."""
