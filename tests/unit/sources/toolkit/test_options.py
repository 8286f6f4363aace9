"""The toolkit's options: what they take, what is said of what they do not take, and what goes to whom."""

import json
from typing import Any

import pytest

from workbench.foundation.errors import SettingsError
from workbench.sources.toolkit.option_values import check, checked, parsed, written
from workbench.sources.toolkit.options import BUILD, BY_NAME, CONFIG, OPTIONS, arguments, numeric, option_of

VALUES: dict[str, Any] = {
    "compress_weight": True, "op_target": {"/a:0": "cpu", "Conv": "npu"}, "disable_rules": ["fuse_swish", "b"],
    "dynamic_input": [[[1, 3, 8, 8], [1, 2]], [[1, 3, 4, 4], [1, 2]]], "inputs_yuv_fmt": ["nv12", None],
    "custom_string": "42", "auto_hybrid_cos_thresh": 0.5, "rknn_batch_size": 4,
    "memory_plan_strategy": "GreedyBySize",
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_that_what_is_written_is_read_as_the_same(name: str) -> None:
    option = option_of(name)
    assert parsed(option, written(option, VALUES[name])) == VALUES[name]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_that_defaults_are_valid_nothing_is_the_default_and_every_option_says_what_it_does(option: Any) -> None:
    assert check(option, option.default) == option.default
    assert parsed(option, " ") == option.default
    assert option.meaning.endswith(".")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("compress_weight", "1"), ("compress_weight", "none"), ("op_target", "m:foo"), ("op_target", "m"),
        ("op_target", '{"m": 1}'), ("disable_rules", "[1]"), ("dynamic_input", "1,3,8,8"),
        ("dynamic_input", "[[[1, 0]]]"), ("dynamic_input", "[[[1]], [[1], [2]]]"), ("inputs_yuv_fmt", "[1]"),
        ("rknn_batch_size", "-1"), ("rknn_batch_size", "1.5"), ("rknn_batch_size", "true"),
        ("auto_hybrid_cos_thresh", "0"), ("auto_hybrid_cos_thresh", "NaN"), ("auto_hybrid_euc_thresh", "Infinity"),
        ("memory_plan_strategy", "best"), ("rknn_batch_size", "[" * 100_000), ("dynamic_input", "9" * 5000),
    ],
)  # fmt: skip
def test_that_what_an_option_does_not_take_is_one_sentence_with_what_it_takes(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} cannot be ") as caught:
        parsed(option_of(name), text)
    assert len(str(caught.value)) < 200
    assert caught.value.hint.startswith("It takes ")


def test_that_only_what_differs_from_the_default_is_kept() -> None:
    given = {"compress_weight": False, "auto_hybrid_cos_thresh": 0.98, "model_pruning": True, "op_target": {}}
    assert checked(given) == {"model_pruning": True}


def test_that_an_option_that_settings_say_is_refused_and_an_unknown_one_named() -> None:
    with pytest.raises(SettingsError, match="target_platform is said by the settings already"):
        checked({"target_platform": "rk3588"})
    with pytest.raises(SettingsError, match="'nonsense' is not known"):
        checked({"nonsense": 1})


def test_that_a_simulation_is_given_what_touches_its_numbers_only() -> None:
    options = {"compress_weight": True, "remove_reshape": True, "auto_hybrid": True, "rknn_batch_size": 2}
    assert arguments(options, CONFIG) == {"compress_weight": True, "remove_reshape": True}
    assert arguments(options, BUILD) == {"auto_hybrid": True, "rknn_batch_size": 2}
    assert arguments(options, CONFIG, simulated=True) == {"remove_reshape": True}
    assert arguments(options, BUILD, simulated=True) == {"auto_hybrid": True}
    assert numeric(options) == {"remove_reshape": True, "auto_hybrid": True}


def test_that_every_value_can_be_told_to_the_worker() -> None:
    assert json.loads(json.dumps(VALUES)) == VALUES
    assert set(VALUES) <= set(BY_NAME)
