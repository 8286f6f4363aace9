"""Rules of fixes that write a network: its float outputs stay, and what they promise is what a run after them gives."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.unit.diagnose.real_runs import analysed, case_in, rescaled_mnist
from workbench.diagnose.case import Case
from workbench.diagnose.findings import Finding, Fix
from workbench.diagnose.fixes import cutting, equalising, rescaling
from workbench.diagnose.fixes.plain import with_constants
from workbench.diagnose.fixes.verify import difference
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.project.findings import fixing, trying

EXACT = 1e-4  # of an output's largest value


def made(case: Case, key: str, *layers: str) -> Fix:
    return drain(trying.made(case, Fix("", key=key), Finding("quantization", 1.0, layers)))


def networks_of(fix: Fix) -> list[Path]:
    assert fix.change is not None
    return [path for path in (fix.change.model, fix.change.tail) if path is not None]


def cosines(case: Case, fix: Fix) -> list[tuple[float, float]]:
    tried = drain(trying.tried(case, fix))
    return [(gain.before["cos"], gain.after["cos"]) for gain in tried.gain]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("mnist", "equalise"),
        ("resnet8_cifar10", "equalise"),
        ("fsanet", "equalise"),
        ("fsanet", "cut-tail"),
        ("ultraface_slim", "equalise"),
        ("ultraface_slim", "cut-tail"),
        ("ultraface_slim", "split-outputs"),
        ("yunet", "cut-tail"),
        ("fastestdet", "split-outputs"),
        ("ppocr_cls", "cut-tail"),
    ],
)
def test_that_the_written_networks_compute_what_the_original_does(
    shared: Path, tmp_path: Path, name: str, key: str
) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, name, tmp_path), stack)

        fix = made(case, key)

        assert drain(difference(case, networks_of(fix))) < EXACT


@pytest.mark.parametrize("power", [12, -24])
def test_that_a_rescaled_network_is_as_good_in_float16_as_the_healthy_one(
    shared: Path, tmp_path: Path, power: int
) -> None:
    model = rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**power)
    session = analysed(shared, "mnist", tmp_path, "fp16", model)
    with ExitStack() as stack:
        case = case_in(session, stack)

        fix = made(case, "rescale", "Convolution28_Output_0", "Plus30_Output_0", "ReLU32_Output_0", "Plus112_Output_0")
        ((_, after),) = cosines(case, fix)

    assert after > 0.999999
    assert "2^" in fix.text


def test_that_what_is_scaled_is_scaled_by_powers_of_two(shared: Path, tmp_path: Path) -> None:
    model = rescaled_mnist(shared, tmp_path / "net.onnx", 2.0**12)
    with ExitStack() as stack:
        case = case_in(analysed(shared, "mnist", tmp_path, "fp16", model), stack)

        fix = made(case, "rescale")

        old, new = drain(with_constants(case)), read_model(networks_of(fix)[0])
        for before, after in zip(old.proto.graph.node, new.proto.graph.node, strict=True):
            for name, other in zip(before.input, after.input, strict=True):
                if name in old.constants and old.constants[name].dtype.kind == "f":
                    ratio = new.constants[other] / np.where(old.constants[name] == 0, np.nan, old.constants[name])
                    exponent = np.log2(ratio[np.isfinite(ratio)])
                    assert np.array_equal(exponent, np.rint(exponent))


def test_that_the_classes_of_a_shared_output_come_back_when_it_is_split(shared: Path, tmp_path: Path) -> None:
    """FastestDet gives boxes and classes in one tensor, whose step is larger than the scores of most classes."""
    with ExitStack() as stack:
        case = case_in(analysed(shared, "fastestdet", tmp_path), stack)

        (gain,) = drain(trying.tried(case, Fix("", key="split-outputs"))).gain

    assert gain.before["worst_channel"] < 0.5
    assert gain.after["worst_channel"] > 0.9


def test_that_equal_channels_help_where_weights_have_one_scale(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "retinaface", tmp_path), stack)

        found = cosines(case, made(case, "equalise"))

    assert min(after for _, after in found) > min(before for before, _ in found) + 0.005


def shift_of(session: Path) -> float:
    """How far the means of channels are off on golden inputs, relative to the values; of the layer in the middle."""
    with ExitStack() as stack:
        case = case_in(session, stack)
        found = []
        for row in case.rows:
            golden, single = case.golden(row), case.single(row)
            if golden is not None and single is not None and golden.ndim == 4 and golden.shape == single.shape:
                mean = np.square((single - golden).mean((0, 2, 3), dtype=np.float64)).mean()
                found.append(float(mean / np.square(golden, dtype=np.float64).mean()))
    return float(np.median(found))


@pytest.mark.parametrize("name", ["ultraface_slim", "fastestdet"])
def test_that_a_correction_of_biases_takes_the_shift_of_layers_back(shared: Path, tmp_path: Path, name: str) -> None:
    session = analysed(shared, name, tmp_path)
    with ExitStack() as stack:
        fix = made(case_in(session, stack), "correct-biases")
    before = shift_of(session)
    assert fix.change is not None

    drain(fixing.apply(session, fix.change, fix.text))

    assert shift_of(session) < 0.8 * before


def test_that_a_network_without_a_concat_at_its_end_is_not_split(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "mnist", tmp_path), stack)

        assert not cutting.can_cut(case, cutting.MOVING)
        with pytest.raises(SettingsError, match="cannot be done"):
            made(case, "split-outputs")


def test_that_a_bias_or_an_activation_at_the_end_is_not_cut_off(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "mnist", tmp_path), stack)

        assert drain(cutting.cut_tail(case)) is None


def test_that_the_text_says_what_is_left_to_compute(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "ppocr_cls", tmp_path), stack)

        assert made(case, "cut-tail").text.endswith("outside the NPU follow Add, Softmax.")


def test_that_a_norm_whose_constants_float16_cannot_hold_is_folded(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "ppocr_det", tmp_path, "fp16"), stack)

        fix = made(case, "fold-norms")

        assert rescaling.can_fold(case.model)
        assert not rescaling.can_fold(read_model(networks_of(fix)[0]))


@pytest.mark.parametrize(("reach", "power"), [(100.0, 0), (65504.0, -2), (1e6, -6), (2.0**-20, 20), (0.0, 0)])
def test_that_powers_leave_head_room(reach: float, power: int) -> None:
    assert rescaling.power_for(reach) == 2.0**power


def test_that_pairs_are_sums_of_products_with_nothing_that_mixes_channels_between(shared: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        case = case_in(analysed(shared, "ultraface_slim", tmp_path), stack)

        found = list(equalising.pairs(case.model))

    assert found
    for pair in found:
        assert {layer.op for layer in (*pair.givers, *pair.takers)} <= {"Conv", "ConvTranspose", "Gemm", "MatMul"}
