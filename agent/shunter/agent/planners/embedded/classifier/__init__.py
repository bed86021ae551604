"""What the words of whole goals say for a function, learned from goals whose plans are known."""
