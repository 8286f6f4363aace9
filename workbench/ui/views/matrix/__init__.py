"""The matrices layer x input and layer x run."""
