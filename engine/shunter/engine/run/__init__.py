"""Running a checked plan: the scheduler, outcomes, events and the run's folder."""
