"""A script and a length -> a finished track."""
