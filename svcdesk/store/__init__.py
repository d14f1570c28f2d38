"""The data file: SQLite behind units of work. The only package that speaks SQL."""
