"""Reports: collected as data, then drawn."""
