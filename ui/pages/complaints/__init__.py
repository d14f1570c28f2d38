"""The complaint page."""
