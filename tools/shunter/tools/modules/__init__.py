"""Modules: the manifest, the code's signatures, and what a call of a function becomes."""
