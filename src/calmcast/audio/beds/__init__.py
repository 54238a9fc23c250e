"""The beds that calmcast makes, each any number of samples long."""
