"""The ticket page."""
