"""Looking after a home folder: what is in it, whether it is whole, and what may go."""
