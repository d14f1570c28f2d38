"""Reports drawn as PDF, in vectors and with embedded fonts."""
