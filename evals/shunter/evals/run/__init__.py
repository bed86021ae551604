"""Running suites: every case through the same planner, checker, engine and trace as any run."""
