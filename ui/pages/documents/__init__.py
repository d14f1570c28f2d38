"""The report desk: make, read, write, review and publish reports."""
