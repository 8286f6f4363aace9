"""Encodings, calibration, plans and the rewrite that simulates them."""
