"""Models between the services' rows and Qt's views."""
