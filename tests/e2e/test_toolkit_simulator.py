"""`analyze --simulator toolkit` with the real toolkit: its digits, its values, its refusals."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from tests import cases, foreign
from tests.benchmarks.bench_vendor_table import ENTIRE, every_case, is_printed, pairs
from tests.networks import mobilenet
from workbench.__main__ import main
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.graph.read import read_inputs
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.results import Results, load_results
from workbench.project.session import Session, load_session
from workbench.quantize.schemes import QuantSettings

pytestmark = pytest.mark.toolkit
SHARED = ("mnist", "tinycnn_cifar10/model", "fsanet_1x1")


@pytest.fixture(autouse=True)
def _toolkit(toolkit_python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", str(toolkit_python))


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, random = tmp_path_factory.mktemp("arrays"), np.random.default_rng(1)
    paths = [folder / f"{number}.npy" for number in range(3)]
    for path in paths:
        np.save(path, random.normal(size=(1, 3, 112, 112)).astype(np.float32))
    return paths


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, arrays: list[Path], toolkit_python: Path) -> Path:
    """A network like MobileNetV2 with BatchNormalization, two inputs, run through the command line."""
    root = tmp_path_factory.mktemp("mobilenet")
    network = mobilenet(root / "network.onnx", norms=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RKNN_TOOLKIT_PYTHON", str(toolkit_python))
        patch.setenv("RKNN_WORKBENCH_SETTINGS", str(root / "settings"))
        files = [str(path) for path in arrays[:2]]
        assert main(["analyze", str(network), "-i", *files, "--simulator", "toolkit", "-o", str(root / "s"), "-q"]) == 0
    return root / "s"


def shares(results: Results) -> tuple[int, int]:
    """How many printed rows of all inputs there are, and how many are equal to what the dumps give."""
    found = [
        is_printed(row.errors.get(ENTIRE), sample, printed)
        for sample, path in enumerate(results.dumps["simulator"])
        for row, printed in pairs(results, path)
    ]
    return len(found), sum(found)


def test_that_the_table_has_the_printed_digits(folder: Path) -> None:
    results = load_results(folder)
    assert results is not None
    printed, equal = shares(results)
    assert printed >= 50
    assert equal >= 0.99 * printed


def test_that_every_row_has_a_single_error_and_a_layer(folder: Path) -> None:
    results = load_results(folder)
    assert results is not None
    assert [row.tensor for row in results.rows if "simulator.single" not in row.errors] == []
    assert [row.tensor for row in results.rows if not results.layers_of[row.tensor]] == ["input_int8"]


def test_that_vendor_and_embedded_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", f"{folder}:embedded", f"{folder}:toolkit", "--json", "-q"]) == 0
    layers = json.loads(capsys.readouterr().out)["layers"]
    same = [item for item in layers if item["simulator"]["entire"]["max_abs"] == 0]
    assert len(layers) >= 25
    assert len(same) >= 0.5 * len(layers)  # values next to a tie fall to the other side: the golden network is folded


def test_that_stored_values_are_on_the_plans_grid(folder: Path) -> None:
    results = load_results(folder)
    assert results is not None
    with Dump(results.dumps["simulator"][0]) as dump:
        integers = [name for name in dump.names if dump.encoding(name) is not None]
    assert len(integers) >= 20


def test_that_a_second_run_does_not_need_the_toolkit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_results(folder)
    monkeypatch.setattr("workbench.sources.toolkit.simulator.run", None)
    assert before is not None
    assert drain(analyze(load_session(folder), folder)).rows == before.rows


@pytest.mark.parametrize("quant", [QuantSettings("fp16"), QuantSettings("w16a16i_dfp")], ids=lambda item: item.dtype)
def test_that_other_types_have_the_printed_digits(quant: QuantSettings, tmp_path: Path, arrays: list[Path]) -> None:
    printed, equal = shares(run(mobilenet(tmp_path / "network.onnx"), [(arrays[0],)], tmp_path / "s", quant))
    assert printed >= 25
    assert equal >= 0.99 * printed


def test_that_layers_in_float16_are_simulated_so(folder: Path, tmp_path: Path, arrays: list[Path]) -> None:
    whole = load_results(folder)
    assert whole is not None
    layer = next(row.tensor for row in whole.rows if row.op == "Clip")
    quant = QuantSettings(float_tensors=(layer,))
    results = run(mobilenet(tmp_path / "network.onnx", norms=True), [(arrays[0],)], tmp_path / "s", quant)

    assert any(row.tensor.endswith("__float16") for row in results.rows)
    printed, equal = shares(results)
    assert equal >= 0.99 * printed


def test_that_a_network_of_two_inputs_takes_rows_of_two_files(tmp_path: Path) -> None:
    model, rows = two_inputs(tmp_path)
    results = run(model, rows, tmp_path / "s", QuantSettings())

    assert {"y"} <= {row.tensor for row in results.rows}
    assert results.rows[0].errors[ENTIRE].samples == 2
    printed, equal = shares(results)
    assert equal == printed


@pytest.mark.parametrize("name", SHARED)
def test_that_networks_of_the_test_material_have_the_printed_digits(name: str, shared: Path, tmp_path: Path) -> None:
    case = next(case for case in cases.cases(shared) if case.name == name)
    session = replace(cases.session(shared, case, tmp_path, 2), simulator="toolkit")
    printed, equal = shares(drain(analyze(session, tmp_path / "s")))
    assert printed
    assert equal >= 0.99 * printed


@pytest.mark.parametrize("framework", ["caffe", "darknet", "torchscript"])
def test_that_networks_of_other_frameworks_have_their_table(
    framework: str, toolkit_python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = foreign_network(framework, tmp_path, toolkit_python)
    rows = arrays_for(model, tmp_path)
    words = [
        "analyze",
        str(model),
        "-i",
        *map(str, rows),
        "--simulator",
        "toolkit",
        "-o",
        str(tmp_path / "s"),
        "--json",
    ]
    shape = [] if framework != "torchscript" else ["--shape", f"{read_inputs(model)[0].name}:1,3,8,8"]

    assert main([*words, *shape, "-q"]) == 0
    layers = json.loads(capsys.readouterr().out)["layers"]
    results = load_results(tmp_path / "s")
    assert results is not None
    printed, equal = shares(results)
    assert len(layers) >= 8
    assert equal == printed
    assert sum(bool(results.layers_of[row.tensor]) for row in results.rows) >= 4


@pytest.mark.parametrize("name", ["pretrainedResnet_cifar10_float", "vww_96_float"])
def test_that_networks_of_tensorflow_lite_have_the_printed_digits(
    name: str, shared: Path, toolkit_python: Path, tmp_path: Path
) -> None:
    if not any((toolkit_python.parent.parent / "lib").glob("python*/site-packages/tensorflow")):
        pytest.skip("the toolkit's interpreter has no TensorFlow")
    case = next(case for case in every_case(shared) if case.name == f"tflite/{name}.tflite")
    session = replace(cases.session(shared, case, tmp_path, 2), simulator="toolkit")
    results = drain(analyze(session, tmp_path / "s"))
    printed, equal = shares(results)
    assert printed >= 15
    assert equal >= 0.99 * printed
    assert {len(row.shape) for row in results.rows} <= {2, 4}


def test_that_what_the_toolkit_refuses_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["r"]), helper.make_node("NonZero", ["r"], ["y"])],
        "odd",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 4))],
        [helper.make_tensor_value_info("y", TensorProto.INT64, (2, "n"))],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "n.onnx")
    np.save(tmp_path / "x.npy", np.ones((1, 4), np.float32))
    words = ["analyze", str(tmp_path / "n.onnx"), "-i", str(tmp_path / "x.npy"), "--simulator", "toolkit"]

    assert main([*words, "-o", str(tmp_path / "s"), "-q"]) == 2
    assert "toolkit" in capsys.readouterr().err


def run(model: Path, rows: list[tuple[Path, ...]], folder: Path, quant: QuantSettings) -> Results:
    samples = tuple(Sample(row) for row in rows)
    session = Session(model, samples=samples, dataset=samples, quant=quant, simulator="toolkit")
    return drain(analyze(session, folder))


def foreign_network(framework: str, folder: Path, python: Path) -> Path:
    match framework:
        case "caffe":
            return foreign.caffe(folder)[0]
        case "torchscript":
            return foreign.torchscript(folder, python)
    path = foreign.darknet(folder)
    path.write_text(path.read_text().replace("size=1\nstride=1\n", "size=1\nstride=1\npad=0\n"))  # it wants a pad
    return path


def arrays_for(model: Path, folder: Path) -> list[Path]:
    shape = read_inputs(model)[0].static_shape or (1, 3, 8, 8)
    random = np.random.default_rng(3)
    paths = [folder / f"feed{number}.npy" for number in range(2)]
    for path in paths:
        np.save(path, random.normal(size=shape).astype(np.float32))
    return paths


def two_inputs(folder: Path) -> tuple[Path, list[tuple[Path, ...]]]:
    random = np.random.default_rng(2)
    weight = random.normal(size=(8, 3, 3, 3)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["a", "w"], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("Add", ["r", "b"], ["y"]),
    ]
    shapes = {"a": (1, 3, 16, 16), "b": (1, 8, 16, 16)}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, shapes["b"])]
    constants = [onnx.numpy_helper.from_array(weight, "w")]
    graph = helper.make_graph(nodes, "two", inputs, outputs, constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "two.onnx")
    rows = []
    for number in range(2):
        files = tuple(folder / f"{name}{number}.npy" for name in shapes)
        for file, shape in zip(files, shapes.values(), strict=True):
            np.save(file, random.normal(size=shape).astype(np.float32))
        rows.append(files)
    return folder / "two.onnx", rows
