"""The eval harness: suites of cases, checks, runs, reports, and faults that are put in on purpose."""
