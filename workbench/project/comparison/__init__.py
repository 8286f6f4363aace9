"""Anything compared with anything: sides, what they hold, and which tensors belong together."""
