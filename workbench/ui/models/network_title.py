"""What a network is called in the window. Nothing here knows Qt."""

from pathlib import Path

OF_REPORT = "report.model"
"""What stands for the network where only a report is known: `project.reported` writes it into the session."""


def network_title(model: Path) -> str:
    """The name of its file; of a report alone that of its session, for all their files have the same name."""
    return model.parent.name if model.name == OF_REPORT else model.name
