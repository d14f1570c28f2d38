"""The window: PySide6 over the services of svcdesk."""
