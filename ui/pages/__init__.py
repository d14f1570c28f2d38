"""Pages: compositions of widgets that talk to the services."""
