"""The simulator on what a board gave its layers, a dump for each sample that the board has run."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.preprocess.dataset import Sample
from workbench.project.cache import pair_key
from workbench.quantize.kept import Kept
from workbench.quantize.plan import Plan
from workbench.sources.single_sim import simulate_on_board


def simulated_on_board(
    simulation: tuple[Deployed, Plan, Kept],
    triples: Iterable[tuple[Sample, Path, Path]],
    feeds_of: Callable[[Sample], Mapping[str, np.ndarray]],
    folder: Path,
) -> Steps[tuple[Path, ...]]:
    """The dumps in `folder`; those that are there are not computed again.

    `triples` are a sample, the simulator's dump, which stands for the plan, and the board's.
    """
    paths = []
    for sample, simulated, board in triples:
        path = folder / f"onboard-{pair_key(simulated, board)}.h5"
        if not path.is_file():
            info = {"input": str(sample.files[0]), "runtime": board.stem}
            yield from simulate_on_board(simulation, feeds_of(sample), board, path, info)
        paths.append(path)
    return tuple(paths)
