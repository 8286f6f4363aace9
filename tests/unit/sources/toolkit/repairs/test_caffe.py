"""Repairs of Caffe's files."""

from pathlib import Path

import pytest

from workbench.sources.toolkit.repairs import propose, repairs_of, write
from workbench.sources.toolkit.repairs.patched import RepairError
from workbench.sources.toolkit.repairs.prototxt import parse

POOL = 'layer { name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { pool: MAX kernel_size: 2 %s } }\n'
INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } }\n'


def written(folder: Path, text: str, name: str = "net.prototxt") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def repaired(path: Path, key: str) -> str:
    return propose(path, key).files[0].content.decode()


def entry(number: int, value: bytes) -> bytes:
    """A string or message of protobuf whose length is below 128."""
    head = number << 3 | 2
    return bytes([head & 0x7F | 0x80, head >> 7] if head > 0x7F else [head]) + bytes([len(value)]) + value


def test_that_an_old_input_becomes_a_layer_in_its_place(tmp_path: Path) -> None:
    text = (
        '# a net\nname: "n"\ninput: "data"\ninput_dim: 1\ninput_dim: 3 # RGB\ninput_dim: 8\ninput_dim: 9\n' + POOL % ""
    )
    new = repaired(written(tmp_path, text), "caffe-old-input")
    assert new.startswith('# a net\nname: "n"\nlayer {\n  name: "data"\n  type: "Input"\n  top: "data"\n')
    assert new.endswith("\n}\n" + POOL % "")
    (layer, _) = parse(new).all("layer")
    (shape,) = next(layer.all("input_param")).all("shape")
    assert [dim.text for dim in shape.all("dim")] == ["1", "3", "8", "9"]
    assert "input_dim" not in new


def test_that_several_inputs_keep_their_shapes(tmp_path: Path) -> None:
    text = 'input: "a" input_shape { dim: 1 dim: 2 }\ninput: "b"\ninput_shape: < dim: 5 >\n' + POOL % ""
    first, second, _ = parse(repaired(written(tmp_path, text), "caffe-old-input")).all("layer")
    assert (first.first("name"), second.first("top")) == ("a", "b")
    shapes = [next(next(layer.all("input_param")).all("shape")) for layer in (first, second)]
    assert [[dim.text for dim in shape.all("dim")] for shape in shapes] == [["1", "2"], ["5"]]


def test_that_line_endings_of_the_file_are_kept(tmp_path: Path) -> None:
    text = 'name: "n"\r\ninput: "data"\r\ninput_dim: 1\r\ninput_dim: 3\r\ninput_dim: 8\r\ninput_dim: 9\r\n'
    new = repaired(written(tmp_path, text), "caffe-old-input")
    assert new.count("\r\n") == new.count("\n")


def test_that_an_input_without_a_shape_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, 'input: "a"\ninput: "b"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 8\ninput_dim: 8\n')
    with pytest.raises(RepairError, match="names 2 inputs and 1 shapes"):
        propose(path, "caffe-old-input")


def test_that_a_v1_network_is_sent_to_caffes_own_tool(tmp_path: Path) -> None:
    path = written(tmp_path, 'input: "a"\ninput_dim: 1\nlayers { name: "x" type: RELU }\n')
    with pytest.raises(RepairError, match="upgrade_net_proto_text"):
        propose(path, "caffe-old-input")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("round_mode: CEIL", "ceil_mode: true"),
        ("round_mode: FLOOR", "ceil_mode: false"),
        ("round_mode:1", "ceil_mode: false"),
    ],
)
def test_that_round_mode_becomes_ceil_mode_and_nothing_else_changes(tmp_path: Path, old: str, new: str) -> None:
    assert repaired(written(tmp_path, INPUT + POOL % old), "caffe-round-mode") == INPUT + POOL % new


def test_that_a_rounding_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="rounds with 'UP'"):
        propose(written(tmp_path, POOL % "round_mode: UP"), "caffe-round-mode")


