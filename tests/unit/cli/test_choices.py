from pathlib import Path

import pytest

from workbench.cli import choices
from workbench.cli.options import Preprocessing, Quantization
from workbench.foundation.errors import DatasetError, SettingsError, WorkbenchError
from workbench.graph.graph import Tensor
from workbench.preprocess.preprocess import Preprocess
from workbench.project.making import samples_of
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit import descriptions

COLOUR = Tensor("left", (1, 3, 8, 8), "float32")
GRAY = Tensor("right:0", (1, 8, 8, 1), "float32")


def test_that_without_options_the_shape_decides() -> None:
    assert choices.preprocessing(Preprocessing(), [COLOUR, GRAY]) == {
        "left": Preprocess(),
        "right:0": Preprocess(order="gray", layout="nhwc"),
    }


def test_that_an_option_counts_for_every_input_and_input_for_one() -> None:
    options = Preprocessing(mean="127.5", std="128", input=["left:order=bgr,mean=1/2/3"])
    assert choices.preprocessing(options, [COLOUR, GRAY]) == {
        "left": Preprocess((1, 2, 3), (128,), order="bgr"),
        "right:0": Preprocess((127.5,), (128,), order="gray", layout="nhwc"),
    }


def test_that_rockchips_older_spelling_is_understood_for_every_input() -> None:
    options = Preprocessing(channel_mean_value="1 2 3 64", reorder_channel="2 1 0")
    settings = choices.preprocessing(options, [COLOUR, GRAY])
    assert (settings["left"].mean, settings["left"].std, settings["left"].order) == ((1, 2, 3), (64,), "bgr")
    assert (settings["right:0"].mean, settings["right:0"].order) == ((1,), "gray")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Preprocessing(mean="1,2"), "2 values"),
        (Preprocessing(mean="red"), "--mean"),
        (Preprocessing(std="0"), "std"),
        (Preprocessing(order="rbg"), "order"),
        (Preprocessing(input=["middle:mean=1"]), "left, right:0"),
        (Preprocessing(mean="1", channel_mean_value="1 2 3 4"), "twice"),
    ],
)
def test_that_preprocessing_that_cannot_be_is_refused(options: Preprocessing, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        choices.preprocessing(options, [COLOUR, GRAY])


def test_that_a_shape_names_an_input_even_with_colons() -> None:
    assert choices.read_shapes(["right:0:1,4,4,1"], [COLOUR, GRAY]) == {"right:0": (1, 4, 4, 1)}


@pytest.mark.parametrize("text", ["left", "left:", "left:1,x", "left:0,3", "nobody:1,2", "1,3,8,8"])
def test_that_a_shape_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--shape"):
        choices.read_shapes([text], [COLOUR])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Quantization(dtype="w4a16"), "rk3588 does not have w4a16, unlike rk3576, rv1126b"),
        (Quantization(dtype="int3"), "w8a8, w8a16"),
        (Quantization(method="group32"), "channel, layer"),
        (Quantization(algorithm="gdq"), "normal"),
        (Quantization(target="rv1126"), "asymmetric_quantized-u8"),
        (Quantization(target="rk1"), "rk3588"),
        (Quantization(dtype="w16a16i_dfp", int16_tensors=["a"]), "int16"),
        (Quantization(cfg=Path("a.cfg"), dtype="fp16"), "activations in float"),
    ],
)
def test_that_what_this_version_lacks_is_refused_with_what_there_is(options: Quantization, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        choices.quant_settings(options)


@pytest.mark.parametrize(
    ("dtype", "target", "method"), [("w8a8", "rk3588", "channel"), ("asymmetric_quantized-u8", "rk1808", "layer")]
)
def test_that_weights_are_encoded_as_finely_as_the_type_allows(dtype: str, target: str, method: str) -> None:
    assert choices.quant_settings(Quantization(dtype=dtype, target=target)).method == method


def test_that_an_unknown_simulator_is_refused() -> None:
    with pytest.raises(SettingsError, match="embedded, toolkit, none"):
        choices.check_simulator("vendor")


def test_that_the_toolkit_is_refused_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptions, "_all", tuple)  # `described` itself would stay in what imports it meanwhile
    with pytest.raises(WorkbenchError, match="not set up"):
        choices.check_simulator("toolkit")


def test_that_a_range_names_a_tensor_even_with_colons() -> None:
    found = choices.quant_settings(Quantization(ranges=["a:0:-1.5,6"])).ranges
    assert found == (("a:0", -1.5, 6.0),)


@pytest.mark.parametrize("text", ["a", "a:1", "a:2,1", "a:nan,1", "a:0,inf", ":0,1", "a:x,1"])
def test_that_a_range_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--range"):
        choices.quant_settings(Quantization(ranges=[text]))


def test_that_float_tensors_are_a_list_with_commas() -> None:
    assert choices.quant_settings(Quantization(float_tensors=["a,b", "c"])) == QuantSettings(
        float_tensors=("a", "b", "c")
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.npy" for number in range(4)]
    for path in paths:
        path.write_bytes(b"x")
    (tmp_path / "dataset.txt").write_text("0.npy\n1.npy\n2.npy\n")
    return paths


def test_that_files_are_shared_out_among_the_inputs(files: list[Path]) -> None:
    analysed, calibration = samples_of(files, None, 2)
    assert [sample.files for sample in analysed] == [tuple(files[:2]), tuple(files[2:])]
    assert calibration == analysed


def test_that_a_dataset_calibrates_and_its_first_line_is_analysed(files: list[Path]) -> None:
    analysed, calibration = samples_of([], files[0].parent / "dataset.txt", 1)
    assert [sample.files for sample in analysed] == [(files[0],)]
    assert len(calibration) == 3


def test_that_files_beside_a_dataset_are_analysed_only(files: list[Path]) -> None:
    analysed, calibration = samples_of(files[3:], files[0].parent / "dataset.txt", 1)
    assert [sample.files for sample in analysed] == [(files[3],)]
    assert len(calibration) == 3


def test_that_nothing_to_feed_is_refused() -> None:
    with pytest.raises(DatasetError, match="-i"):
        samples_of([], None, 1)
