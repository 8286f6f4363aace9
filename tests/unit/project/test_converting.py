"""A session becomes calls of the toolkit; preprocessing becomes part of the .rknn."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.made_toolkit import Calls, Made
from tests.unit.networks import node, random, write_network
from workbench.foundation.errors import PlanError, SettingsError
from workbench.foundation.steps import drain
from workbench.graph.graph import Tensor
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import Session
from workbench.project.toolkit.converting import Wish, convert, make, normalisation
from workbench.project.toolkit.hybrid import HybridWish, hybrid
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit.host import ToolkitError

BGR = Preprocess(mean=(1.0, 2.0, 3.0), std=(4.0, 5.0, 6.0), order="bgr")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A Conv on a picture, normalised, with two pictures to calibrate with."""
    conv = node("Conv", ["x", "w"], ["y"])
    model = write_network(tmp_path / "net.onnx", [conv], {"w": random(2, 3, 1, 1)}, (1, 3, 4, 4))
    samples = []
    for number in range(2):
        path = tmp_path / f"{number}.png"
        cv2.imwrite(str(path), np.full((4, 4, 3), (10, 20, 30 + number), np.uint8))  # blue, green, red
        samples.append(Sample((path,)))
    return Session(model, preprocess={"x": BGR}, samples=tuple(samples[:1]), dataset=tuple(samples))


def of(calls: Calls, method: str) -> dict[str, Any]:
    return next(arguments for name, arguments in calls() if name == method)


def test_that_the_rknn_lies_in_the_session(session: Session, toolkit_that: Made, tmp_path: Path) -> None:
    folder = tmp_path / "my session"

    path = drain(convert(session, folder, toolkit_that()))

    assert path == folder / "net.rknn"
    assert path.is_file()
    assert [item.name for item in (folder / "toolkit" / "convert").iterdir()] == ["toolkit.log"]


def test_that_normalisation_is_the_toolkits_part(
    session: Session, toolkit_that: Made, calls: Calls, tmp_path: Path
) -> None:
    keep = f"import shutil; shutil.copytree('fed', {str(tmp_path / 'kept')!r}); return 0"
    drain(convert(session, tmp_path / "s", toolkit_that(load=keep)))

    fed = np.load(tmp_path / "kept" / "calibration-1-0.npy")
    assert fed.shape == (1, 3, 4, 4)
    assert fed[0, :, 0, 0].tolist() == [10, 20, 31]  # as in the file, in the network's order

    config = of(calls, "config")
    assert config["mean_values"] == [[1.0, 2.0, 3.0]]
    assert config["std_values"] == [[4.0, 5.0, 6.0]]
    assert config["target_platform"] == "rk3588"


def test_that_scale_is_divided_out_and_one_number_is_spread() -> None:
    inputs = [Tensor("a", (1, 3, 2, 2), "float32"), Tensor("b", (1, 7), "float32")]
    settings = {"a": Preprocess(mean=(0.5,), std=(0.25,), scale=1 / 256), "b": Preprocess()}

    found = normalisation(inputs, settings)

    assert found == {"mean_values": [[128.0] * 3, [0.0] * 7], "std_values": [[64.0] * 3, [1.0] * 7]}


def test_that_nothing_is_said_where_nothing_is_normalised() -> None:
    assert normalisation([Tensor("a", (1, 3, 2, 2), "float32")], {}) == {}


def test_that_layers_with_another_precision_go_through_the_cfg(
    session: Session, toolkit_that: Made, calls: Calls, tmp_path: Path
) -> None:
    session = replace(session, quant=QuantSettings(float_tensors=("a",)))

    drain(convert(session, tmp_path / "s", toolkit_that()))

    assert [name for name, _ in calls()][-3:] == ["config", "hybrid_quantization_step2", "export_rknn"]


