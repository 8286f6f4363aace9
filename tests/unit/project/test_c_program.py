"""The C program's side of a session, through its folder and through the command line."""

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from workbench.capi.findings import worst
from workbench.capi.input_check import Declared
from workbench.capi.passing import EQUAL
from workbench.cli.app import main
from workbench.dump.store import Dump
from workbench.foundation.errors import DatasetError, DumpError, SettingsError
from workbench.foundation.resources import resource
from workbench.foundation.steps import drain
from workbench.graph.read import guess_shapes, read_inputs
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess, guess
from workbench.project.board.c_program import (
    InputQuestion,
    OutputQuestion,
    c_program,
    check_input_buffer,
    expected_of,
    prove_raw,
    read_output_buffer,
    read_text,
    write_snippet,
)
from workbench.project.pipeline import analyze, demo_session
from workbench.project.results import load_results
from workbench.project.session import Session, save_session
from workbench.quantize.encoding import Encoding
from workbench.quantize.schemes import QuantSettings

PICTURES = resource("demo", "calibration")
ATTR = "index=0, name=image, dims=[1, 64, 64, 3], fmt=NHWC, type=INT8, qnt_type=AFFINE, zp=-128, scale=0.003921568627"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo") / "session"
    drain(analyze(demo_session(), folder))
    return folder


@pytest.fixture
def pixels() -> np.ndarray:
    return np.ascontiguousarray(cv2.imread(str(PICTURES / "000.png"))[:, :, ::-1])


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["capi", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_that_encodings_are_those_of_the_run(demo: Path) -> None:
    program = c_program(demo)
    (image,), (scores,) = program.inputs, program.outputs
    assert image.encoding is not None
    assert image.encoding.dtype == "int8"
    assert scores.encoding == Encoding("int8", (1 / 255,), (-128,))
    assert (image.chip, scores.shape) == ("rk3588", (1, 10))


def test_that_what_the_board_prints_takes_their_place(demo: Path) -> None:
    assert c_program(demo, ATTR).inputs[0].encoding == Encoding("int8", (0.003921568627,), (-128,))
    below = "output tensors:\n index=0, name=other, dims=[1, 10], type=UINT8, qnt_type=AFFINE, zp=3, scale=0.5"
    assert c_program(demo, below).outputs[0].encoding == Encoding("uint8", (0.5,), (3,))
    assert c_program(demo, below).inputs == c_program(demo).inputs


def test_that_a_print_of_fewer_digits_loses_none(demo: Path) -> None:
    (network,) = c_program(demo).inputs
    assert network.encoding is not None
    scale, zero_point = network.encoding.scale[0], network.encoding.zero_point[0]
    text = "index=0, name=image, dims=[1, 64, 64, 3], fmt=NHWC, type=INT8, qnt_type=AFFINE, zp={}, scale={:f}"
    assert c_program(demo, text.format(zero_point, scale)).inputs[0].encoding == network.encoding
    assert c_program(demo, text.format(zero_point + 1, scale)).inputs[0].encoding != network.encoding


def test_that_a_session_before_its_first_run_is_of_use(tmp_path: Path) -> None:
    save_session(demo_session(), tmp_path)
    (network,) = c_program(tmp_path).inputs
    assert network.encoding is None
    ((_, proof),) = prove_raw(tmp_path)
    assert proof is not None
    assert proof.is_assumed
    assert "feed(rknn_context" in write_snippet(tmp_path, "c++", True)


def test_that_the_stored_values_of_the_simulator_are_right_for_pass_through_1(demo: Path, tmp_path: Path) -> None:
    results = load_results(demo)
    assert results is not None
    with Dump(results.dumps["simulator"][0]) as dump:
        stored, _ = dump.raw("image_int8")
        np.ascontiguousarray(stored.transpose(0, 2, 3, 1)).tofile(tmp_path / "fed.bin")
    answer = check_input_buffer(tmp_path / "fed.bin", demo, InputQuestion(declared=Declared("int8", "NHWC", 1)))
    assert {finding.key for finding in answer.findings} == {"reading", "stored"}
    assert (answer.type, answer.layout, answer.agreement > 0.99) == ("int8", "NHWC", True)


def test_that_answers_can_go_to_another_process(demo: Path, tmp_path: Path, pixels: np.ndarray) -> None:
    pixels.tofile(tmp_path / "fed.bin")
    answer = check_input_buffer(tmp_path / "fed.bin", demo, InputQuestion())
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert len(pickle.dumps(answer)) < 10_000
    assert pickle.loads(pickle.dumps(prove_raw(demo)))[0][0] == "image"


def test_that_a_picture_that_is_not_of_the_session_can_be_named(demo: Path, tmp_path: Path) -> None:
    other = PICTURES / "003.png"
    np.ascontiguousarray(cv2.imread(str(other))[:, :, ::-1]).tofile(tmp_path / "fed.bin")
    assert worst(check_input_buffer(tmp_path / "fed.bin", demo, InputQuestion()).findings) == "bad"
    assert worst(check_input_buffer(tmp_path / "fed.bin", demo, InputQuestion(picture=other)).findings) == "good"


def test_that_an_unknown_input_and_output_are_refused_with_those_there_are(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "b.bin").write_bytes(b"1234567890")
    with pytest.raises(SettingsError, match="Its inputs are image"):
        expected_of(c_program(demo), "no")
    with pytest.raises(SettingsError, match="The outputs are scores"):
        read_output_buffer(tmp_path / "b.bin", demo, OutputQuestion("no"))
    with pytest.raises(SettingsError, match="unknown output"):
        read_output_buffer(tmp_path / "b.bin", None, OutputQuestion())


def test_that_an_output_is_shown_beside_golden_and_simulator(demo: Path, tmp_path: Path) -> None:
    stored = np.arange(-128, -118, dtype=np.int8)
    stored.tofile(tmp_path / "out.bin")
    answer = read_output_buffer(tmp_path / "out.bin", demo, OutputQuestion())
    np.testing.assert_allclose(answer.real[0], np.arange(10) / 255, rtol=1e-6)
    assert answer.golden is not None
    assert answer.simulator is not None
    assert answer.golden.shape == answer.simulator.shape == (1, 10)


def test_that_an_output_needs_no_session_where_its_attribute_is_printed(tmp_path: Path) -> None:
    text = "index=0, name=conv9, n_dims=4, dims=[1 1 2 2], fmt=0 type=3 qnt_type=2 fl=0 zp=136 scale=4.625256"
    (tmp_path / "out.bin").write_bytes(bytes([124, 136, 0, 255]))
    answer = read_output_buffer(tmp_path / "out.bin", None, OutputQuestion(attrs=text))
    np.testing.assert_allclose(answer.real.reshape(-1), [-55.503072, 0, -629.034816, 550.405464], rtol=1e-6)


def test_that_a_file_that_is_none_and_no_attribute_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="neither a file nor a printed attribute"):
        read_text(str(tmp_path / "none.txt"))


