"""The vendor's simulator: golden and simulated values of a network by the toolkit's `accuracy_analysis`.

The toolkit takes one row of inputs at a time; all rows share one build. Inputs and calibration come to it as arrays
after preprocessing, so `config` gets no mean and std: both sides are fed with the same values bit for bit.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.foundation.steps import Steps, without_logs
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.fed import Feeds, emptied, write_rows
from workbench.sources.toolkit.host import LOG, Outcome, run
from workbench.sources.toolkit.hybrid import CFG, FIRST_LOG, mixed
from workbench.sources.toolkit.recipe import DATASET, Analyse, Network, Recipe, write_dataset
from workbench.sources.toolkit.snapshot import Keeping, Places, write_dumps
from workbench.sources.toolkit.workplace import workplace

SNAPSHOT = "snapshot"
KEPT = (LOG, FIRST_LOG, f"*{CFG}")
TOOLKIT = "toolkit"
"""What the dumps call the toolkit's version."""


@dataclass(frozen=True)
class VendorRun:
    """What is built and with which settings; `custom` is the precision of single layers (hybrid quantization).

    `build` are other arguments of `build`. `is_last`: the network has its channels last; the toolkit takes arrays and
    writes its dumps with them first.
    """

    toolkit: Toolkit
    network: Network
    config: Mapping[str, Any]
    quantize: bool = True
    custom: Mapping[str, str] = field(default_factory=dict)
    keeping: Keeping = field(default_factory=Keeping)
    is_last: bool = False
    build: Mapping[str, Any] = field(default_factory=dict)


def analyse(
    what: VendorRun, inputs: Sequence[tuple[Feeds, Places]], calibration: Sequence[Feeds], folder: Path
) -> Steps[None]:
    """Write the dumps of every input. `folder` is emptied, and keeps the toolkit's logs and cfg.

    Closing kills the toolkit.
    """
    with emptied(folder, KEPT), workplace(folder) as work:
        rows = yield from write_rows([feeds for feeds, _ in inputs], work, "inputs", what.is_last)
        dataset = None
        if what.quantize or what.build.get("auto_hybrid"):
            known = yield from write_rows(calibration, work, "calibration", what.is_last)
            dataset = write_dataset(known, work / DATASET)
        actions = tuple(Analyse(row, work / f"{SNAPSHOT}-{number}") for number, row in enumerate(rows))
        recipe = Recipe(what.network, what.config, what.quantize, dataset, actions, what.build)
        # what is said of files in this folder is not told: they are gone at the end
        outcome = yield from without_logs(_performed(what, recipe, work), lambda line: str(work) in line)
        version = f"{outcome.versions.name} {outcome.versions.version}".strip()
        for snapshot, (_, places) in zip(outcome.snapshots, inputs, strict=True):
            named = replace(places, info={**places.info, TOOLKIT: version})
            yield from write_dumps(snapshot, named, what.keeping)
            shutil.rmtree(snapshot, ignore_errors=True)


def version_in(toolkit: Toolkit) -> str:
    """The toolkit's name and version by the name of its package's folder, "" where that is not found; runs nothing."""
    folder = toolkit.python.absolute().parent.parent
    found = sorted(folder.glob("lib/python*/site-packages/rknn_toolkit*.dist-info"))
    name, _, version = found[0].name.removesuffix(".dist-info").partition("-") if found else ("", "", "")
    return f"{name.replace('_', '-')} {version}".strip()


def _performed(what: VendorRun, recipe: Recipe, work: Path) -> Steps[Outcome]:
    """The build and all analyses; of hybrid quantization its first step before."""
    if not what.custom:
        return (yield from run(what.toolkit, recipe, work))
    found = yield from mixed(what.toolkit, recipe, what.custom, work)
    return found.outcome
