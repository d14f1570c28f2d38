"""Building blocks of pages; they know neither services nor pages."""
