"""GPTScript files: read by the language's own parser, linked, and turned into a goal and functions."""
