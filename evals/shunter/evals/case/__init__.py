"""Cases as they are written in a suite's files."""
