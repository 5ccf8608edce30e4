"""The read-only API: the same figures as on the pages, for programs."""
