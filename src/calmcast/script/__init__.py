"""Scripts, as text and as what they say."""
