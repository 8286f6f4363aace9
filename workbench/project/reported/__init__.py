"""A report of the toolkit alone as a session."""
