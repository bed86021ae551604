"""What people write: today the values that they hand to a plan or a call."""
