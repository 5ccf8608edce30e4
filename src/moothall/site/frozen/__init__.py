"""A fixed copy of the site: its pages that have an address of their own, as files that any host serves."""
