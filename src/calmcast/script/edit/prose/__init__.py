"""A text that somebody brings -> a script: read, freed of what is not speech, told apart, divided, abridged."""
