"""Secrets: where they are read, how they are keyed, and how their values are kept out of everything else."""
