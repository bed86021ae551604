"""Sessions: steps that call functions while they run. `protocol` is the boundary to executors."""
