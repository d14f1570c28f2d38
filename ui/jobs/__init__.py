"""Background work for the window."""
