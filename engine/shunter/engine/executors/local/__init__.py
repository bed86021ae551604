"""What executors share that take their files from a store of this machine."""
