"""The callback page."""
