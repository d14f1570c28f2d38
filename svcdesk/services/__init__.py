"""Use cases: the only door into the core for window and command line."""