def test_that_a_mixed_session_keeps_its_cfg_and_snapshots(session: Session, toolkit_that: Made, tmp_path: Path) -> None:
    folder = tmp_path / "my session"
    wish = HybridWish({"a": "int16"}, out=folder / "mixed.rknn")

    outcome = drain(hybrid(session, folder, toolkit_that(), wish))

    assert outcome.layers == {"b": "float16", "a": "int16"}
    assert outcome.cfg is not None
    assert b'"a": int16' in outcome.cfg.read_bytes()
    (snapshot,) = outcome.snapshots
    kept = {path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*.*")}
    assert {"error_analysis.txt", "golden/npy/file1.npy"} <= kept
    assert "golden/file1.txt" not in kept
    assert (folder / "mixed.rknn").is_file()


def test_that_a_layer_that_the_toolkit_has_not_is_refused(session: Session, toolkit_that: Made, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="has no nowhere"):
        drain(hybrid(session, tmp_path / "s", toolkit_that(), HybridWish({"nowhere": "float16"})))


def test_that_a_failed_conversion_leaves_the_old_rknn_and_the_log(
    session: Session, toolkit_that: Made, tmp_path: Path
) -> None:
    out = tmp_path / "s" / "net.rknn"
    out.parent.mkdir()
    out.write_text("old")

    with pytest.raises(ToolkitError):
        drain(convert(session, tmp_path / "s", toolkit_that(build="print('E build: no'); os.abort()")))

    assert out.read_text() == "old"
    assert "E build: no" in (tmp_path / "s" / "toolkit" / "convert" / "toolkit.log").read_text()


def test_that_other_arguments_reach_the_toolkit(
    session: Session, toolkit_that: Made, calls: Calls, tmp_path: Path
) -> None:
    options = {"single_core_mode": True, "rknn_batch_size": 2}
    session = replace(session, quant=QuantSettings("fp16"), dataset=(), samples=(), toolkit_options=options)

    with pytest.raises(ToolkitError, match="rknn_batch_size"):  # the toolkit of the test does not know it
        drain(make(session, tmp_path / "s", toolkit_that(), Wish(out=tmp_path / "m.rknn")))

    assert of(calls, "config")["single_core_mode"] is True
    assert of(calls, "build") == {"do_quantization": False, "rknn_batch_size": 2}


def test_that_what_the_settings_say_is_not_said_twice(session: Session, toolkit_that: Made, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="quantized_dtype is said by the settings"):
        drain(convert(replace(session, toolkit_options={"quantized_dtype": "w8a8"}), tmp_path / "s", toolkit_that()))


@pytest.mark.parametrize(
    ("options", "quant", "message"),
    [
        ({"auto_hybrid": True}, QuantSettings(float_tensors=("a",)), "auto_hybrid cannot be chosen together"),
        ({"quantize_weight": True}, QuantSettings(), "stay in float"),
        ({"single_core_mode": True}, QuantSettings(target="rk3566"), "rk3588 only, not for the rk3566"),
    ],
)
def test_that_options_that_do_not_go_with_the_settings_are_refused_before_the_toolkit_runs(
    options: dict[str, Any], quant: QuantSettings, message: str, session: Session, toolkit_that: Made, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=message):
        drain(convert(replace(session, quant=quant, toolkit_options=options), tmp_path / "s", toolkit_that()))
    assert not (tmp_path / "calls.json").exists()


def test_that_a_float_network_has_inputs_where_the_toolkit_looks_for_layers_beyond_float16(
    session: Session, toolkit_that: Made, calls: Calls, tmp_path: Path
) -> None:
    session = replace(session, quant=QuantSettings("fp16"), toolkit_options={"auto_hybrid": True})

    with pytest.raises(ToolkitError, match="auto_hybrid"):  # the toolkit of the test does not know it
        drain(convert(session, tmp_path / "s", toolkit_that()))

    build = of(calls, "build")
    assert (build["do_quantization"], build["auto_hybrid"]) == (False, True)
    assert build["dataset"].endswith("dataset.txt")


def test_that_quantization_needs_inputs_and_a_plan_is_refused(
    session: Session, toolkit_that: Made, tmp_path: Path
) -> None:
    toolkit = toolkit_that()
    with pytest.raises(SettingsError, match="nothing to calibrate with"):
        drain(convert(replace(session, samples=(), dataset=()), tmp_path / "s", toolkit))
    with pytest.raises(SettingsError, match="takes none from a file"):
        drain(convert(replace(session, plan=tmp_path / "plan.json"), tmp_path / "s", toolkit))
