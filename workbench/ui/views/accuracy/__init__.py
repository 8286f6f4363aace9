"""The view of accuracy on a data set."""