def test_that_a_network_of_several_inputs_finds_the_one_that_is_meant(shared: Path, tmp_path: Path) -> None:
    model = shared / "models" / "seafusion_288_384.onnx"
    tensors = read_inputs(model)
    shapes = guess_shapes(tensors)
    files = [shared / "images" / "misc" / "bus.jpg"] * len(tensors)
    session = Session(model, shapes, {one.name: guess(one) for one in tensors}, (Sample(tuple(files)),))
    save_session(session, tmp_path / "s")
    program = c_program(tmp_path / "s")
    for one in expected_of(program):
        one.pixels.transpose(0, 2, 3, 1).tofile(tmp_path / "fed.bin")
        answer = check_input_buffer(tmp_path / "fed.bin", tmp_path / "s", InputQuestion())
        same = [other for other in program.inputs if other.shape == one.input.shape]
        assert answer.input in [other.tensor.name for other in same]


def test_that_the_command_checks_an_input(
    demo: Path, tmp_path: Path, pixels: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels[:, :, ::-1].tofile(tmp_path / "fed.bin")
    document = answered(capsys, "input", str(tmp_path / "fed.bin"), str(demo), "--type", "UINT8", "--pass-through", "0")
    assert (document["verdict"], document["input"], document["layout"]) == ("bad", "image", "NHWC")
    assert [one["key"] for one in document["findings"] if one["level"] == "bad"] == ["order"]
    assert main(["capi", "input", str(tmp_path / "fed.bin"), str(demo)]) == 0
    assert "✖ Red and blue are exchanged: the network wants RGB.\n    Exchange" in capsys.readouterr().out


def test_that_the_command_explains_attributes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "attr.txt").write_text(f"input tensors:\n{ATTR}\n")
    (tensor,) = answered(capsys, "attr", str(tmp_path / "attr.txt"))["tensors"]
    assert (tensor["name"], tensor["kind"], tensor["zp"]) == ("image", "input", -128)
    assert main(["capi", "attr", ATTR]) == 0
    assert "value = (q + 128) * 0.00392156863" in capsys.readouterr().out


