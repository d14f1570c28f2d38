"""The improvement loop in the window: items, their causes, measures and effect."""
