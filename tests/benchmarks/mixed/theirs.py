"""What the toolkit itself proposes: step 1's proposal and auto_hybrid, run for real, and what their analysis gives."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.project.session import Session
from workbench.project.toolkit.converting import Wish, make
from workbench.sources.toolkit.configured import toolkit_called
from workbench.sources.toolkit.report import read_report_file

UNSAFE = re.compile(r"[^0-9A-Za-z_]")
BEHIND = ("hybrid_quantization_step2", "accuracy_analysis")  # what comes after the choice
OF_CONVERTS = ("Input", "exDataConvert")


@dataclass(frozen=True)
class Theirs:
    """`half` are the layers whose values lie on float16 and on no grid of integers, `cos` that of each output.

    `choosing` are the seconds from the network to the choice, `seconds` those to the analysis of the result; `refused`
    says why there is nothing.
    """

    half: tuple[str, ...] = ()
    cos: Mapping[str, float] = field(default_factory=dict)
    choosing: float = 0.0
    seconds: float = 0.0
    refused: str = ""

    @property
    def worst(self) -> float:
        """The smallest cosine of the outputs."""
        return min(self.cos.values(), default=1.0)


def proposed(session: Session, outputs: tuple[str, ...], folder: Path) -> Theirs:
    """Step 1 with its proposal, step 2 and the analysis."""
    return _kept(folder / "proposal.json", lambda: _run(session, outputs, folder / "proposal", Wish({}, True)))


def automatic(session: Session, outputs: tuple[str, ...], folder: Path) -> Theirs:
    """A build with auto_hybrid, and the analysis."""
    session = replace(session, toolkit_options={"auto_hybrid": True})
    return _kept(folder / "auto.json", lambda: _run(session, outputs, folder / "auto", Wish()))


def _kept(path: Path, made: Callable[[], Theirs]) -> Theirs:
    if path.is_file():
        return Theirs(**json.loads(path.read_text()))
    found = made()
    path.write_text(json.dumps(asdict(found)))
    return found


def _run(session: Session, outputs: tuple[str, ...], folder: Path, wish: Wish) -> Theirs:
    begun = time.perf_counter()
    try:
        snapshots = folder.with_name(f"{folder.name}-snapshots")
        made = drain(make(session, folder, toolkit_called(""), replace(wish, snapshots=snapshots)))
    except WorkbenchError as error:
        return Theirs(refused=str(error)[:200])
    seconds = time.perf_counter() - begun
    behind = sum(took for call, took in made.outcome.seconds if call in BEHIND)
    snapshot = made.snapshots[0]
    rows = [row for row in read_report_file(snapshot).rows if row.op not in OF_CONVERTS]
    half = tuple(row.tensor for row in rows if _is_half(_array(snapshot, "simulator", row.tensor)))
    return Theirs(half, {name: cosine(snapshot, name) for name in outputs}, seconds - behind, seconds)


def cosine(snapshot: Path, output: str) -> float:
    """Of the analysis' own arrays, in float64."""
    golden, other = (_array(snapshot, kind, output) for kind in ("golden", "simulator"))
    assert golden is not None
    assert other is not None
    one, two = (array.reshape(-1).astype(np.float64) for array in (golden, other))
    return float(one @ two / np.sqrt((one @ one) * (two @ two)))


def _array(snapshot: Path, kind: str, tensor: str) -> np.ndarray | None:
    path = snapshot / kind / "npy" / f"{UNSAFE.sub('_', tensor)}.npy"
    return np.load(path, allow_pickle=False) if path.is_file() else None


def _is_half(array: np.ndarray | None) -> bool:
    if array is None or array.dtype != np.float32 or not array.any():
        return False
    with np.errstate(over="ignore"):
        return bool(np.array_equal(array.astype(np.float16).astype(np.float32), array))