def test_that_decoding_layers_and_what_needs_them_are_left_out(tmp_path: Path) -> None:
    decoder = 'layer { name: "d" type: "DetectionOutput" bottom: "p" bottom: "data" top: "boxes" }\n'
    behind = 'layer { name: "s" type: "Slice" bottom: "boxes" top: "s" }\n'
    path = written(tmp_path, INPUT + POOL % "" + decoder + behind)
    assert repaired(path, "caffe-cpu-layers") == INPUT + POOL % ""
    assert propose(path, "caffe-cpu-layers").notes == (
        "Compute on the CPU what follows from the new outputs: p, data.",
    )


def test_that_a_proposal_in_python_is_left_out(tmp_path: Path) -> None:
    text = INPUT + "layer {\n  name: 'proposal'\n  type: 'Python'\n  bottom: 'data'\n  top: 'rois'\n}\n"
    assert repaired(written(tmp_path, text), "caffe-cpu-layers") == INPUT


def test_that_names_are_made_valid_and_stay_apart(tmp_path: Path) -> None:
    text = "".join(f'layer {{ name: "{name}" type: "ReLU" }}\n' for name in ("_plus0_17", "a b", "a_b", "ok/x-1.y"))
    names = [
        layer.first("name") for layer in parse(repaired(written(tmp_path, text), "caffe-layer-names")).all("layer")
    ]
    assert names == ["plus0_17", "a_b_2", "a_b", "ok/x-1.y"]


def test_that_weights_get_the_same_names_and_keep_all_other_bytes(tmp_path: Path) -> None:
    blob = entry(7, b"\x2d\x00\x00\x80\x3f")
    old = [
        entry(1, b"net") + b"\x28\x01" + entry(100, entry(1, name) + entry(2, b"ReLU") + blob) for name in (b"_x", b"y")
    ]
    (tmp_path / "net.caffemodel").write_bytes(b"".join(old))
    path = written(tmp_path, 'layer { name: "_x" }\nlayer { name: "y" }\n')
    network, weights = propose(path, "caffe-layer-names").files
    assert network.notes == ()
    assert weights.content == b"".join(old).replace(entry(100, entry(1, b"_x") + entry(2, b"ReLU") + blob),
                                                    entry(100, entry(1, b"x") + entry(2, b"ReLU") + blob))  # fmt: skip
    assert "-layer '_x'\n+layer 'x'\n" in weights.diff


def test_that_both_copies_are_written_under_one_stem(tmp_path: Path) -> None:
    (tmp_path / "net.caffemodel").write_bytes(entry(100, entry(1, b"_x")))
    path = written(tmp_path, 'layer { name: "_x" }\n')
    copies = write(propose(path, "caffe-layer-names"), tmp_path / "new" / "fixed.prototxt")
    assert copies == (tmp_path / "new" / "fixed.prototxt", tmp_path / "new" / "fixed.caffemodel")
    assert copies[1].read_bytes() == entry(100, entry(1, b"x"))


def test_that_names_without_their_weights_are_said_to_part_from_them(tmp_path: Path) -> None:
    (note,) = propose(written(tmp_path, 'layer { name: "_x" }\n'), "caffe-layer-names").notes
    assert "give the .caffemodel file" in note


def test_that_weights_that_are_cut_short_are_refused(tmp_path: Path) -> None:
    (tmp_path / "net.caffemodel").write_bytes(entry(100, entry(1, b"_x"))[:-1])
    with pytest.raises(RepairError, match=r"no \.caffemodel file"):
        propose(written(tmp_path, 'layer { name: "_x" }\n'), "caffe-layer-names")


@pytest.mark.parametrize("text", ["layer { name: }", "layer {", 'name: "n', "} x: 1", "a: b: c", "x"])
def test_that_a_broken_prototxt_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(RepairError, match="cannot be read: line 2"):
        propose(written(tmp_path, "# one\n" + text), "caffe-old-input")


def test_that_only_repairs_that_change_something_are_offered(tmp_path: Path) -> None:
    path = written(tmp_path, INPUT + POOL % "round_mode: CEIL")
    assert [repair.key for repair in repairs_of(path)] == ["caffe-round-mode"]
    assert repairs_of(written(tmp_path, INPUT + POOL % "", "good.prototxt")) == ()


def test_that_a_prototxt_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RepairError, match="nested too deeply"):
        propose(written(tmp_path, "layer { " * 50_000), "caffe-old-input")
