"""Planners: a goal and the catalogue in; a plan, a question, or what is missing, out."""
