"""The text of a file -> a script, with every problem found on the way."""
