"""A session with many settings."""
