"""The steps of a layered drawing: ranks, the order within them, columns (Sugiyama; see `graph/layout.py`)."""
