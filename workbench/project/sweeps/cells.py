"""One place of a sweep, computed where a worker is: a network's outputs with other settings, against golden ones."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.compare.compare import ENTIRE
from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.errors import SettingsError
from workbench.foundation.files import write_text
from workbench.foundation.steps import Steps
from workbench.project.results import Results
from workbench.project.session import ImportedDumps, Session
from workbench.project.stages import OUTPUTS, Stages
from workbench.project.workers.executors import scratch

if TYPE_CHECKING:
    from workbench.project.toolkit.stages import ToolkitStages

RANGES = "ranges-*.json"
OF_WHOLE = ("base", "tensors", "fingerprints")  # what a dump tells of all its tensors
NO_OUTPUTS = "The golden values hold none of the network's outputs, so settings cannot be compared by them."
Ranges = Mapping[str, str]
"""What calibrations found, by the names of their files."""


@dataclass(frozen=True)
class Computed:
    """`results` have the rows of the network's outputs, and no dumps; `ranges` are those that were found on the way."""

    results: Results
    ranges: Ranges


def calibrate(session: Session) -> Steps[Ranges]:
    """Find out a session's ranges alone."""
    with _place({}) as folder:
        yield from Stages(session, folder, extent=OUTPUTS).planning.calibrated()
        return _found(folder, {})


def compute(session: Session, golden: Sequence[Path], ranges: Ranges) -> Steps[Computed]:
    """The errors of a session's outputs; `golden` are dumps of golden ones, one a sample, as far as there are any."""
    with _place(ranges) as folder:
        results = yield from _stages(session, golden, folder).run()
        rows = tuple(row for row in results.rows if {row.golden, row.tensor} & set(results.outputs))
        if not any(ENTIRE in row.errors for row in rows):
            raise SettingsError(NO_OUTPUTS, "Take golden values that hold the outputs.")
        kept = Results(rows, results.outputs, seconds=results.seconds, quant=results.quant, program=results.program)
        return Computed(kept, _found(folder, ranges))


def only_outputs(golden: Path, outputs: Sequence[str], target: Path) -> None:
    """Write a dump with nothing but a network's outputs: small enough to be sent."""
    with Dump(golden) as dump:
        info = {key: value for key, value in dump.info.items() if key not in OF_WHOLE}
        with DumpWriter(target, info) as writer:
            for name in outputs:
                if name in dump:
                    values, encoding = dump.raw(name)
                    writer.add(name, values, dump.op(name), encoding)


def linked(source: Path, target: Path) -> None:
    """The same file under another name, as a copy where there are no links."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _stages(session: Session, golden: Sequence[Path], folder: Path) -> "Stages | ToolkitStages":
    if session.simulator == "toolkit":
        from workbench.project.toolkit.stages import ToolkitStages

        given = {"golden": ImportedDumps(golden[0])} if golden else {}
        return ToolkitStages(replace(session, imports=given), folder)
    stages = Stages(replace(session, samples=session.samples[: len(golden)]), folder, extent=OUTPUTS)
    for source, target in zip(golden, stages.golden_paths(), strict=True):
        linked(source, target)
    return stages


@contextmanager
def _place(ranges: Ranges) -> Iterator[Path]:
    """A folder like that of a session, with what is known already; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sweep-", dir=scratch()))
    try:
        (folder / "dumps").mkdir()
        for name, text in ranges.items():
            write_text(folder / "dumps" / name, text)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _found(folder: Path, known: Ranges) -> Ranges:
    paths = (path for path in (folder / "dumps").glob(RANGES) if path.name not in known)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}
