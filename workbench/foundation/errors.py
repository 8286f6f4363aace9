"""What a user is told when something cannot be done.

A `WorkbenchError` is about the user's input or surroundings: it says what is wrong, where, and what to do next.
Any other exception that escapes is a defect of the program and says so.
"""

import errno
import os
import re

LONGEST = 2000  # characters of a sentence, which may quote what somebody else wrote
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
REFUSALS = frozenset(
    getattr(errno, name)
    for name in (
        "ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE", "ENOMEM", "EIO", "ESTALE", "ENXIO",
        "ENODEV", "ENOTCONN", "ENETDOWN", "EHOSTDOWN", "EHOSTUNREACH", "ETIMEDOUT",
    )
    if hasattr(errno, name)
)  # fmt: skip
"""What a system says where there is no room, no permission, or a drive is gone: it can come at any file."""


class WorkbenchError(Exception):
    """`message` says what and where, `hint` says what to do next; both are whole sentences."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = _shown(message)
        self.hint = _shown(hint)
        super().__init__(self.message, self.hint)

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


def refusal_of(error: BaseException) -> WorkbenchError | None:
    """The sentence for what is no defect: what the system refuses at any moment; None for anything else."""
    if isinstance(error, WorkbenchError):
        return error
    if isinstance(error, MemoryError):
        return WorkbenchError("There is not enough memory for this.", "Close other programs, or give less at once.")
    if isinstance(error, OSError) and error.errno in REFUSALS:
        path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "A file"
        hint = "Check free room, permissions and the drive, then try again."
        return WorkbenchError(f"{path} cannot be used: {error.strerror}.", hint)
    return None


def _shown(sentence: str) -> str:
    """A sentence without characters that control a terminal; one that quotes too much loses its middle."""
    sentence = CONTROLS.sub("\ufffd", sentence)
    if len(sentence) <= LONGEST:
        return sentence
    return f"{sentence[: LONGEST // 2]} … {sentence[-LONGEST // 2 :]}"
