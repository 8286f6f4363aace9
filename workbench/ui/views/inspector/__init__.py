"""The inspector: facts and errors of the selected layer."""
