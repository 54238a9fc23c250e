"""What this project is worked on with."""
