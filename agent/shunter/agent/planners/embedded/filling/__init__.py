"""Literals and names in the words of a clause, as arguments of a function."""
