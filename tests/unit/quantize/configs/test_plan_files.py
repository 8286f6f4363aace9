"""Rules of plans in files: both toolkits' cfg and our own JSON, and what is refused."""

from pathlib import Path

import pytest

from workbench.foundation.errors import PlanError
from workbench.quantize.configs.own_json import write_plan
from workbench.quantize.configs.plan_file import Entry, PlanFile
from workbench.quantize.configs.read import read_plan
from workbench.quantize.encoding import Encoding, asymmetric
from workbench.quantize.plan import Plan
from workbench.quantize.ranges import Range

TOOLKIT2 = """custom_quantize_layers:
    getitem: float16
quantize_parameters:
    input:
        qtype: asym
        qmethod: layer
        dtype: float32
        min:
        -   -1.5
        max:
        -   2.0
        scale: []
        zero_point: []
    getitem:
        qtype: asym
        qmethod: layer
        dtype: int8
        min:
        -   0.0
        max:
        -   6.0
        scale:
        -   0.023529411764705882
        zero_point:
        -   -128
    75:
        qtype: asymmetric_quantized
        qmethod: layer
        dtype: int8
        min:
        - -1.0
        max:
        - 1.0
        scale:
        - 0.00784313725490196
        zero_point:
        - 0
"""
TOOLKIT1 = """%YAML 1.2
---
# add layer name and corresponding quantized_dtype to customized_quantize_layers, e.g conv2_3: float32
customized_quantize_layers:
    "Conv_/c/Conv_3": float32
    "Relu_/r/Relu_4": dynamic_fixed_point-i16

quantize_parameters:
    '@Conv_/c/Conv_3:out0':
        dtype: asymmetric_affine
        method: layer
        max_value:
        -   75.5
        min_value:
        -   -233.5
        zero_point:
        -   193
        scale:
        -   1.2117647058823529
        qtype: u8
    '@Conv_/c/Conv_3:bias':
        dtype: asymmetric_affine
        method: layer
        max_value:
        min_value:
        zero_point:
        -   0
        scale:
        -   2.753519220277667e-05
        qtype: i32
    '@Relu_/r/Relu_4:out0':
        dtype: dynamic_fixed_point
        method: layer
        max_value:
        -   1.9
        min_value:
        -   -2.0
        fl:
        -   6
        qtype: i8
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "model.quantization.cfg"
    path.write_text(content, encoding="utf-8")
    return path


def test_that_a_cfg_of_toolkit2_gives_encodings_ranges_and_layers(tmp_path: Path) -> None:
    found = read_plan(written(tmp_path, TOOLKIT2))

    assert found == PlanFile(
        "toolkit2",
        {
            "input": Entry(None, Range(-1.5, 2.0)),
            "getitem": Entry(Encoding("int8", (0.023529411764705882,), (-128,)), Range(0.0, 6.0)),
            "75": Entry(Encoding("int8", (0.00784313725490196,), (0,)), Range(-1.0, 1.0)),
        },
        {"getitem": "float16"},
    )


def test_that_edited_limits_count_and_not_the_scale(tmp_path: Path) -> None:
    found = read_plan(written(tmp_path, TOOLKIT2.replace("-   6.0", "-   3.0")))

    assert found.entries["getitem"].encoding == asymmetric(0.0, 3.0, "int8")
    assert "getitem" in found.notes[0]


def test_that_a_cfg_of_toolkit1_gives_encodings_ranges_and_layers(tmp_path: Path) -> None:
    found = read_plan(written(tmp_path, TOOLKIT1))

    assert found.kind == "toolkit1"
    assert found.custom == {"Conv_/c/Conv_3": "float16", "Relu_/r/Relu_4": "int16"}
    assert found.entries["@Conv_/c/Conv_3:out0"] == Entry(
        Encoding("uint8", (1.2117647058823529,), (193,)), Range(-233.5, 75.5)
    )
    assert found.entries["@Conv_/c/Conv_3:bias"].encoding == Encoding("int32", (2.753519220277667e-05,), (0,))
    assert found.entries["@Relu_/r/Relu_4:out0"].encoding == Encoding("int8", (2.0**-6,), (0,))


def test_that_a_block_of_layers_alone_is_read(tmp_path: Path) -> None:
    """People share only that, and toolkit 1 proposes it (RKNN facts §4.2)."""
    ours = read_plan(written(tmp_path, "custom_quantize_layers:\n    528_shape4_Slice_315: float16\n    'x': int16\n"))
    old = read_plan(written(tmp_path, "customized_quantize_layers:\n    Conv_Conv_434_104: dynamic_fixed_point-i16\n"))

    assert (ours.kind, ours.custom) == ("toolkit2", {"528_shape4_Slice_315": "float16", "x": "int16"})
    assert (old.kind, old.custom) == ("toolkit1", {"Conv_Conv_434_104": "int16"})


PARAMETERS = """model_name: net
quant_params:
    '@Conv_/c/Conv_3:out0':
        op: VSI_NN_OP_CONV2D
        qtype: asymmetric_affine
        dtype: u8
        scale: 0.5
        zero_point: 128
    '@Conv_/c/Conv_3:in1':
        op: VSI_NN_OP_CONV2D
        qtype: dynamic_fixed_point
        dtype: i16
        fl: 12
    '@Softmax_/s/Softmax_4:out0':
        op: VSI_NN_OP_SOFTMAX
        qtype: none
        dtype: fp16
