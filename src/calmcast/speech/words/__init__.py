"""How words are said, how long they take, and where a line may be parted."""
