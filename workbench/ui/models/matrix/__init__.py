"""The matrices layer x input and layer x run. No Qt widgets."""
