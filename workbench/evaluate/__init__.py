"""How good a network is on a data set: classes found, objects found, likeness to float; with confidence intervals."""
