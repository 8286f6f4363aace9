"""How good a session's network is on a data set."""
