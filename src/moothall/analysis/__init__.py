"""Observations become figures: pure functions, frame to frame."""
