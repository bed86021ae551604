"""Actions, their keys, their results and their failures."""
