"""Files for the vendor's tools, and what is refused before one is written."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.mixed.made import made_network
from workbench.foundation.errors import PlanError, SettingsError
from workbench.foundation.steps import Event, Warn, drain
from workbench.mixed import exports
from workbench.mixed.accepted import check, neighbours
from workbench.project.mixed.files import FORMATS, Target, write
from workbench.project.mixed.mixing import Network
from workbench.quantize.configs.matching import planned
from workbench.quantize.configs.read import read_plan
from workbench.quantize.schemes import QuantSettings

LAYERS = {"/conv4/Conv_output_0": "float16", "/clip5/Clip_output_0": "float16"}
STEP1 = b"""custom_quantize_layers: {}
quantize_parameters:
    /conv4/Conv_output_0:
        qtype: asym
        dtype: int8
        min:
        -   0.0
        max:
        -   2.711697578430176
        scale:
        -   0.010634108150706572
        zero_point:
        -   -128
    "it's: a name":
        qtype: asym
        dtype: int8
        min:
        -   0.0
        max:
        -   1.0
        scale:
        -   0.00392156862745098
        zero_point:
        -   -128
"""
TOOLKIT1 = b"""%YAML 1.2
---
customized_quantize_layers: {}
quantize_parameters:
    '@Conv_/conv4/Conv_output_0_7:out0':
        dtype: asymmetric_affine
        qtype: u8
        scale:
        -   0.02
        zero_point:
        -   0
