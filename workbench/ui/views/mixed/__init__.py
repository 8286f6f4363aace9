"""The views of mixed precision."""
