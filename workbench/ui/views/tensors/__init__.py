"""Tensors: panes of the sources side by side, plots, lists, controls."""
