"""Mixed precision, accuracy on data sets and sweeps against what they must keep to."""
