"""The public site: a release and an address make a page."""
