from typing import Any

import pytest

from workbench.foundation.errors import SettingsError
from workbench.graph.graph import Tensor
from workbench.preprocess import notation
from workbench.preprocess.preprocess import Preprocess, problems

IMAGENET = ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))


def test_that_numbers_may_be_separated_as_people_write_them() -> None:
    for text in ("1,2.5,-3e2", "1 2.5 -3e2", "[1, 2.5, -3e2]", " 1;2.5 ;-3e2 ", "1,2.5,-3e2"):
        assert notation.parse_numbers(text) == (1.0, 2.5, -300.0)


@pytest.mark.parametrize("text", ["", "  ", "a", "1,b", "nan", "1,inf", "[]", "1..2"])
def test_that_text_without_numbers_is_an_error_that_names_the_option(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^--mean is "):
        notation.parse_numbers(text, "--mean")


def test_that_an_input_option_takes_every_key() -> None:
    text = (
        "images:mean=127.5/127.5/127.5,std=128,order=bgr,layout=nhwc,resize=letterbox,scale=2,shape=1/3/4,dtype=uint8"
    )
    assert notation.parse_input_option(text) == (
        "images",
        {
            "mean": (127.5, 127.5, 127.5),
            "std": (128.0,),
            "order": "bgr",
            "layout": "nhwc",
            "resize": "letterbox",
            "scale": 2.0,
            "shape": (1, 3, 4),
            "dtype": "uint8",
        },
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("input_image:0:order=gray", "input_image:0"),
        ("serving:x=1:order=gray", "serving:x=1"),
        ("a/b c:0: order = GRAY ", "a/b c:0"),
        ("输入:order=gray", "输入"),
    ],
)
def test_that_an_inputs_name_may_hold_colons(text: str, name: str) -> None:
    assert notation.parse_input_option(text) == (name, {"order": "gray"})


def test_that_scale_may_be_a_fraction() -> None:
    assert notation.parse_input_option("x:scale=1/255")[1] == {"scale": 1 / 255}


@pytest.mark.parametrize(
    "text",
    ["", "x", "x:0", ":order=rgb", "order=rgb", "x:order=yuv", "x:order=", "x:size=3", "x:order=rgb,std", "x:mean=a",
     "x:scale=0", "x:scale=1/0", "x:scale=1/2/3", "x:shape=1/0", "x:shape=1/2.5",
     "x:std=1,std=2", "x:dtype=float8", "x:dtype="],
)  # fmt: skip
def test_that_a_wrong_input_option_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^--input"):
        notation.parse_input_option(text)


def test_that_options_replace_what_was_given_and_keep_the_rest() -> None:
    base = Preprocess(order="gray", layout="nhwc")
    changed = notation.with_options(base, mean=[1, 2], std=None, resize="crop", order=None)
    assert changed == Preprocess(mean=(1.0, 2.0), order="gray", layout="nhwc", resize="crop")


@pytest.mark.parametrize(
    ("key", "value"), [("order", "yuv"), ("layout", "x"), ("resize", ""), ("dtype", "int4"), ("colour", 1)]
)
def test_that_an_option_with_a_wrong_value_is_named(key: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=key):
        notation.with_options(Preprocess(), **{key: value})


def test_that_every_preset_fits_a_colour_input() -> None:
    for mean, std, scale, order in notation.presets().values():
        settings = notation.with_options(Preprocess(), mean=mean, std=std, scale=scale, order=order)
        assert problems(Tensor("x", (1, 3, 8, 8)), settings) == []
    assert notation.presets()["ImageNet"] == (*IMAGENET, 1.0, "rgb")


def test_that_toolkit2_lists_give_one_set_of_overrides_an_input() -> None:
    first, second = notation.from_mean_values([list(IMAGENET[0]), [0]], [list(IMAGENET[1]), [255]], [True, False])
    assert first == {"mean": IMAGENET[0], "std": IMAGENET[1], "scale": 1.0, "order": "bgr"}
    assert second == {"mean": (0.0,), "std": (255.0,), "scale": 1.0}


