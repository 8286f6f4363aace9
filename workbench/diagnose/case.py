"""What the rules look at: a session's network, settings, table and dumps, and what can be tried with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from workbench.compare.compare import ENTIRE, RUNTIME, LayerError
from workbench.diagnose.changes import Change
from workbench.diagnose.flow import Ways, followers, inverse
from workbench.diagnose.gate import Hurt, hurt
from workbench.dump.store import Dump
from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.graph.graph import Model
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.constants import constants_of
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ConstantsOf
from workbench.quantize.schemes import QuantSettings


@dataclass(frozen=True)
class Trial:
    """What a change brought: the table of the samples that were tried, and the dumps it was made of.

    Only the rows of the network's outputs have numbers.
    """

    rows: tuple[LayerError, ...]
    outputs: Mapping[str, Mapping[str, float]]
    dumps: Mapping[str, tuple[Path, ...]]
    plan: Plan | None = None


class Trials(Protocol):
    """Runs what would be, without touching what is; what was tried once is not computed again."""

    @property
    def folder(self) -> Path:
        """Where networks that are written for a trial may stand."""

    def run(self, change: Change, samples: Sequence[int] = (0,), is_whole: bool = False) -> Steps[Trial]:
        """The embedded simulator on the session with a change, for some of its samples.

        Only the outputs are measured and dumped; with `is_whole` every tensor is dumped.
        """


@dataclass(frozen=True)
class Case:
    """A session that has been run.

    `dumps` are those of `Results.dumps`, open. `own_golden` tells whether the golden values are the reference's, and
    not imported. Where a fix wrote the network, `reference` and `tail` are the session's. `graph` and `plan` are None
    where nothing is simulated. `versions` are those of tools, by their name.
    `constants_of` quantises the constants of a layer, or knows them from before.
    """

    model: Model
    rows: tuple[LayerError, ...]
    layers_of: Mapping[str, tuple[str, ...]]
    outputs: tuple[str, ...]
    quant: QuantSettings
    preprocess: Mapping[str, Preprocess]
    samples: tuple[Sample, ...]
    dataset: tuple[Sample, ...]
    dumps: Mapping[str, tuple[Dump, ...]]
    feeds_of: Callable[[Sample], Mapping[str, np.ndarray]]
    trials: Trials
    graph: Deployed | None = None
    plan: Plan | None = None
    own_golden: bool = True
    reference: Path | None = None
    tail: Path | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    constants_of: ConstantsOf = constants_of

    @cached_property
    def by_tensor(self) -> Mapping[str, LayerError]:
        """The rows by their tensor."""
        return {row.tensor: row for row in self.rows}

    @cached_property
    def output_rows(self) -> tuple[LayerError, ...]:
        """The rows of the network's outputs."""
        wanted = set(self.outputs)
        return tuple(row for row in self.rows if row.golden in wanted or row.tensor in wanted)

    @property
    def has_golden_outputs(self) -> bool:
        """Whether an output has golden values: without, no one sees whether what is wrong before it does harm."""
        return any(column in row.errors for row in self.output_rows for column in (ENTIRE, RUNTIME))

    @cached_property
    def followers(self) -> Ways:
        """The rows that take each row's tensor, and each input's; empty where nothing is known of what is computed."""
        return {} if self.graph is None else followers(self.by_tensor, self.graph)

    @cached_property
    def takes(self) -> Ways:
        """The rows and inputs that each row is computed from; empty where nothing is known of what is computed."""
        return inverse(self.followers)

    @cached_property
    def hurt(self) -> tuple[Hurt, ...]:
        """The outputs that the simulator spoils; none on a healthy run: then nothing is called a cause.

        Where `has_golden_outputs` is false these are the last rows with golden values, and no cause can be seen either.
        """
        return hurt(self, ENTIRE)

    @cached_property
    def hurt_on_board(self) -> tuple[Hurt, ...]:
        """The outputs that are spoilt on the board, whoever is to blame."""
        return hurt(self, RUNTIME)

    def golden(self, row: LayerError, sample: int = 0) -> np.ndarray | None:
        """A row's golden values as float32, in the network's layout; None where there are none."""
        return self._values(row.golden_source, (row.golden,), sample)

    def simulated(self, row: LayerError, sample: int = 0) -> np.ndarray | None:
        """What the simulator computed for a row, its layers feeding each other."""
        return self._values("simulator", (row.tensor, row.golden), sample)

    def single(self, row: LayerError, sample: int = 0) -> np.ndarray | None:
        """What the simulator computed for a row on golden inputs."""
        return self._values("simulator_single", (row.tensor, row.golden), sample)

    def runtime(self, row: LayerError, sample: int = 0) -> np.ndarray | None:
        """What the board computed for a row."""
        return self._values("runtime", (row.runtime, row.tensor, row.golden), sample)

    def on_board(self, row: LayerError, sample: int = 0) -> np.ndarray | None:
        """What the simulator computed for a row on the board's own inputs of it."""
        return self._values("simulator_on_board", (row.tensor, row.golden), sample)

    def error(self, row: LayerError, column: str, metric: str = "cos") -> float | None:
        """The mean over samples; None where it was not measured."""
        errors = row.errors.get(column)
        return None if errors is None else errors.mean.get(metric)

    def _values(self, source: str, names: Sequence[str], sample: int) -> np.ndarray | None:
        dumps = self.dumps.get(source, ())
        if sample >= len(dumps):
            return None
        name = next((name for name in names if name and name in dumps[sample]), None)
        return None if name is None else dumps[sample][name]
