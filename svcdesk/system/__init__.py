"""What the program stands on: errors, clock, jobs, paths, locks."""
