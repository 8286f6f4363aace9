"""Tensors as planes, statistics, rankings, files. No Qt widgets."""
