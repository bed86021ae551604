"""Before a run: which calls the cache answers, and for the others what is different, and since when."""
