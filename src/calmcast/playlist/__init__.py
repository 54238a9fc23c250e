"""A class -> everything that is handed out: tracks made where they are missing or changed, and what goes with them."""
