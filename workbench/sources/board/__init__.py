"""Boards: links that reach them, and what runs there."""
