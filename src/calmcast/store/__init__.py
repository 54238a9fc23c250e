"""What is kept by content, so that no work is done twice."""
