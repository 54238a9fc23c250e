"""What goes with a class: its page, its feed, its archive."""
