"""Plans and tracks as pictures, and covers."""
