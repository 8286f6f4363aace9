"""What the layers of a session do to its outputs, measured when it is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench.diagnose.divergence import diverged
from workbench.diagnose.measuring import measured
from workbench.foundation.steps import Steps
from workbench.project.findings.diagnosing import diagnose, open_case
from workbench.project.findings.diagnosis import Diagnosis
from workbench.project.findings.diagnosis_file import load_diagnosis, save_diagnosis


def sensitivity(folder: Path, tensors: Sequence[str] = ()) -> Steps[Diagnosis]:
    """The last diagnosis with the effects of some layers on the outputs, of all by default; it is kept.

    Without a diagnosis of the session's last results, one is made first.
    """
    saved = load_diagnosis(folder)
    diagnosis = (yield from diagnose(folder, 0)) if saved is None or saved.is_stale else saved.diagnosis
    with open_case(folder) as steps:
        case = yield from steps
        before = diagnosis.divergence or diverged(case)
        diagnosis = replace(diagnosis, divergence=(yield from measured(case, before, tensors)))
    save_diagnosis(diagnosis, folder)
    return diagnosis
