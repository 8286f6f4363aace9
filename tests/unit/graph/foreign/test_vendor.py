"""The toolkit's own graph as a network, and where its names lie in the user's."""

from pathlib import Path

import onnx
import pytest
from onnx import helper

from tests.unit.networks import conv_net, declared, deployed, network, node, random
from workbench.foundation.errors import ModelError
from workbench.foundation.steps import drain
from workbench.graph.converts import with_converts
from workbench.graph.fusion import deploy
from workbench.graph.graph import Model
from workbench.graph.read import read_inputs, read_model
from workbench.graph.vendor_names import Home, homes

NODES = (
    node("exDataConvert", ["x"], ["x_int8"], "x__cvt_float32_to_int8", i_dtype="float32", o_dtype="int8"),
    node("Conv", ["x_int8", "w"], ["c"], "Conv_0", kernel_shape=[1, 1]),
    node("exSwish", ["c"], ["y"], "Conv_0_2swish"),
)


def vendor_file(path: Path, nodes: tuple[onnx.NodeProto, ...] = NODES) -> Path:
    """As the toolkit writes it: constants are inputs too, shapes of tensors are told, nodes in any order."""
    weight = onnx.numpy_helper.from_array(random(4, 3, 1, 1), "w")
    told = [declared(name, (1, 4, 6, 6)) for name in ("c",)]
    inputs = [declared("w", (4, 3, 1, 1)), declared("x", (1, 3, 6, 6))]
    graph = helper.make_graph(list(nodes), "rk", inputs, [declared("y", (1, 4, 6, 6))], [weight], value_info=told)
    onnx.save(helper.make_model(graph, producer_name="rk", opset_imports=[helper.make_opsetid("", 19)]), path)
    return path


def test_that_the_toolkits_graph_opens_as_a_network(tmp_path: Path) -> None:
    model = read_model(vendor_file(tmp_path / "net.model"))

    assert [(layer.op, layer.inputs, layer.outputs) for layer in model.graph.layers] == [
        ("exDataConvert", ("x",), ("x_int8",)),
        ("Conv", ("x_int8",), ("c",)),
        ("exSwish", ("c",), ("y",)),
    ]
    assert not model.is_onnx
    assert model.graph.layers[0].attributes["o_dtype"] == "int8"


def test_that_the_toolkits_graph_tells_its_shapes(tmp_path: Path) -> None:
    model = read_model(vendor_file(tmp_path / "net.model"))

    assert model.graph.tensors["c"].shape == (1, 4, 6, 6)
    assert [tensor.name for tensor in read_inputs(tmp_path / "net.model")] == ["x"]


def test_that_nodes_in_another_order_are_sorted(tmp_path: Path) -> None:
    model = read_model(vendor_file(tmp_path / "net.model", NODES[::-1]))

    assert [layer.op for layer in model.graph.layers] == ["exDataConvert", "Conv", "exSwish"]


@pytest.mark.parametrize("content", [b"", b"\x80\x04\x95pickled", b"no network"])
def test_that_another_file_with_its_ending_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.model"
    path.write_bytes(content)

    with pytest.raises(ModelError, match=r"net\.model"):
        read_model(path)