def test_that_a_flat_list_is_that_of_a_single_input() -> None:
    assert notation.from_mean_values([1, 2, 3], None, False) == (
        {"mean": (1.0, 2.0, 3.0), "scale": 1.0, "order": "rgb"},
    )


def test_that_the_swap_alone_is_a_setting() -> None:
    assert notation.from_mean_values(None, None, True) == ({"order": "bgr"},)
    assert notation.from_mean_values(None, None, None) == ()


def test_that_one_swap_counts_for_all_inputs() -> None:
    both = notation.from_mean_values([[1, 1, 1], [2, 2, 2]], None, True)
    assert [one["order"] for one in both] == ["bgr", "bgr"]


@pytest.mark.parametrize(
    ("means", "stds", "swaps", "option"),
    [
        ("abc", None, None, "mean_values"),
        ([], None, None, "mean_values"),
        ([[]], None, None, "mean_values"),
        (7, None, None, "mean_values"),
        ([["a"]], None, None, "mean_values"),
        (None, [[float("nan")]], None, "std_values"),
        ([[1], [2]], [[1]], None, "mean_values"),
        ([[1, 2, 3]], None, [True, False], "mean_values"),
        (None, None, "yes", "quant_img_RGB2BGR"),
    ],
)
def test_that_wrong_toolkit2_values_are_named(means: Any, stds: Any, swaps: Any, option: str) -> None:
    with pytest.raises(SettingsError, match=f"^{option}"):
        notation.from_mean_values(means, stds, swaps)


def test_that_a_pasted_config_call_is_read() -> None:
    text = "rknn.config(mean_values=[[123.675, 116.28, 103.53]],\n  std_values = [[58.395, 57.12, 57.375]],\n"
    text += "  target_platform='rk3588', quant_img_RGB2BGR=True)"
    assert notation.from_toolkit2(text) == ({"mean": IMAGENET[0], "std": IMAGENET[1], "scale": 1.0, "order": "bgr"},)


@pytest.mark.parametrize("text", ["", "hello", "mean_values=[[1, 2", "mean_values=__import__('os')"])
def test_that_pasted_text_without_settings_is_an_error(text: str) -> None:
    with pytest.raises(SettingsError, match="mean_values"):
        notation.from_toolkit2(text)


def test_that_pasted_numbers_are_not_computed() -> None:
    with pytest.raises(SettingsError, match="mean_values"):
        notation.from_toolkit2("mean_values=[[0.5*255]]")


def test_that_settings_become_lines_for_a_toolkit2_script() -> None:
    assert notation.to_toolkit2([Preprocess(*IMAGENET, order="bgr")]) == (
        "mean_values=[[123.675, 116.28, 103.53]],\nstd_values=[[58.395, 57.12, 57.375]],\nquant_img_RGB2BGR=True,"
    )


def test_that_the_lines_give_a_list_for_each_input() -> None:
    text = notation.to_toolkit2([Preprocess((1.0,), order="bgr"), Preprocess(order="gray")])
    assert text.splitlines() == [
        "mean_values=[[1.0, 1.0, 1.0], [0.0]],",
        "std_values=[[1.0, 1.0, 1.0], [1.0]],",
        "quant_img_RGB2BGR=[True, False],",
    ]


def test_that_the_number_of_channels_may_be_given() -> None:
    assert notation.to_toolkit2([Preprocess()], [4]).startswith("mean_values=[[0.0, 0.0, 0.0, 0.0]],")


def test_that_scale_is_divided_out() -> None:
    text = notation.to_toolkit2([Preprocess((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), 1 / 255)])
    assert text.startswith("mean_values=[[123.675, 116.28, 103.53]],\nstd_values=[[58.395, 57.12, 57.375]],")


