"""The yard of the scheduler's tests."""

from tests.engine.run.conftest import yard

__all__ = ["yard"]
