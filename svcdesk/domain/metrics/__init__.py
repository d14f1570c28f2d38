"""The metric engine: every figure is one declaration (``domain.md 3``)."""
