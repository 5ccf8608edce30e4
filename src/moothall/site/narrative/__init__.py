"""Narrative: what a figure says in plain English, and never more than its numbers do."""
