"""The eval harness: suites, faults, attacks, scorers and reports."""
