"""`convert` on the command line, with a toolkit that only writes down what it is asked."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.made_toolkit import Calls, Made
from tests.unit.networks import node, write_network
from workbench.cli.app import main
from workbench.cli.choices import toolkit_options
from workbench.foundation.errors import SettingsError
from workbench.preprocess.dataset import Sample
from workbench.project.session import Session, save_session
from workbench.sources.toolkit.descriptions import describe


@pytest.fixture
def model(tmp_path: Path) -> Path:
    np.save(tmp_path / "x.npy", np.zeros((1, 3, 6, 6), np.float32))
    return write_network(tmp_path / "net.onnx", [node("Relu", ["x"], ["y"])])


def test_that_a_network_becomes_the_rknn_that_was_named(
    model: Path, toolkit_that: Made, calls: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(toolkit_that())
    out = tmp_path / "out" / "m.rknn"

    status = main(
        ["convert", str(model), "-i", str(tmp_path / "x.npy"), "--mean", "1,2,3", "--target", "rk3568",
         "--config", "compress_weight=true", "-o", str(out), "--json"]
    )  # fmt: skip

    assert status == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rknn"] == str(out)
    assert out.is_file()
    config = calls()[0][1]
    assert (config["target_platform"], config["compress_weight"]) == ("rk3568", True)
    assert config["mean_values"] == [[1.0, 2.0, 3.0]]


def test_that_float_needs_no_inputs(model: Path, toolkit_that: Made, tmp_path: Path) -> None:
    describe(toolkit_that())

    assert main(["convert", str(model), "--dtype", "fp16", "-q", "-o", str(tmp_path / "m.rknn")]) == 0


def test_that_layers_with_another_precision_leave_their_cfg_beside(
    model: Path, toolkit_that: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(toolkit_that())

    options = ["-i", str(tmp_path / "x.npy"), "--float-tensors", "a", "-o", str(tmp_path / "m.rknn"), "--json"]
    assert main(["convert", str(model), *options]) == 0

    assert b'"a": float16' in (tmp_path / "m.quantization.cfg").read_bytes()
    assert json.loads(capsys.readouterr().out)["layers"] == {"b": "float16", "a": "float16"}


def test_that_the_rknn_of_a_session_lies_in_it(model: Path, toolkit_that: Made, tmp_path: Path) -> None:
    describe(toolkit_that())
    sample = (Sample((tmp_path / "x.npy",)),)
    save_session(Session(model, samples=sample, dataset=sample), tmp_path / "session")

    assert main(["convert", str(tmp_path / "session"), "-q"]) == 0

    assert (tmp_path / "session" / "net.rknn").is_file()


def test_that_a_session_takes_no_other_settings(
    model: Path, toolkit_that: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(toolkit_that())
    save_session(Session(model), tmp_path / "session")

    assert main(["convert", str(tmp_path / "session"), "--target", "rk3568"]) == 2

    assert "A session has its inputs and settings" in capsys.readouterr().err


def test_that_a_toolkit_is_chosen_by_name(
    model: Path, toolkit_that: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(toolkit_that())

    assert main(["convert", str(model), "--dtype", "fp16", "--toolkit", "other", "-o", str(tmp_path / "m")]) == 2

    assert "The toolkit 'other' is not described. There are made" in capsys.readouterr().err


def test_that_a_crash_is_status_2_and_names_the_log(
    model: Path, toolkit_that: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(toolkit_that(build="os.abort()"))

    assert main(["convert", str(model), "--dtype", "fp16", "-q", "-o", str(tmp_path / "m.rknn")]) == 2

    said = capsys.readouterr().err
    assert "The toolkit crashed while it built the network (SIGABRT)." in said
    assert not (tmp_path / "m.rknn").exists()


def test_that_options_are_read_from_text() -> None:
    texts = [
        "remove_reshape=true",
        "disable_rules=a,b",
        "op_target=m:cpu",
        "custom_string=a=b",
        "compress_weight=False",
    ]

    assert toolkit_options(texts) == {
        "remove_reshape": True, "disable_rules": ["a", "b"], "op_target": {"m": "cpu"}, "custom_string": "a=b",
        "compress_weight": False,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["a", "=1", "a b=1"])
def test_that_an_option_without_name_or_value_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="NAME=VALUE"):
        toolkit_options([text])


def test_that_an_unknown_option_and_a_bad_value_are_one_sentence_and_status_2(
    model: Path, toolkit_that: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(toolkit_that())
    words = ["convert", str(model), "--dtype", "fp16", "-o", str(tmp_path / "m.rknn")]

    assert main([*words, "--config", "nonsense=1"]) == 2
    assert "The toolkit's option 'nonsense' is not known. There are compress_weight," in capsys.readouterr().err

    assert main([*words, "--config", "model_pruning=very"]) == 2
    assert "model_pruning cannot be very. It takes true or false." in capsys.readouterr().err


def test_that_a_session_is_converted_with_its_toolkit_and_options_and_those_that_are_given(
    model: Path, toolkit_that: Made, calls: Calls, tmp_path: Path
) -> None:
    describe(replace(toolkit_that(), name="second"))
    sample = (Sample((tmp_path / "x.npy",)),)
    options = {"compress_weight": True, "remove_reshape": True}
    session = Session(model, samples=sample, toolkit="second", toolkit_options=options)
    save_session(session, tmp_path / "session")

    words = ["convert", str(tmp_path / "session"), "-q", "--config", "remove_reshape=no"]
    assert main(words) == 2
    assert main([*words[:-1], "remove_reshape=false", "--config", "model_pruning=true"]) == 0

    config = calls()[0][1]
    assert {name: config[name] for name in config if name in (*options, "model_pruning")} == {
        "compress_weight": True,
        "model_pruning": True,
    }
