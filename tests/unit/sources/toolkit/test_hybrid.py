"""Both steps of hybrid quantization, and the cfg between them."""

from pathlib import Path

import numpy as np
import pytest

from tests.made_toolkit import Calls, Made
from tests.unit.networks import node, random, write_network
from workbench.foundation.errors import PlanError
from workbench.foundation.steps import drain
from workbench.sources.toolkit.host import ToolkitError
from workbench.sources.toolkit.hybrid import mixed, patch
from workbench.sources.toolkit.recipe import Analyse, Export, Network, Recipe


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    np.save(tmp_path / "x.npy", random(1, 4))
    network = write_network(tmp_path / "m.onnx", [node("Relu", ["x"], ["y"])], shape=(1, 4))
    actions = (Analyse((tmp_path / "x.npy",), tmp_path / "snapshot"), Export(tmp_path / "m.rknn"))
    config = {"target_platform": "rk3588"}
    return Recipe(Network("onnx", (network,)), config, True, tmp_path / "dataset.txt", actions)


def test_that_the_layers_stand_in_the_cfg_that_step_2_reads(
    toolkit_that: Made, calls: Calls, recipe: Recipe, tmp_path: Path
) -> None:
    made = drain(mixed(toolkit_that(), recipe, {"a": "int16"}, tmp_path))

    assert made.layers == {"b": "float16", "a": "int16"}  # the first is the toolkit's own proposal
    assert '    "b": float16\n    "a": int16\nquantize_parameters:' in made.outcome.log.read_text()
    assert [name for name, _ in calls()] == [
        "config", "load_onnx", "hybrid_quantization_step1",
        "config", "hybrid_quantization_step2", "accuracy_analysis", "export_rknn",
    ]  # fmt: skip


def test_that_the_users_precision_counts_where_both_name_a_layer(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    assert drain(mixed(toolkit_that(), recipe, {"b": "int16"}, tmp_path)).layers == {"b": "int16"}


def test_that_a_proposal_without_layers_of_ones_own_stays_as_it_is_written(
    toolkit_that: Made, recipe: Recipe, tmp_path: Path
) -> None:
    made = drain(mixed(toolkit_that(), recipe, {}, tmp_path, proposal=True))

    assert made.layers == {"b": "float16"}
    assert made.cfg.read_text().startswith("custom_quantize_layers:\n    b: float16\n")


def test_that_an_unknown_layer_is_refused_before_step_2(
    toolkit_that: Made, calls: Calls, recipe: Recipe, tmp_path: Path
) -> None:
    with pytest.raises(PlanError, match=r"m\.quantization\.cfg has no c\."):
        drain(mixed(toolkit_that(), recipe, {"a": "float16", "c": "float16"}, tmp_path))

    assert calls()[-1][0] == "hybrid_quantization_step1"


def test_that_a_first_step_without_a_cfg_is_an_error(toolkit_that: Made, recipe: Recipe, tmp_path: Path) -> None:
    head = "import atexit; sys.stderr.flush()\n_open = open\n"
    silent = head + "def open(name, mode='r'): return _open(os.devnull if str(name).startswith('m.') else name, mode)"

    with pytest.raises(ToolkitError, match="left no cfg"):
        drain(mixed(toolkit_that(head=silent), recipe, {"a": "float16"}, tmp_path))


def test_that_patching_keeps_the_files_line_ends(tmp_path: Path) -> None:
    cfg = tmp_path / "m.quantization.cfg"
    rest = b"quantize_parameters:\r\n    a:\r\n        dtype: float32\r\n        min: []\r\n        max: []\r\n"
    cfg.write_bytes(b"custom_quantize_layers: {}\r\n" + rest)

    patch(cfg, {"a": "float16"})

    assert cfg.read_bytes() == b'custom_quantize_layers:\r\n    "a": float16\r\n' + rest
