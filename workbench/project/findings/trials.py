"""What would be if a session had other settings: run beside it, with everything that its last run has computed."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.compare.compare import ENTIRE, LayerError
from workbench.diagnose.case import Trial
from workbench.diagnose.changes import Change
from workbench.foundation.steps import Steps
from workbench.project.findings.diagnosis_file import TRIALS
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.project.stages import ENTIRE_RUN, OUTPUTS, Stages


class SessionTrials:
    """Trials of a session in its own folder: dumps are named by what they depend on, so nothing gets mixed up."""

    def __init__(self, session: Session, folder: Path, results: Results) -> None:
        self._session, self._folder, self._results = session, folder, results
        self._done: dict[str, Trial] = {}

    @property
    def folder(self) -> Path:
        """Where networks that are written for a trial may stand."""
        return self._folder / TRIALS

    def run(self, change: Change, samples: Sequence[int] = (0,), is_whole: bool = False) -> Steps[Trial]:
        """The embedded simulator on the session with a change, for some of its samples; `is_whole`: every tensor."""
        key = repr((change, tuple(samples), is_whole))
        if key not in self._done:
            session = changed_session(self._session, change)
            session = dataclasses.replace(session, samples=tuple(self._session.samples[at] for at in samples))
            extent = ENTIRE_RUN if is_whole else OUTPUTS
            results = yield from Stages(session, self._folder, self._results, extent=extent).run()
            self._done[key] = Trial(results.rows, output_errors(results.rows, results.outputs), results.dumps)
        return self._done[key]


def changed_session(session: Session, change: Change) -> Session:
    """A session with a change; a board and the vendor's simulator take no part in a trial."""
    imports = {kind: item for kind, item in session.imports.items() if kind == "golden"}
    network = session if change.model is None else change
    return dataclasses.replace(
        session,
        model=change.model or session.model,
        reference=network.reference,
        tail=network.tail,
        preprocess=session.preprocess if change.preprocess is None else change.preprocess,
        dataset=session.dataset if change.dataset is None else change.dataset,
        quant=change.quant or session.quant,
        plan=session.plan if change.quant is None and change.dataset is None and change.model is None else None,
        simulator="embedded",
        imports=imports,
        board=None,
    )


def output_errors(rows: Sequence[LayerError], outputs: Sequence[str]) -> dict[str, Mapping[str, float]]:
    """The entire errors of the network's outputs, by their names."""
    found = {}
    for row in rows:
        name = next((name for name in (row.golden, row.tensor) if name in outputs), None)
        if name is not None and ENTIRE in row.errors:
            found[name] = row.errors[ENTIRE].mean
    return found
