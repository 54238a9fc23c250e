"""A script and a length -> a timeline."""
