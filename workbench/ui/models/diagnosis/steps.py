"""What the steps of the path and their states are called."""

from PySide6.QtCore import QCoreApplication

FLOAT16, C_PROGRAM = "float16", "c_program"
NOT_RUN, GOOD, BAD, BLOCKED = "not_run", "good", "bad", "blocked"


def step_title(key: str) -> str:
    """A step by its key."""
    titles = {
        "reference": QCoreApplication.translate("Diagnosis", "Reference in float"),
        FLOAT16: QCoreApplication.translate("Diagnosis", "Simulator in float16"),
        "quantized": QCoreApplication.translate("Diagnosis", "Simulator, quantised"),
        "board": QCoreApplication.translate("Diagnosis", "Connected board"),
        C_PROGRAM: QCoreApplication.translate("Diagnosis", "C program"),
    }
    return titles.get(key, key)


def state_title(state: str) -> str:
    """A state in words."""
    titles = {
        GOOD: QCoreApplication.translate("Diagnosis", "good"),
        BAD: QCoreApplication.translate("Diagnosis", "bad"),
        NOT_RUN: QCoreApplication.translate("Diagnosis", "not run"),
        BLOCKED: QCoreApplication.translate("Diagnosis", "blocked"),
    }
    return titles.get(state, state)
