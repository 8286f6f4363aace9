"""The dialogs of boards: which there are, how one is reached, what was found on it, what may be asked."""
