"""Surveys: sent, answered, expired, unmatched."""
