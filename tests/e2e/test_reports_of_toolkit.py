"""What the real toolkit writes, read: its report, its own graph and its cfg."""

from pathlib import Path

import numpy as np
import pytest

from tests.networks import mobilenet
from workbench.dump.formats import open_dumps
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.project.reported.reported import report_session
from workbench.quantize.configs.read import read_plan
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import run
from workbench.sources.toolkit.logs import read_log
from workbench.sources.toolkit.recipe import Analyse, HybridFirst, Network, Recipe, write_dataset
from workbench.sources.toolkit.report import read_report_file

pytestmark = pytest.mark.toolkit
CONFIG = {"target_platform": "rk3588", "quantized_dtype": "w8a8"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, toolkit_python: Path) -> Path:
    """A folder with a network and all that the toolkit writes about it."""
    folder = tmp_path_factory.mktemp("toolkit")
    model = mobilenet(folder / "net.onnx", size=32)
    np.save(folder / "x.npy", np.random.default_rng(1).random((1, 3, 32, 32), np.float32))
    dataset = write_dataset([[folder / "x.npy"]], folder / "dataset.txt")
    toolkit = Toolkit("test", toolkit_python, {})
    for action in (Analyse((folder / "x.npy",), folder / "snapshot"), HybridFirst()):
        recipe = Recipe(Network("onnx", (model,)), CONFIG, quantize=True, dataset=dataset, actions=(action,))
        drain(run(toolkit, recipe, folder))
    return folder


def test_that_the_report_has_a_row_for_every_tensor_of_the_toolkits_graph(written: Path) -> None:
    report, graph = read_report_file(written / "snapshot"), read_model(written / "net.model").graph

    given = {*graph.producers, *(tensor.name for tensor in graph.inputs)}
    assert report.form == "pairs5"
    assert {row.tensor for row in report.rows} == given


def test_that_the_report_says_what_the_dumps_say(written: Path) -> None:
    report = read_report_file(written / "snapshot")

    with open_dumps(written / "snapshot", "golden") as golden, open_dumps(written / "snapshot", "simulator") as other:
        for row in report.rows:
            if row.values:
                euc = float(np.linalg.norm(golden[row.tensor].ravel() - other[row.tensor].ravel()))
                assert row.values["simulator.entire"]["euc"] == pytest.approx(euc, abs=2e-5, rel=1e-5)


def test_that_every_row_finds_its_layers_in_the_users_network(written: Path, tmp_path: Path) -> None:
    results = drain(report_session(written / "snapshot", written / "net.onnx", tmp_path / "session"))

    assert results.unmatched == {}
    assert all(row.golden for row in results.rows)
    assert all(results.layers_of[row.tensor] for row in results.rows if row.op not in ("Input", "exDataConvert"))


def test_that_the_cfg_has_the_names_of_the_toolkits_graph(written: Path) -> None:
    plan, graph = read_plan(written / "net.quantization.cfg"), read_model(written / "net.model").graph

    assert plan.kind == "toolkit2"
    assert set(plan.entries) == {*graph.producers, *(tensor.name for tensor in graph.inputs)}


def test_that_the_log_tells_the_version(written: Path) -> None:
    assert read_log((written / "toolkit.log").read_text()).version == "2.5.0"
