"""Numbers become pictures."""
