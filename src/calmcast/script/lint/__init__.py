"""What a script that can be read may still have wrong."""
