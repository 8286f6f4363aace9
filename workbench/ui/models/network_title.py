"""What a network is called in the window. Nothing here knows Qt."""

from pathlib import Path

OF_REPORT = "report.model"
"""What stands for the network where only a report is known: `project.reported` writes it into the session."""
MOST_NAME = 40
"""Characters of a network's name where there is no room for all of it."""


def network_title(model: Path) -> str:
    """The name of its file; of a report alone that of its session, for all their files have the same name."""
    return model.parent.name if model.name == OF_REPORT else model.name


def short_title(name: str) -> str:
    """A network's name without its middle, where it is long."""
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME // 2]}…{name[-MOST_NAME // 2 :]}"
