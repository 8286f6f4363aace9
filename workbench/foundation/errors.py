"""What a user is told when something cannot be done.

A `WorkbenchError` is about the user's input or surroundings: it says what is wrong, where, and what to do next.
Any other exception that escapes is a defect of the program and says so.
"""


class WorkbenchError(Exception):
    """`message` says what and where, `hint` says what to do next; both are whole sentences."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ModelError(WorkbenchError):
    """A network that cannot be read or run."""


class DatasetError(WorkbenchError):
    """An input file or a line of a dataset that cannot be used."""


class DumpError(WorkbenchError):
    """A file or folder of tensors that cannot be read."""


class SessionError(WorkbenchError):
    """A session that cannot be opened or saved."""


class SettingsError(WorkbenchError):
    """An option whose value cannot be used."""


class PlanError(WorkbenchError):
    """A quantization plan in a file that cannot be used."""


class ReportError(WorkbenchError):
    """A text that is no report of the vendor's accuracy analysis."""
