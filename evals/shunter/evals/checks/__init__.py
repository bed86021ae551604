"""Checks: what a case expects, held against what was planned and what came out."""
