"""The session that a user opened, and the pipeline that both faces drive."""
