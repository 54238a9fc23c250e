"""The commands: what is asked, what is printed, and nothing else."""
