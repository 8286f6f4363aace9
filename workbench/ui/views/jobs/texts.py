"""Jobs in words: their state, how far they are."""

from PySide6.QtCore import QCoreApplication

from workbench.foundation.steps import Progress
from workbench.ui.jobs import Job

translate = QCoreApplication.translate


def state_text(job: Job) -> str:
    """What a job does now, or how it ended."""
    if job.is_running and job.is_cancelling():
        return translate("Jobs", "stopping…")
    titles = {
        "queued": translate("Jobs", "waiting"), "running": translate("Jobs", "running"),
        "succeeded": translate("Jobs", "done"), "failed": translate("Jobs", "failed"),
        "cancelled": translate("Jobs", "cancelled"),
    }  # fmt: skip
    return titles[job.state]


def progress_text(progress: Progress) -> str:
    """The stage, how many of how many, and which."""
    is_counted = progress.total > 1
    count = translate("Jobs", "{0} of {1}").format(progress.done, progress.total) if is_counted else ""
    return "   ".join(part for part in (stage_title(progress.stage), count, progress.text) if part)


def stage_title(stage: str) -> str:
    """A stage's name for the user."""
    titles = {
        "reference": translate("Jobs", "Reference"), "golden": translate("Jobs", "Golden"),
        "simulator": translate("Jobs", "Simulator"), "calibrate": translate("Jobs", "Calibration"),
        "compare": translate("Jobs", "Compare"), "import": translate("Jobs", "Import"),
        "export": translate("Jobs", "Export"), "save": translate("Jobs", "Save"),
        "prepare": translate("Jobs", "Prepare"), "picture": translate("Jobs", "Pictures"),
        "runs": translate("Jobs", "Runs"), "mmse": "MMSE",
        "load": translate("Jobs", "Load"), "build": translate("Jobs", "Build"),
        "analyse": translate("Jobs", "Analysis"), "install": translate("Jobs", "Install"),
        "report": translate("Jobs", "Report"), "start": translate("Jobs", "Start the toolkit"),
        "push": translate("Jobs", "Push"), "pull": translate("Jobs", "Pull"),
        "run": translate("Jobs", "Run on the board"),
        "connect": translate("Jobs", "Connect to the board"), "match": translate("Jobs", "Match by content"),
        "measure": translate("Jobs", "Measure"), "doctor": translate("Jobs", "Look at the board"),
        "sweep": translate("Jobs", "Settings"), "look": translate("Jobs", "Look at what is known"),
        "evaluate": translate("Jobs", "Images"), "score": translate("Jobs", "Score"),
        "inputs": translate("Jobs", "inputs"), "calibration": translate("Jobs", "calibration"),
    }  # fmt: skip
    return " ".join(titles.get(word, word) for word in stage.split())
