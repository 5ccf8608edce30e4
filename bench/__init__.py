"""Measures the times the project promises."""
