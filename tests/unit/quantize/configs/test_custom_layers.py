"""The block of custom layers changes, and nothing else does."""

from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from workbench.foundation.errors import PlanError
from workbench.quantize.configs.custom_layers import CustomLayer, custom_layers, patched, refuse_unknown

REST = b"""quantize_parameters:
    input:
        qtype: asym
        scale:
        -   0.010634108150706572
"""
EMPTY = b"custom_quantize_layers: {}                                # 0.9999382541683469\n" + REST
PROPOSED = (
    b"custom_quantize_layers:                                   # 0.9997117090384015\n"
    b"    Plus112_Output_0: float16\n"
    b"    '/m/it''s': int16                                     # 0.9999419364782036\n" + REST
)
OLDER = (
    b"""%YAML 1.2
---
# add layer name and corresponding quantized_dtype to customized_quantize_layers, e.g conv2_3: float32
customized_quantize_layers:    # chosen
    "Conv_/newCnn/Conv_3": float32
    # a comment inside
    "Squeeze_/Squeeze_2_acuity_mark_perm_29": float32

# a comment behind
"""
    + REST
)
LAYERS = {"a:0": "float16", 'say "b"': "int16"}
BLOCK = b'custom_quantize_layers:\n    "a:0": float16\n    "say \\"b\\"": int16\n'
FILES = {"empty": EMPTY, "proposed": PROPOSED, "of toolkit 1": OLDER, "without a block": REST}
HEADS = {"empty": b"", "proposed": b"", "of toolkit 1": OLDER[: OLDER.index(b"customized_quantize_layers:  ")]}
TAILS = {"of toolkit 1": b"\n# a comment behind\n" + REST}


def parsed(content: bytes) -> dict:
    return YAML(typ="safe", pure=True).load(StringIO(content.decode().removeprefix("%YAML 1.2\n---\n")))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_that_only_the_block_differs(name: str, newline: bytes) -> None:
    key = b"customized_" if name == "of toolkit 1" else b"custom_"
    expected = HEADS.get(name, b"") + BLOCK.replace(b"custom_", key) + TAILS.get(name, REST)

    changed = patched(FILES[name].replace(b"\n", newline), LAYERS)

    assert changed == expected.replace(b"\n", newline)


@pytest.mark.parametrize("name", FILES)
def test_that_patching_back_gives_the_same_bytes(name: str) -> None:
    once = patched(FILES[name], LAYERS)

    assert patched(patched(once, {}), LAYERS) == once


def test_that_no_layers_are_an_empty_map() -> None:
    assert patched(PROPOSED, {}) == b"custom_quantize_layers: {}\n" + REST


def test_that_a_block_at_the_end_of_a_file_without_a_last_line_end_ends_as_before() -> None:
    assert patched(REST + b"custom_quantize_layers: {}", {"a": "int16"}).endswith(b'layers:\n    "a": int16')


def test_that_a_map_in_braces_over_several_lines_is_one_block() -> None:
    content = b"custom_quantize_layers: {\n    a: float16,\n}\n" + REST

    assert patched(content, {}) == b"custom_quantize_layers: {}\n" + REST


@pytest.mark.parametrize(
    "name",
    [
        "yes",
        "1e5",
        "a: b",
        "a #b",
        "'",
        '"',
        "\\",
        "/m/层/Conv",
        "🙂",
        "a\tb",
        "\x7f\x85",
        "{}",
        "onnx::Mul_431",
        "-",
        "~",
    ],
)
def test_that_every_name_comes_back_from_yaml_and_from_the_block(name: str) -> None:
    content = patched(EMPTY, {name: "float16"})

    assert parsed(content)["custom_quantize_layers"] == {name: "float16"}
    assert custom_layers(content) == (CustomLayer(name, "float16"),)


def test_that_proposed_layers_come_with_the_predicted_cosine() -> None:
    assert custom_layers(PROPOSED) == (
        CustomLayer("Plus112_Output_0", "float16"),
        CustomLayer("/m/it's", "int16", 0.9999419364782036),
    )
    assert custom_layers(EMPTY) == ()


def test_that_layers_of_toolkit_1_are_read() -> None:
    names = [layer.name for layer in custom_layers(OLDER)]

    assert names == ["Conv_/newCnn/Conv_3", "Squeeze_/Squeeze_2_acuity_mark_perm_29"]


def test_that_names_with_colons_are_read() -> None:
    content = b"custom_quantize_layers:\n    Conv__350:0: float16\n" + REST

    assert custom_layers(content) == (CustomLayer("Conv__350:0", "float16"),)


def test_that_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(PlanError, match="no quantize_parameters"):
        patched(b"a: 1\n", {"a": "float16"})


def test_that_layers_that_the_cfg_does_not_have_are_named() -> None:
    with pytest.raises(PlanError, match=r"x\.cfg has no b, c\."):
        refuse_unknown(["a", "b", "c"], {"a"}, "x.cfg")


def test_that_the_vendors_files_keep_all_but_the_block(shared: Path) -> None:
    for path in (shared / "artifacts").rglob("*.quantization.cfg"):
        content = path.read_bytes()
        changed = patched(content, LAYERS)
        before, after = (parsed(text) for text in (content, changed))

        assert after.pop("custom_quantize_layers") == LAYERS
        before.pop("custom_quantize_layers")
        assert after == before
        assert changed.partition(b"quantize_parameters:")[1:] == content.partition(b"quantize_parameters:")[1:]