def test_that_resizing_the_toolkit_does_not_know_is_said_in_a_comment() -> None:
    text = notation.to_toolkit2([Preprocess(resize="letterbox")])
    assert text.splitlines()[-1].startswith("# the toolkit stretches")
    assert notation.from_toolkit2(text)[0]["mean"] == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("settings", [Preprocess(*IMAGENET, order="bgr"), Preprocess((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))])
def test_that_toolkit2_lines_lead_back_to_the_settings(settings: Preprocess) -> None:
    (overrides,) = notation.from_toolkit2(notation.to_toolkit2([settings]))
    assert notation.with_options(Preprocess(), **overrides) == settings


def test_that_the_last_number_of_channel_mean_value_divides() -> None:
    (one,) = notation.from_toolkit1("103.94 116.78 123.68 58.82", "2 1 0", [3])
    assert one == {"mean": (103.94, 116.78, 123.68), "std": (58.82,), "scale": 1.0, "order": "bgr"}


@pytest.mark.parametrize("text", ["7 8 9 255", "7 255"])
def test_that_for_one_channel_only_m0_and_s0_count(text: str) -> None:
    assert notation.from_toolkit1(text, "0 1 2", [1]) == ({"mean": (7.0,), "std": (255.0,), "scale": 1.0},)


def test_that_equal_means_fit_any_number_of_channels() -> None:
    assert notation.from_toolkit1("128 128 128 128", "", [4])[0]["mean"] == (128.0,) * 4


def test_that_inputs_are_joined_by_a_hash() -> None:
    first, second = notation.from_toolkit1("1 2 3 4#5 0 0 6", "2 1 0 # 0 1 2", [3, 1])
    assert (first["order"], first["mean"]) == ("bgr", (1.0, 2.0, 3.0))
    assert (second["mean"], second["std"]) == ((5.0,), (6.0,))


def test_that_either_toolkit1_text_may_be_missing() -> None:
    assert notation.from_toolkit1("", "2,1,0", [3]) == ({"order": "bgr"},)
    assert notation.from_toolkit1("", "", [3, 3]) == ({}, {})


@pytest.mark.parametrize(
    ("mean", "reorder", "channels", "option"),
    [
        ("1 2 3", "", [3], "channel_mean_value"),
        ("1 2 3 4 5", "", [3], "channel_mean_value"),
        ("1 2 3 4", "", [4], "channel_mean_value"),
        ("1 2 3 0", "", [3], "channel_mean_value"),
        ("a b c d", "", [3], "channel_mean_value"),
        ("5", "", [1], "channel_mean_value"),
        ("1 2 3 4", "", [3, 3], "channel_mean_value"),
        ("", "1 0 2", [3], "reorder_channel"),
        ("", "2 1 0#2 1 0", [3], "reorder_channel"),
    ],
)
def test_that_wrong_toolkit1_texts_are_named(mean: str, reorder: str, channels: list[int], option: str) -> None:
    with pytest.raises(SettingsError, match=f"^{option} is "):
        notation.from_toolkit1(mean, reorder, channels)


def test_that_settings_become_toolkit1_texts() -> None:
    settings = [Preprocess((103.94, 116.78, 123.68), (58.82,), order="bgr"), Preprocess((0.0,), (255.0,), order="gray")]
    assert notation.to_channel_mean_value(settings) == "103.94 116.78 123.68 58.82#0 0 0 255"
    assert notation.to_reorder_channel(settings) == "2 1 0#0 1 2"
    back = notation.from_toolkit1(
        notation.to_channel_mean_value(settings), notation.to_reorder_channel(settings), [3, 1]
    )
    assert [notation.with_options(Preprocess(order="gray"), **one) for one in back] == settings


def test_that_different_divisors_have_no_channel_mean_value() -> None:
    with pytest.raises(SettingsError, match="one divisor for all channels"):
        notation.to_channel_mean_value([Preprocess(*IMAGENET)])