def test_that_the_command_proves_pass_through(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (proof,) = answered(capsys, "pass-through", str(demo))["inputs"]
    assert (proof["input"], proof["verdict"], proof["shift"]) == ("image", "unequal", 128)
    assert proof["on_picture"][0] == 64 * 64 * 3


def test_that_the_command_shows_an_output(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = np.arange(-128, -118, dtype=np.int8)
    stored.tofile(tmp_path / "out.bin")
    ((stored.astype(np.float32) + 128) / 255).tofile(tmp_path / "float.bin")
    document = answered(
        capsys, "output", str(tmp_path / "out.bin"), str(demo), "--beside", str(tmp_path / "float.bin"), "--rows", "2"
    )
    assert (document["verdict"], document["stored"], document["want_float"]) == ("good", [-128, -127], 0)
    assert main(["capi", "output", str(tmp_path / "float.bin"), str(demo)]) == 0
    assert "want_float=0" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["c++", "python"])
def test_that_the_command_writes_a_snippet(
    demo: Path, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["capi", "snippet", str(demo), "--language", language, "-o", str(tmp_path / "s.txt")]) == 0
    assert answered(capsys, "snippet", str(demo), "--language", language)["text"] == (tmp_path / "s.txt").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["input", "none.bin", "SESSION"],
        ["input", "none.bin", "none"],
        ["input", "BUFFER", "SESSION", "--type", "int99"],
        ["attr", "hello="],
        ["output", "BUFFER"],
        ["snippet", "SESSION", "--language", "cobol"],
    ],
)
def test_that_what_cannot_be_used_is_said_in_a_sentence(
    demo: Path, tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.bin").write_bytes(b"123")
    filled = [{"SESSION": str(demo), "BUFFER": str(tmp_path / "b.bin")}.get(word, word) for word in arguments]
    assert main(["capi", *filled]) == 2
    assert capsys.readouterr().err.startswith("rknn-workbench: ")


def test_that_equal_numbers_pass_in_a_session_of_the_first_generation(tmp_path: Path) -> None:
    base = demo_session()
    (name,) = base.preprocess
    quant = QuantSettings("asymmetric_quantized-u8", "layer", target="rv1126")
    session = Session(base.model, {}, {name: Preprocess((128.0,), (128.0,))}, base.samples, base.dataset, quant)
    drain(analyze(session, tmp_path / "s"))
    ((_, proof),) = prove_raw(tmp_path / "s")
    assert proof is not None
    assert (proof.verdict, proof.is_assumed) == (EQUAL, False)
    assert proof.on_picture == (64 * 64 * 3, 0, 0)


@pytest.mark.parametrize("words", [("snippet",), ("pass-through",)])
def test_that_attributes_of_another_network_are_not_passed_over(
    demo: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    other = ATTR.replace("name=image", "name=<b>other</b>")
    assert main(["capi", *words, str(demo), f"--attr={other}"]) == 2
    assert "belong to no input or output" in capsys.readouterr().err


def test_that_a_file_without_a_word_is_no_attribute(
    demo: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "attr.txt").touch()
    assert main(["capi", "snippet", str(demo), "--attr", str(tmp_path / "attr.txt")]) == 2
    assert "no printed rknn_tensor_attr" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "  "])
def test_that_an_empty_attribute_is_named_as_what_it_is(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert main(["capi", "attr", text]) == 2
    assert "no printed rknn_tensor_attr" in capsys.readouterr().err


@pytest.mark.parametrize("dtype", ["w8a8", "fp16"])
def test_that_a_picture_that_cannot_be_read_is_told_also_where_no_proof_needs_it(
    demo: Path, tmp_path: Path, dtype: str
) -> None:
    session = replace(demo_session(), quant=QuantSettings(dtype=dtype))
    save_session(session, tmp_path / "s")
    (tmp_path / "torn.png").write_bytes((PICTURES / "000.png").read_bytes()[:100])
    with pytest.raises(DatasetError, match=r"torn\.png"):
        prove_raw(tmp_path / "s", tmp_path / "torn.png")
    with pytest.raises(SettingsError, match="is no picture"):
        prove_raw(tmp_path / "s", tmp_path / "notes.txt")
