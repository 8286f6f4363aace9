"""Where the table shows a tensor of the network."""

from workbench.diagnose.case import Case


def row_tensor(case: Case, name: str) -> str:
    """The tensor of the row that shows it, itself or as one of a fused group; the name where none does."""
    shown = (row for row in case.rows if name in (row.tensor, row.golden) or name in row.group)
    return next((row.tensor for row in shown), name)
