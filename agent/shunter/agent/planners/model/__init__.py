"""The model planner: one structured answer of any OpenAI-compatible endpoint, checked and repaired."""
