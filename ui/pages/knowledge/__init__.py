"""Knowledge: articles, what is missing, cases."""
