"""A recipe becomes calls of the toolkit's API."""

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.foundation.errors import SettingsError
from workbench.sources.toolkit.recipe import (
    Action,
    Analyse,
    Export,
    HybridFirst,
    HybridSecond,
    Network,
    Recipe,
    as_json,
    calls,
    write_dataset,
)

CONFIG = {"target_platform": "rk3588"}
FIRST, SECOND = Path("/n/first"), Path("/n/second")
LOADS = {
    "onnx": (Network("onnx", (FIRST,), ("a",), ((1, 3),), ("b",)), ["inputs", "input_size_list", "outputs", "model"]),
    "onnx, whole": (Network("onnx", (FIRST,)), ["model"]),
    "pytorch": (Network("pytorch", (FIRST,), ("a",), ((1, 3),)), ["input_size_list", "model"]),
    "tensorflow": (
        Network("tensorflow", (FIRST,), ("a",), ((1, 3),), ("b",)),
        ["inputs", "input_size_list", "outputs", "tf_pb"],
    ),
    "tflite": (Network("tflite", (FIRST,), ("a",), options={"input_is_nchw": True}), ["input_is_nchw", "model"]),
    "caffe": (Network("caffe", (FIRST, SECOND), ("a",)), ["blobs", "input_name", "model"]),
    "darknet": (Network("darknet", (FIRST, SECOND)), ["model", "weight"]),
}


def recipe(*actions: Action, network: Network | None = None, **options: Any) -> Recipe:
    options = {"dataset": Path("/d.txt"), **options}
    return Recipe(network or Network("onnx", (FIRST,)), CONFIG, actions=actions, **options)


def methods(made: Recipe) -> list[str]:
    return [call.method for call in calls(made)]


@pytest.mark.parametrize("name", LOADS)
def test_that_each_framework_is_loaded_with_the_arguments_it_takes(name: str) -> None:
    network, arguments = LOADS[name]

    call = calls(recipe(network=network))[1]

    assert call.method == f"load_{network.framework}"
    assert sorted(call.arguments) == sorted(arguments)


def test_that_a_conversion_is_followed_by_what_is_done_with_it() -> None:
    made = recipe(Analyse((FIRST,), Path("/s0")), Analyse((SECOND,), Path("/s1")), Export(Path("/m.rknn")))

    assert methods(made) == ["config", "load_onnx", "build", "accuracy_analysis", "accuracy_analysis", "export_rknn"]


def test_that_the_first_step_of_hybrid_quantization_takes_the_place_of_the_build() -> None:
    made = calls(recipe(HybridFirst(proposal=True, sub_graphs=(("a", "b"),))))

    assert [call.method for call in made] == ["config", "load_onnx", "hybrid_quantization_step1"]
    assert made[2].arguments == {"dataset": "/d.txt", "proposal": True, "custom_hybrid": [["a", "b"]]}


def test_that_the_second_step_needs_the_configuration_and_no_network() -> None:
    made = recipe(HybridSecond(FIRST, SECOND, Path("/c")), Export(Path("/m.rknn")), dataset=None)

    assert methods(made) == ["config", "hybrid_quantization_step2", "export_rknn"]


def test_that_a_float_build_names_no_dataset() -> None:
    assert calls(recipe(quantize=False, dataset=None))[2].arguments == {"do_quantization": False}


def test_that_the_request_is_json_with_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    request = json.loads(json.dumps(as_json(calls(recipe(network=Network("onnx", (Path("m.onnx"),)))))))

    assert request["calls"][1] == {
        "stage": "load",
        "method": "load_onnx",
        "arguments": {"model": str(tmp_path / "m.onnx")},
        "gives": False,
    }


def test_that_quantization_needs_a_dataset() -> None:
    with pytest.raises(SettingsError, match="nothing to calibrate with"):
        calls(recipe(dataset=None))


def test_that_an_unknown_framework_is_refused() -> None:
    with pytest.raises(SettingsError, match="no networks of 'mxnet'"):
        calls(recipe(network=Network("mxnet", (FIRST,))))


def test_that_a_dataset_has_a_row_a_line(tmp_path: Path) -> None:
    path = write_dataset(
        [[tmp_path / "a.npy", tmp_path / "b.npy"], [tmp_path / "c.npy"]], tmp_path / "d" / "dataset.txt"
    )

    assert path.read_text() == f"{tmp_path}/a.npy {tmp_path}/b.npy\n{tmp_path}/c.npy\n"


def test_that_a_file_that_the_toolkit_would_cut_in_two_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"my pictures/a.npy"):
        write_dataset([[tmp_path / "my pictures" / "a.npy"]], tmp_path / "dataset.txt")
