"""A finished track, decoded and held against its manifest: not how it is made, only what it is to be."""
