"""What a check found out, ready to be shown. No Qt."""

from dataclasses import dataclass

SERIOUS = ("problem", "bad", "warning", "doubt")

HEADING = "heading"
"""The level of what stands above other findings."""


@dataclass(frozen=True)
class Told:
    """A finding in plain words.

    `level` is "problem" or "bad", "warning" or "doubt", "good", or another for what is only worth knowing; `fix` is a
    sentence that says what to do, `command` the line that does it, on this computer where it `is_here`,
    else on the board.
    """

    title: str
    level: str = ""
    fix: str = ""
    command: str = ""
    is_here: bool = False

    @property
    def is_serious(self) -> bool:
        """Whether something should be done."""
        return self.level in SERIOUS
