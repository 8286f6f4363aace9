"""Faults put into networks and sessions on purpose, and whether a diagnosis finds them."""
