"""`shunter runs …`: past runs."""
