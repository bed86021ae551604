"""Which functions the parts of a goal ask for, learned from goals whose plans are known."""
