"""Scripts written, copied, compared and translated, and prose made into scripts."""
