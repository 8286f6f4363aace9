"""Rules of a board's own files: native types, text of level 6, and files of drivers with names of their own."""

from pathlib import Path

import numpy as np

from workbench.dump.formats import open_dumps

SHAPE = (1, 13, 2, 3)
VALUES = np.arange(78, dtype=np.float32).reshape(SHAPE)
GROUPED = np.zeros((1, 2, 2, 3, 8), np.float32)  # of RK3568 in int8
for n, c, h, w in np.ndindex(SHAPE):
    GROUPED[n, c // 8, h, w, c % 8] = VALUES[n, c, h, w]
NAME = "025_ConvClip_385_shape_1_13_2_3"


def write_text(path: Path, values: np.ndarray) -> None:
    path.write_text("".join(f"{value:.6f}\n" for value in values.reshape(-1)))


def test_that_text_of_level_6_comes_out_of_its_channel_groups(tmp_path: Path) -> None:
    write_text(tmp_path / f"{NAME}_float.txt", GROUPED)

    with open_dumps(tmp_path) as dumps:
        assert (dumps.names, dumps.op("385"), dumps.told_shape("385")) == (("385",), "ConvClip", SHAPE)
        assert dumps.layout("385") == "nc1hwc2"
        assert np.array_equal(dumps.raw("385", SHAPE, "nc1hwc2:8")[0], VALUES)


def test_that_arrays_count_where_level_6_wrote_both(tmp_path: Path) -> None:
    np.save(tmp_path / f"{NAME}_float.npy", VALUES)
    write_text(tmp_path / f"{NAME}_float.txt", GROUPED)

    with open_dumps(tmp_path) as dumps:
        assert np.array_equal(dumps.raw("385", SHAPE)[0], VALUES)


def test_that_files_of_a_models_own_type_say_that_their_scale_is_missing(tmp_path: Path) -> None:
    np.save(tmp_path / f"{NAME}_int8.npy", VALUES.astype(np.int8))
    np.save(tmp_path / "026_Conv_9_shape_1_4_float16.npy", np.ones((1, 4), np.float16))

    with open_dumps(tmp_path) as dumps:
        assert list(dumps.unscaled) == ["385"]
        assert "RKNN_DUMP_QUANT=0" in dumps.notes[-1]
        assert dumps["9"].dtype == np.float32


def test_that_files_of_a_driver_with_names_of_its_own_are_text(tmp_path: Path) -> None:
    write_text(tmp_path / "layer_3_strange.tensor", VALUES)

    with open_dumps(tmp_path) as dumps:
        assert dumps.names == ("layer_3_strange",)
        assert np.array_equal(dumps.raw("layer_3_strange", SHAPE)[0], VALUES)
