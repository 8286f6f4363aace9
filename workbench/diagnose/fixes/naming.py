"""Where a fix writes its networks: names that tell what they are made of, so that none is written twice."""

import hashlib
from pathlib import Path

from workbench.diagnose.case import Case


def place(case: Case, what: str, *details: object) -> Path:
    """The file of a network made of the session's: `net-cut-1a2b3c4d.onnx` in the folder of its trials."""
    digest = hashlib.sha256(repr((case.model.digest, what, details)).encode()).hexdigest()[:8]
    return case.trials.folder / f"{case.model.path.stem}-{what}-{digest}.onnx"