"""


def written(network: Network, layers: Mapping[str, str], target: Target) -> list[str]:
    """Write; gives what was warned of."""
    events: list[Event] = []
    drain(write(network, layers, target), events.append)
    return [event.text for event in events if isinstance(event, Warn)]


def test_that_the_toolkits_own_cfg_changes_in_its_block_alone(tmp_path: Path) -> None:
    base, out = tmp_path / "step1.quantization.cfg", tmp_path / "out.quantization.cfg"
    base.write_bytes(STEP1)
    written(made_network(tmp_path / "n"), {"/conv4/Conv_output_0": "float16"}, Target("cfg", out, base))

    assert out.read_bytes() == STEP1.replace(b" {}\n", b'\n    "/conv4/Conv_output_0": float16\n', 1)
    assert read_plan(out).custom == {"/conv4/Conv_output_0": "float16"}


def test_that_a_layer_that_the_cfg_has_not_is_refused(tmp_path: Path) -> None:
    base, out = tmp_path / "step1.quantization.cfg", tmp_path / "out.quantization.cfg"
    base.write_bytes(STEP1)
    with pytest.raises(PlanError, match="has no /clip5/Clip_output_0"):
        written(made_network(tmp_path / "n"), LAYERS, Target("cfg", out, base))
    assert not out.exists()


def test_that_a_cfg_without_step_1_names_the_layers_with_limits_and_no_scales(tmp_path: Path) -> None:
    network, out = made_network(tmp_path / "n"), tmp_path / "out.quantization.cfg"
    written(network, LAYERS, Target("cfg", out))

    text = out.read_text()
    assert text.startswith('custom_quantize_layers:\n    "/conv4/Conv_output_0": float16\n')
    assert text.count("qtype: asym") == len(LAYERS)
    assert "scale" not in text


def test_that_our_short_cfg_is_read_as_layers_and_said_to_be_no_plan(tmp_path: Path) -> None:
    network, out = made_network(tmp_path / "n"), tmp_path / "out.quantization.cfg"
    written(network, LAYERS, Target("cfg", out))

    file = read_plan(out)
    assert file.custom == LAYERS
    assert not file.entries
    with pytest.raises(PlanError, match="only says which layers have another precision") as told:
        planned(network.graph, file, network.session.quant)
    assert "--float-tensors" in told.value.hint


def test_that_toolkit_1_gets_its_own_names_and_words(tmp_path: Path) -> None:
    base, out = tmp_path / "step1.quantization.cfg", tmp_path / "out.quantization.cfg"
    base.write_bytes(TOOLKIT1)
    network = made_network(tmp_path / "n")
    said = written(network, LAYERS, Target("toolkit1", out, base))

    assert b'customized_quantize_layers:\n    "Conv_/conv4/Conv_output_0_7": float32\n' in out.read_bytes()
    assert said == [f"1 of the 2 layers have no name in {base.name} and are left out: /clip5/Clip_output_0."]
    with pytest.raises(PlanError, match="can only be made of one that its step 1 wrote"):
        written(network, LAYERS, Target("toolkit1", out))


def test_that_op_target_is_the_argument_of_config(tmp_path: Path) -> None:
    out = tmp_path / "targets.json"
    written(made_network(tmp_path / "n"), LAYERS, Target("op_target", out))
    assert json.loads(out.read_text()) == {"op_target": dict.fromkeys(LAYERS, "cpu")}


def test_that_the_script_is_a_program_that_holds_all_it_needs(tmp_path: Path) -> None:
    out = tmp_path / "convert.py"
    network = made_network(tmp_path / "n")
    written(network, {'it\'s "odd"\\': "float16", **LAYERS}, Target("script", out))

    tree = ast.parse(out.read_text())
    values = {
        item.targets[0].id: ast.literal_eval(item.value)
        for item in tree.body
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)
    }
    assert values["LAYERS"] == {'it\'s "odd"\\': "float16", **LAYERS}
    assert values["CONFIG"]["quantized_dtype"] == "w8a8"
    assert values["LOAD"]["model"] == str(network.session.model)


def test_that_the_scripts_own_patch_writes_what_ours_reads(tmp_path: Path) -> None:
    base = tmp_path / "network.quantization.cfg"
    base.write_bytes(STEP1)
    program = exports.script(exports.Program(("load_onnx", {}), {}, "network"), {"it's: a name": "float16"})
    space: dict[str, object] = {}
    body = program.replace("from rknn.api import RKNN", "RKNN = None").replace(
        'if __name__ == "__main__":', "if False:"
    )
    exec(compile(body, "script", "exec"), space)
    space["patch"](base)  # type: ignore[operator]

    assert read_plan(base).custom == {"it's: a name": "float16"}
    assert base.read_bytes().split(b"quantize_parameters")[1] == STEP1.split(b"quantize_parameters")[1]


@pytest.mark.parametrize("kind", ["qdq", "plan"])
def test_that_a_plan_and_a_network_are_written_with_the_layers(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(made_network(tmp_path / "n"), LAYERS, Target(kind, out))
    assert out.stat().st_size > 1000


def test_that_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=FORMATS[0]):
        written(made_network(tmp_path / "n"), LAYERS, Target("papyrus", tmp_path / "out"))


@pytest.mark.parametrize(
    ("target", "precision", "is_taken"),
    [("rk3588", "float16", True), ("rk3588", "int16", True), ("rv1106", "float16", False), ("rv1106", "int16", True),
     ("rv1103b", "int16", False), ("rk2118", "float16", False)],
)  # fmt: skip
def test_that_a_chip_takes_what_the_toolkit_takes(target: str, precision: str, is_taken: bool) -> None:
    if is_taken:
        check(QuantSettings(target=target), precision)
    else:
        with pytest.raises(SettingsError, match=f"On {target} no single layers"):
            check(QuantSettings(target=target), precision)


def test_that_a_network_in_16_bits_has_nothing_to_spare() -> None:
    with pytest.raises(SettingsError, match="has no layers in 8 bits"):
        check(QuantSettings(dtype="w16a16i_dfp"), "float16")


def test_that_one_is_told_where_the_toolkit_takes_a_fused_pair_apart(tmp_path: Path) -> None:
    network = made_network(tmp_path)
    conv, clip = LAYERS
    known = (network.graph, network.plan)

    assert neighbours(*known, [conv, clip], "float16") == ()
    assert "fused to" in neighbours(*known, [conv], "float16")[0]
    assert "stays in int8" in neighbours(*known, [clip], "float16")[0]
    assert "no effect" in neighbours(*known, ["input_int8"], "float16")[0]
