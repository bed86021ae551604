"""The planner without a model."""