def user_network(folder: Path) -> Model:
    nodes = [
        node("Conv", ["x", "w"], ["/a/Conv_output_0"], "/a/Conv"),
        node("Relu", ["/a/Conv_output_0"], ["/a/Relu_output_0"], "/a/Relu"),
        node("Flatten", ["/a/Relu_output_0"], ["flat"], "/f/Flatten"),
        node("Gemm", ["flat", "v"], ["y"], "/g/Gemm"),
    ]
    return network(folder, nodes, {"w": random(4, 3, 1, 1), "v": random(144, 2)})


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("x", Home("x", (), "name")),
        ("/a/Relu_output_0", Home("/a/Relu_output_0", ("/a/Relu",), "name")),
        ("_a_Relu_output_0", Home("/a/Relu_output_0", ("/a/Relu",), "sanitised")),
        ("x_int8", Home("x", (), "suffix")),
        ("/a/Relu_output_0-rs", Home("/a/Relu_output_0", ("/a/Relu",), "suffix")),
        ("/a/Relu_output_0__float16", Home("/a/Relu_output_0", ("/a/Relu",), "suffix")),
        ("/a/Relu_output_0-rs_tp4_sw", Home("/a/Relu_output_0", ("/a/Relu",), "suffix")),
        ("y_mm", Home("y", ("/g/Gemm",), "suffix")),
        ("/g/Gemm_2conv_reshape1_output", Home("y", ("/g/Gemm",), "suffix")),
        ("/g/Gemm#2", Home("", ("/g/Gemm",), "suffix")),
        ("y_before_conv", Home("", ("/g/Gemm",), "suffix")),
        ("Conv_/a/Conv_11", Home("/a/Conv_output_0", ("/a/Conv",), "operator")),
        ("Conv__a_Conv_57", Home("/a/Conv_output_0", ("/a/Conv",), "operator")),
        ("relu_at_flat_2_2", Home("flat", ("/f/Flatten",), "operator")),
    ],
)
def test_that_a_name_of_the_toolkit_leads_to_the_users_layer(tmp_path: Path, name: str, home: Home) -> None:
    assert homes([name], user_network(tmp_path).graph) == {name: home}


@pytest.mark.parametrize("name", ["", "z", "y_other", "/a/Conv_output_01", "yy_int8", "#2", "_int8"])
def test_that_a_name_is_never_guessed(tmp_path: Path, name: str) -> None:
    assert homes([name], user_network(tmp_path).graph) == {}


def test_that_the_deployed_graph_tells_which_layers_a_fused_tensor_stands_for(tmp_path: Path) -> None:
    model = read_model(conv_net(tmp_path))
    graph = with_converts(drain(deploy(model)), "int8")
    names = [name for layer in graph.layers for name in layer.outputs]

    found = homes(names, model.graph, graph)

    assert set(found) == set(names)
    assert {layer for home in found.values() for layer in home.layers} == {layer.name for layer in model.graph.layers}


def test_that_names_of_the_deployed_graph_come_before_equal_ones_of_the_network(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["c"], "conv"), node("Relu", ["c"], ["y"], "relu")]
    graph = deployed(tmp_path, nodes, {"w": random(4, 3, 1, 1)})

    assert homes(["y"], graph.model.graph, graph)["y"].golden == "y"


@pytest.mark.parametrize("name", ["fusionmodel_288_384", "fusionmodel_480_640"])
def test_that_a_real_graph_of_the_toolkit_is_read_and_its_names_are_found(shared: Path, name: str) -> None:
    folder = shared / "artifacts" / "seafusion_rk3588_hybrid"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}")
    vendor, user = read_model(folder / f"{name}.model"), read_model(folder / "fusionmodel_480_640.onnx")

    names = [tensor for layer in vendor.graph.layers for tensor in layer.outputs]
    found = homes(names, user.graph)

    assert (len(vendor.graph.layers), sum(layer.op == "exDataConvert" for layer in vendor.graph.layers)) == (77, 3)
    assert all(item.static_shape for item in vendor.graph.tensors.values())
    assert set(found) == set(names)


@pytest.mark.parametrize(
    ("file", "layers"),
    [
        ("openwakeword/check1_fold_constant.onnx", 20),
        ("openwakeword/check2_correct_ops.onnx", 7),
        ("openwakeword/check3_fuse_ops.onnx", 8),
        ("seafusion_rk3588_hybrid/check0_base_optimize.onnx", 75),
        ("seafusion_rk3588_hybrid/check3_fuse_ops.onnx", 74),
    ],
)
def test_that_the_graphs_between_the_toolkits_steps_open_as_networks(shared: Path, file: str, layers: int) -> None:
    path = shared / "artifacts" / file
    if not path.is_file():
        pytest.skip(f"needs {path}")

    assert len(read_model(path).graph.layers) == layers
