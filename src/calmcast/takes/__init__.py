"""The teacher's own voice: what is read aloud, cut, and matched to the lines."""
