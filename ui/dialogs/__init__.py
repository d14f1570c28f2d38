"""Dialogs, for what cannot be undone and for imports."""
