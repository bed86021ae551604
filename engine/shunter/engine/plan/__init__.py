"""Plans: the typed step graph, its text form, and the checker."""
