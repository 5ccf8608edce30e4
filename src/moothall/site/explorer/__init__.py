"""The public pages: what a reader asks, what a release answers, and the words in between."""
