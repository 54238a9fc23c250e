"""calmcast: guided-relaxation tracks of exactly the chosen length, from a YAML script."""
