"""Scores and ranks communities on a framework of criteria, and says what the ranking rests on."""

__version__ = "0.1.0"
