"""Customers: list, everything about one, merging, contact plans."""
