"""Executors: they run an action in a container."""
