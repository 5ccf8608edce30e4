"""Figures become an immutable directory, and are read back from it."""
