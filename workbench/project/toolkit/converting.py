"""From a session to the .rknn of its network, by the vendor's toolkit.

Preprocessing becomes part of the .rknn: mean and std go into the toolkit's `config`, and it is fed with arrays that
are not normalised yet, in the network's channel order and layout.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from workbench.foundation.errors import SettingsError
from workbench.foundation.files import atomic_path
from workbench.foundation.steps import Steps
from workbench.graph.graph import Tensor
from workbench.graph.read import read_model
from workbench.preprocess.dataset import feeds
from workbench.preprocess.preprocess import Preprocess, channels, guess
from workbench.project.session import Session
from workbench.sources.toolkit.configured import config_of, custom_layers, network_of, quantizes_itself
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.fed import emptied, write_rows
from workbench.sources.toolkit.host import LOG, Outcome, run
from workbench.sources.toolkit.hybrid import CFG, FIRST_LOG, mixed
from workbench.sources.toolkit.options import BUILD, CONFIG, arguments, check_together
from workbench.sources.toolkit.recipe import DATASET, Analyse, Export, Recipe, write_dataset
from workbench.sources.toolkit.workplace import workplace

FOLDER, RESULT, SNAPSHOT = "toolkit", "result.rknn", "snapshot"
LOGS = (LOG, FIRST_LOG)


@dataclass(frozen=True)
class Wish:
    """What becomes of a network: outputs of layers with another precision, and what is done with the result.

    `proposal`: the toolkit proposes such layers, too. `snapshots` takes an analysis of each sample, `out` the .rknn.
    With a `target` (a chip) the analysis is also that of the board which adb knows as `device`.
    """

    layers: Mapping[str, str] = field(default_factory=dict)
    proposal: bool = False
    snapshots: Path | None = None
    out: Path | None = None
    target: str = ""
    device: str = ""


@dataclass(frozen=True)
class Made:
    """What a conversion left; `layers` is what has another precision, `cfg` says so where any was wanted."""

    outcome: Outcome
    snapshots: tuple[Path, ...] = ()
    cfg: Path | None = None
    layers: Mapping[str, str] = field(default_factory=dict)


def convert(session: Session, folder: Path, toolkit: Toolkit, out: Path | None = None) -> Steps[Path]:
    """Write the .rknn of a session, its layers with another precision among it; into `folder` unless `out` is given.

    What the toolkit printed stays in `folder`. Closing kills the toolkit; no part of a file is left then.
    """
    path = out or folder / f"{session.model.stem}.rknn"
    wish = Wish(custom_layers(session.quant), out=path)
    yield from make(session, folder / FOLDER / "convert", toolkit, wish)
    return path


def make(session: Session, folder: Path, toolkit: Toolkit, wish: Wish) -> Steps[Made]:
    """Convert and do as wished. `folder` is emptied, and keeps the logs and, of mixed precision, the cfg."""
    model = read_model(session.model, session.shapes, weights=session.weights)
    inputs, is_quantized = model.graph.inputs, session.quant.type.is_quantized and not quantizes_itself(model)
    _check(session, wish, is_quantized)
    raw = unnormalised(session, inputs)
    is_last = model.is_channels_last
    fed = partial(partial, feeds, inputs=inputs, settings=raw)
    with emptied(folder, (*LOGS, f"*{CFG}")), workplace(folder) as work:
        dataset = None
        options, build = (arguments(session.toolkit_options, call) for call in (CONFIG, BUILD))
        if is_quantized or build.get("auto_hybrid"):
            samples = session.dataset or session.samples
            rows = yield from write_rows([fed(sample) for sample in samples], work, "calibration", is_last)
            dataset = write_dataset(rows, work / DATASET)
        actions: list[Analyse | Export] = []
        if wish.snapshots is not None:
            rows = yield from write_rows([fed(sample) for sample in session.samples], work, "inputs", is_last)
            actions += [
                Analyse(row, work / f"{SNAPSHOT}-{at}", wish.target, wish.device) for at, row in enumerate(rows)
            ]
        if wish.out is not None:
            actions.append(Export(work / RESULT))
        config = {**config_of(session.quant), **normalisation(inputs, session.preprocess), **options}
        recipe = Recipe(network_of(model), config, is_quantized, dataset, tuple(actions), build=build)
        made = yield from _made(toolkit, recipe, wish, work)
        return _kept(made, wish, work, folder)


def normalisation(inputs: Sequence[Tensor], settings: Mapping[str, Preprocess]) -> dict[str, Any]:
    """`mean_values` and `std_values` for `config`, a list an input; {} where nothing is normalised.

    ((x * scale) - mean) / std is (x - mean / scale) / (std / scale).
    """
    chosen = [settings.get(item.name) or guess(item) for item in inputs]
    if all(one.scale == 1 and not any(one.mean) and all(std == 1 for std in one.std) for one in chosen):
        return {}
    counts = [channels(item, one) for item, one in zip(inputs, chosen, strict=True)]
    pairs = list(zip(chosen, counts, strict=True))
    return {
        "mean_values": [_spread(one.mean, one.scale, count) for one, count in pairs],
        "std_values": [_spread(one.std, one.scale, count) for one, count in pairs],
    }


def _made(toolkit: Toolkit, recipe: Recipe, wish: Wish, work: Path) -> Steps[Made]:
    if not wish.layers and not wish.proposal:
        outcome = yield from run(toolkit, recipe, work)
        return Made(outcome, outcome.snapshots)
    found = yield from mixed(toolkit, recipe, wish.layers, work, wish.proposal)
    return Made(found.outcome, found.outcome.snapshots, found.cfg, found.layers)


def _kept(made: Made, wish: Wish, work: Path, folder: Path) -> Made:
    """Bring what was wished to where it belongs."""
    if wish.out is not None:
        with atomic_path(wish.out) as part:
            shutil.copyfile(work / RESULT, part)
    snapshots = []
    for path in made.snapshots:
        assert wish.snapshots is not None
        snapshots.append(wish.snapshots / path.name)
        shutil.rmtree(snapshots[-1], ignore_errors=True)
        wish.snapshots.mkdir(parents=True, exist_ok=True)
        for text in path.glob("*/*.txt"):  # the arrays once more, as text
            text.unlink()
        shutil.move(path, snapshots[-1])
    cfg = None if made.cfg is None else folder / made.cfg.name
    return replace(
        made, outcome=replace(made.outcome, log=folder / LOG, rknn=wish.out), snapshots=tuple(snapshots), cfg=cfg
    )


def unnormalised(session: Session, inputs: Sequence[Tensor]) -> dict[str, Preprocess]:
    """The preprocessing of each input without what becomes part of the .rknn."""
    chosen = {item.name: session.preprocess.get(item.name) or guess(item) for item in inputs}
    return {name: replace(one, mean=(0.0,), std=(1.0,), scale=1.0) for name, one in chosen.items()}


def _spread(values: Sequence[float], scale: float, count: int) -> list[float]:
    scaled = [value if scale == 1 else value / scale for value in values]
    return scaled * count if len(scaled) == 1 else scaled


def _check(session: Session, wish: Wish, is_quantized: bool) -> None:
    if session.plan is not None:
        raise SettingsError(
            "The toolkit makes its plan itself and takes none from a file.",
            "Remove the plan; layers that it keeps precise can be chosen in the settings (--float-tensors).",
        )
    if (wish.layers or wish.proposal) and not is_quantized:
        raise SettingsError(
            "Single layers can have another precision only where the toolkit quantizes the network.",
            "Choose w8a8, or a network without a quantization of its own; or keep all layers alike.",
        )
    needs_inputs = is_quantized or session.toolkit_options.get("auto_hybrid")
    if needs_inputs and not (session.dataset or session.samples):
        raise SettingsError(
            "There is nothing to calibrate with.",
            "Choose a dataset of typical inputs (on the command line: --dataset).",
        )
    if wish.snapshots is not None and not session.samples:
        raise SettingsError("There is no input to analyse.", "Choose pictures or arrays (on the command line: -i).")
    is_mixed = bool(wish.layers) or wish.proposal
    check_together(session.toolkit_options, session.quant, is_mixed=is_mixed, is_quantized=is_quantized)
