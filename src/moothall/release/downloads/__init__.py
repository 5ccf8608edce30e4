"""Downloads: one table and what is to be known of it, in every format that people take away."""
