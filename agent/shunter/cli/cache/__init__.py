"""`shunter cache …`: what is kept, whether it is whole, and what may go."""
