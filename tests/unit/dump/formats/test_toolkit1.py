"""Dumps of rknn-toolkit 1.x: what their names tell, and their values in the network's order."""

from pathlib import Path

import numpy as np
import pytest

from workbench.dump.formats import open_dumps
from workbench.dump.formats.toolkit1 import Toolkit1Name, parse_name
from workbench.foundation.errors import DumpError

VALUES = np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4)  # N, H, W, C


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "convolution_at_input0.1_1_1_out0_nhwc_1_400_640_64.tensor",
            Toolkit1Name("convolution_at_input0.1_1_1", "convolution", "input0.1", 0, "nhwc", (1, 400, 640, 64)),
        ),
        (
            "max_pooling_at_input.4_5_5_out0_nhwc_1_200_320_64.tensor",
            Toolkit1Name("max_pooling_at_input.4_5_5", "max_pooling", "input.4", 0, "nhwc", (1, 200, 320, 64)),
        ),
        (
            "relu_at_89_2_2_out0_nhwc_1_400_640_64.tensor",
            Toolkit1Name("relu_at_89_2_2", "relu", "89", 0, "nhwc", (1, 400, 640, 64)),
        ),
        (
            "Conv__stem_stem.0_conv_Conv_57_out0_nhwc_1_224_224_8.npy",
            Toolkit1Name(
                "Conv__stem_stem.0_conv_Conv_57", "Conv", "_stem_stem.0_conv_Conv", 0, "nhwc", (1, 224, 224, 8)
            ),
        ),
        (
            "attach_ZSinp_Mnet_HEAD21_Conv2D_4_out0_1_out0_nhwc_1_6_6_3.tensor ",
            Toolkit1Name("attach_ZSinp_Mnet_HEAD21_Conv2D_4_out0_1", "", "", 0, "nhwc", (1, 6, 6, 3)),
        ),
        (
            "scope_Relu6_3_15_out1_nchw_1_64_6_6.tensor",
            Toolkit1Name("scope_Relu6_3_15", "", "", 1, "nchw", (1, 64, 6, 6)),
        ),
        ("convolution_55", Toolkit1Name("convolution_55", "convolution")),
        ("something", Toolkit1Name("something")),
    ],
)
def test_that_the_parts_of_a_name_are_found_from_the_right(name: str, expected: Toolkit1Name) -> None:
    assert parse_name(name) == expected


def test_that_a_shape_is_told_in_the_networks_order() -> None:
    assert parse_name("a_1_out0_nhwc_1_2_3_4.tensor").network_shape == (1, 4, 2, 3)
    assert parse_name("a_1_out0_nhwc_1_10.tensor").network_shape == (1, 10)
    assert parse_name("a_1_out0_nchw_1_2_3_4.tensor").network_shape == (1, 2, 3, 4)


def analysed(folder: Path) -> Path:
    for kind in ("fp32", "entire_qnt"):
        (folder / kind).mkdir(parents=True)
        np.savetxt(folder / kind / "relu_at_89_2_2_out0_nhwc_1_2_3_4.tensor", VALUES.ravel(), fmt="%.6f")
        np.save(folder / kind / "a_scope_7_out1_nhwc_1_5.npy", np.arange(5, dtype=np.float32))
    (folder / "fp32" / "order.txt").write_text("relu_at_89_2_2\na_scope_7\n")
    (folder / "entire_qnt_error_analysis.txt").write_text("report")
    return folder


def test_that_values_come_in_the_networks_order(tmp_path: Path) -> None:
    with open_dumps(analysed(tmp_path), "golden") as dumps:
        assert dumps.names == ("89", "a_scope_7:out1")
        assert np.array_equal(dumps["89"], VALUES.transpose(0, 3, 1, 2))
        assert dumps.op("89") == "relu"
        assert dumps.shape("a_scope_7:out1") == (1, 5)


def test_that_each_folder_of_an_analysis_is_a_source(tmp_path: Path) -> None:
    folder = analysed(tmp_path)

    with open_dumps(folder, "simulator") as dumps, open_dumps(folder / "entire_qnt") as same:
        assert dumps.description.endswith("entire_qnt")
        assert dumps.names == same.names == ("a_scope_7:out1", "89")  # without an order.txt by their files' names


def test_that_an_analysis_asks_which_dump_is_meant(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="fp32, entire_qnt"):
        open_dumps(analysed(tmp_path))


def test_that_a_file_that_is_cut_short_is_named(tmp_path: Path) -> None:
    (tmp_path / "relu_at_89_2_2_out0_nhwc_1_2_3_4.tensor").write_text("1.0\n2.0\n")

    with open_dumps(tmp_path) as dumps, pytest.raises(DumpError, match="holds 2 values, and its name says 1×2×3×4"):
        dumps["89"]


def test_that_files_with_one_name_are_all_there(tmp_path: Path) -> None:
    for number in (2, 3):
        np.save(tmp_path / f"relu_at_89_{number}_{number}_out0_nhwc_1_5.npy", np.full(5, number, np.float32))

    with open_dumps(tmp_path) as dumps:
        assert dumps.names == ("89", "relu_at_89_3_3_out0_nhwc_1_5")
        assert dumps["89"].tolist() == [[2.0] * 5]
