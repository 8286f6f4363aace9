"""Hybrid quantization: the toolkit's two steps, between which the user's layers are written into its cfg.

Source: rknn_facts §4.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.foundation.files import atomic_path
from workbench.foundation.steps import Steps
from workbench.quantize.configs.custom_layers import custom_layers, patched, refuse_unknown
from workbench.quantize.configs.read import read_plan
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import LOG, Outcome, ToolkitError, run
from workbench.sources.toolkit.recipe import HybridFirst, HybridSecond, Recipe

CFG, MODEL, DATA = ".quantization.cfg", ".model", ".data"
FIRST_LOG = "step1.log"


@dataclass(frozen=True)
class Mixed:
    """What both steps left; `layers` is what stands in the cfg's block, proposed or chosen, in its order."""

    outcome: Outcome
    cfg: Path
    layers: Mapping[str, str]


def mixed(
    toolkit: Toolkit, recipe: Recipe, layers: Mapping[str, str], folder: Path, proposal: bool = False
) -> Steps[Mixed]:
    """Both steps in `folder`, and the recipe's actions with the result. Where both name a layer, `layers` counts.

    `layers` maps outputs of layers of the toolkit's graph to float16 or int16; a name that it has not is refused.
    """
    files = yield from first_step(toolkit, recipe, folder, proposal)
    found = patch(files.cfg, layers)
    outcome = yield from run(toolkit, replace(recipe, actions=(files, *recipe.actions)), folder)
    return Mixed(outcome, files.cfg, found)


def first_step(toolkit: Toolkit, recipe: Recipe, folder: Path, proposal: bool = False) -> Steps[HybridSecond]:
    """The three files of step 1, ready for step 2."""
    yield from run(toolkit, replace(recipe, actions=(HybridFirst(proposal),)), folder)
    (folder / LOG).replace(folder / FIRST_LOG)
    cfg = next(iter(sorted(folder.glob(f"*{CFG}"))), None)
    if cfg is None:
        raise ToolkitError("The first step of hybrid quantization left no cfg.", f"See {folder / FIRST_LOG}.")
    stem = cfg.name.removesuffix(CFG)
    return HybridSecond(folder / f"{stem}{MODEL}", folder / f"{stem}{DATA}", cfg)


def patch(cfg: Path, layers: Mapping[str, str]) -> dict[str, str]:
    """Put layers into the block of a cfg, beside those that are there; gives all of them."""
    content = cfg.read_bytes()
    refuse_unknown(layers, read_plan(cfg).entries, cfg.name)
    found = {layer.name: layer.precision for layer in custom_layers(content)} | dict(layers)
    if layers:
        with atomic_path(cfg) as part:
            part.write_bytes(patched(content, found))
    return found