"""


def test_that_exported_parameters_of_toolkit1_are_read(tmp_path: Path) -> None:
    found = read_plan(written(tmp_path, PARAMETERS))

    assert found.entries == {
        "@Conv_/c/Conv_3:out0": Entry(Encoding("uint8", (0.5,), (128,))),
        "@Conv_/c/Conv_3:weight": Entry(Encoding("int16", (2.0**-12,), (0,))),
        "@Softmax_/s/Softmax_4:out0": Entry(None),
    }


def test_that_parameters_below_their_layers_are_read(tmp_path: Path) -> None:
    text = """quant_params:
    Conv_3:
        op: VSI_NN_OP_CONV2D
        out0: {qtype: asymmetric_affine, dtype: u8, scale: 0.5, zero_point: 1}
        in2: {qtype: asymmetric_affine, dtype: i32, scale: 0.25, zero_point: 0}
"""
    found = read_plan(written(tmp_path, text))

    assert {name: entry.encoding for name, entry in found.entries.items()} == {
        "@Conv_3:out0": Encoding("uint8", (0.5,), (1,)),
        "@Conv_3:bias": Encoding("int32", (0.25,), (0,)),
    }


def test_that_our_own_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    encodings = {"a": Encoding("int8", (0.1,), (3,)), "w": Encoding("int8", (0.1, 0.2), (0, 0), 1)}
    plan = Plan(encodings, {"a": "int8", "b": "float16"}, frozenset({"a"}), frozenset({"b"}), "layer")
    write_plan(plan, tmp_path / "plan.json")

    found = read_plan(tmp_path / "plan.json")

    assert {name: entry.encoding for name, entry in found.entries.items()} == encodings
    assert (found.custom, found.method, found.unstored, found.grouped) == (
        plan.precision, plan.method, plan.unstored, plan.grouped
    )  # fmt: skip


HOSTILE = {
    "no YAML": ("a: [1", "is no YAML in line"),
    "a list": ("- 1\n- 2\n", "no quantize_parameters"),
    "nothing": ("", "no quantize_parameters"),
    "an object": ("quantize_parameters: !!python/object/apply:os.system ['true']\n", "is no YAML"),
    "a circle": ("quantize_parameters: &a\n    x: *a\n", "dtype of x"),
    "a deep nest": ("quantize_parameters: " + "[" * 5000, "is no YAML"),
    "empty parameters": ("quantize_parameters: {}\n", "are empty"),
    "a type that no tensor has": (TOOLKIT2.replace("dtype: int8", "dtype: int7"), "has the type 'int7'"),
    "a word for a number": (TOOLKIT2.replace("-   6.0", "-   six"), "'six' where a number must be"),
    "a number that is none": (TOOLKIT2.replace("-   0.023529411764705882", "-   .nan"), "where a number must be"),
    "a scale of zero": (TOOLKIT2.replace("-   0.023529411764705882", "-   0.0"), "scale of getitem is not above 0"),
    "a zero point out of range": (TOOLKIT2.replace("-   -128", "-   -129"), "zero point of getitem is no int8"),
    "limits upside down": (TOOLKIT2.replace("-   6.0", "-   -6.0"), "lower limit of getitem"),
    "a precision that no layer has": (TOOLKIT2.replace("getitem: float16", "getitem: float8"), "not one of float16"),
    "empty exported parameters": ("quant_params: {}\n", "are empty"),
    "an exported type that no tensor has": (PARAMETERS.replace("dtype: u8", "dtype: u7"), "u7"),
    "a fixed point without its place": (TOOLKIT1.replace("-   6\n", "-   6.5\n"), "has no fl"),
    "a huge number": (TOOLKIT2.replace("-   6.0", "-   1" + "0" * 5000), "cannot be used|is no YAML"),
    "another version": ('{"format": "rknn-workbench plan", "version": 2}', "reads version 1"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_file_that_is_no_plan_is_refused_with_one_sentence(tmp_path: Path, name: str) -> None:
    content, said = HOSTILE[name]
    path = written(tmp_path, content)

    with pytest.raises(PlanError, match=said) as refused:
        read_plan(path)

    assert str(path) in refused.value.message
    assert "\n" not in refused.value.message


def test_that_a_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.cfg").write_bytes(b"\xff\xfe\x00\x01")

    with pytest.raises(PlanError, match="it is no text"):
        read_plan(tmp_path / "plan.cfg")


@pytest.mark.parametrize(("name", "custom"), [("fusionmodel_288_384", 68), ("fusionmodel_480_640", 30)])
def test_that_real_cfgs_give_every_tensor(shared: Path, name: str, custom: int) -> None:
    path = shared / "artifacts" / "seafusion_rk3588_hybrid" / f"{name}.quantization.cfg"
    if not path.is_file():
        pytest.skip(f"needs {path}")

    found = read_plan(path)

    assert (found.kind, len(found.entries), len(found.custom)) == ("toolkit2", 79, custom)
    assert set(found.custom.values()) == {"float16"}
    assert {name for name, entry in found.entries.items() if entry.encoding is None} == {
        "input_vis", "input_inf", "output",
    }  # fmt: skip
    for entry in found.entries.values():  # the scale is (max - min) / 255 (RKNN facts §5)
        if entry.encoding is not None and entry.range is not None:
            assert entry.encoding.scale[0] == pytest.approx((entry.range.high - entry.range.low) / 255, rel=1e-6)
