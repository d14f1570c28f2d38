"""Colours, type, icons and style of the window."""
