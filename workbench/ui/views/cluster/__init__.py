"""The view of a cluster."""
