"""The import page: file, mapping, check, result."""
