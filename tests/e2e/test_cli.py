"""The command line from its arguments to its exit status, on a small network that the test builds."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from workbench.cli.app import main
from workbench.dump.store import Dump
from workbench.project.session import load_session

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network, pictures and a dataset."""
    folder = tmp_path_factory.mktemp("material")
    onnx.save(network(), folder / "net.onnx")
    random = np.random.default_rng(0)
    for number in range(4):
        cv2.imwrite(str(folder / f"{number}.png"), random.integers(0, 256, (16, 16, 3), np.uint8))
    (folder / "dataset.txt").write_text("".join(f"{number}.png\n" for number in range(4)))
    return folder


def network() -> onnx.ModelProto:
    """Conv, Relu, a branch, Concat, pooling and Gemm."""
    random = np.random.default_rng(0)

    def constant(name: str, *shape: int) -> onnx.TensorProto:
        return numpy_helper.from_array((random.standard_normal(shape) * 0.3).astype(np.float32), name)

    nodes = [
        helper.make_node("Conv", ["image", "w1", "b1"], ["/conv1"], name="conv1", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["/conv1"], ["/relu"], name="relu"),
        helper.make_node("Conv", ["/relu", "w2"], ["/left"], name="left"),
        helper.make_node("Sigmoid", ["/relu"], ["/right"], name="right"),
        helper.make_node("Concat", ["/left", "/right"], ["/both"], name="both", axis=1),
        helper.make_node("GlobalAveragePool", ["/both"], ["/pool"], name="pool"),
        helper.make_node("Flatten", ["/pool"], ["/flat"], name="flat"),
        helper.make_node("Gemm", ["/flat", "w3"], ["score"], name="gemm"),
    ]
    constants = [constant("w1", 8, 3, 3, 3), constant("b1", 8), constant("w2", 4, 8, 1, 1), constant("w3", 12, 5)]
    image = helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, ["batch", 3, 16, 16])
    score = helper.make_tensor_value_info("score", onnx.TensorProto.FLOAT, ["batch", 5])
    graph = helper.make_graph(nodes, "net", [image], [score], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


@pytest.fixture(scope="module")
def finished(material: Path) -> Path:
    """A session of two inputs."""
    folder = material / "session"
    pictures = [str(material / f"{number}.png") for number in range(2)]
    dataset = str(material / "dataset.txt")
    options = ["-i", *pictures, "--dataset", dataset, "--mean", "127.5", "--std", "128", "-o", str(folder), "--quiet"]
    assert main(["analyze", str(material / "net.onnx"), *options]) == 0
    return folder


@pytest.fixture
def session(finished: Path, tmp_path: Path) -> Path:
    """A copy of the session that a test may change."""
    shutil.copytree(finished, tmp_path / "session")
    document = json.loads((finished / "session.json").read_text())
    assert not Path(document["model"]).is_absolute()
    document["saved_in"] = str(tmp_path / "session")  # else it would find the files of the one it is a copy of
    (tmp_path / "session" / "session.json").write_text(json.dumps(document))
    shutil.copytree(finished.parent, tmp_path / "copy", ignore=shutil.ignore_patterns("session"))
    for path in (tmp_path / "copy").iterdir():
        shutil.move(path, tmp_path / path.name)
    return tmp_path / "session"


def analyze(material: Path, session: Path, *options: str) -> int:
    return main(["analyze", str(material / "net.onnx"), "-o", str(session), *options])


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """What standard error says; standard output is empty and there is no traceback."""
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()[-1]


def test_that_analyze_prints_every_layer_and_leaves_a_session(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png")) == 0
    out, err = capsys.readouterr()
    assert "/both" in out
    assert "output  cos " in out
    assert str(tmp_path / "s") in err
    assert (tmp_path / "s" / "session.json").is_file()


def test_that_json_is_the_only_thing_on_standard_output(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png"), "--json") == 0
    found = document(capsys)
    assert found["schema"] == 1
    assert [item["tensor"] for item in found["outputs"]] == ["score"]
    layer = next(layer for layer in found["layers"] if layer["tensor"] == "/relu")
    assert layer["encoding"]["dtype"] == "int8"
    assert 0.9 < layer["simulator"]["entire"]["cos"] <= 1
    assert {"reference", "simulator", "compare"} <= found["seconds"].keys()


def test_that_a_second_run_with_a_layer_in_float16_prints_before_and_now(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png")) == 0
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png"), "--float-tensors", "/both") == 0
    out = capsys.readouterr().out
    line = next(line for line in out.splitlines() if "→" in line and "/both" in line)
    assert "float16" in line
    assert "layers changed (before → now)." in out
    dumps = [Dump(path) for path in (tmp_path / "s" / "dumps").glob("simulator-*")]
    assert {dump.base for dump in dumps if dump.base} <= {dump.path for dump in dumps}
    assert any(dump.base for dump in dumps)


def test_that_several_inputs_give_mean_and_worst(finished: Path, tmp_path: Path) -> None:
    assert main(["export", str(finished), "--format", "json", "-o", str(tmp_path / "out.json")]) == 0
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert all(layer["simulator"]["entire"]["worst"]["sample"] in (0, 1) for layer in found["layers"])


def test_that_without_simulator_there_are_no_errors_and_no_calibration(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png"), "--simulator", "none", "--json") == 0
    assert all("simulator" not in layer for layer in document(capsys)["layers"])


@pytest.mark.parametrize("options", [["--dtype", "fp16"], ["--method", "layer"], ["--float-tensors", "/left"]])
def test_that_quantization_options_reach_the_simulator(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert analyze(material, tmp_path / "plain", "-i", str(material / "0.png"), "--json") == 0
    plain = document(capsys)["outputs"]
    assert analyze(material, tmp_path / "other", "-i", str(material / "0.png"), "--json", *options) == 0
    assert document(capsys)["outputs"] != plain


def test_that_rockchips_spelling_of_preprocessing_gives_the_same_numbers(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = ["--mean", "1,2,3", "--std", "64", "--order", "bgr"]
    theirs = ["--channel-mean-value", "1 2 3 64", "--reorder-channel", "2 1 0"]
    layers = []
    for number, options in enumerate((ours, theirs)):
        assert analyze(material, tmp_path / f"{number}", "-i", str(material / "0.png"), "--json", *options) == 0
        layers.append(document(capsys)["layers"])
    assert layers[0] == layers[1]


def test_that_tensors_selects_what_is_compared(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--tensors", "/bo*", "score", "--json"]
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png"), *options) == 0
    assert {"/both", "score"} >= {layer.get("golden", layer["tensor"]) for layer in document(capsys)["layers"]} != set()


def test_that_a_missed_limit_is_status_1_and_the_table_is_there(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = ["--fail-under", "cos=1.01", "--fail-over", "euc=1e9"]
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png"), *limits) == 1
    out, err = capsys.readouterr()
    assert "/both" in out
    assert "Limit missed" in err


def test_that_jobs_changes_no_bit(material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert analyze(material, tmp_path / "1", "-i", str(material / "0.png"), "--json", "--jobs", "1") == 0
    one = document(capsys)["layers"]
    assert analyze(material, tmp_path / "2", "-i", str(material / "0.png"), "--json") == 0
    assert document(capsys)["layers"] == one


def test_that_exported_npy_compare_as_equal_to_the_session(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(finished), "--format", "npy", "-o", str(tmp_path / "npy")]) == 0
    listed = json.loads((tmp_path / "npy" / "tensors.json").read_text(encoding="utf-8"))
    assert {item["dump"] for item in listed} == {"golden", "simulator", "simulator_single"}
    capsys.readouterr()
    folders = [str(tmp_path / "npy" / name) for name in ("golden", "golden")]
    assert main(["compare", *folders, "--json"]) == 0
    assert all(layer["simulator"]["entire"]["euc"] == 0 for layer in document(capsys)["layers"])


def test_that_compare_gives_the_numbers_of_the_vendors_report(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared / "artifacts" / "mobilenetv2_rk3588_runtime"
    assert main(["compare", str(folder), str(folder), "--runtime", str(folder), "--json", "--quiet"]) == 0
    text = (folder / "error_analysis.txt").read_text(encoding="utf-8")
    compared = 0
    for layer in json.loads(capsys.readouterr().out)["layers"]:
        row = re.search(rf"\] {re.escape(layer['tensor'])} +([01]\.\d{{5}}) \| ([\d.]+)", text)
        if row:
            entire = layer["simulator"]["entire"]
            assert entire["cos"] == pytest.approx(float(row[1]), abs=3e-5)  # theirs comes from float32 sums
            assert entire["euc"] == pytest.approx(float(row[2]), rel=1e-3)
            compared += 1
    assert compared >= 10


def test_that_compare_lists_what_has_no_partner(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(finished), "--format", "npy", "-o", str(tmp_path / "npy")]) == 0
    shutil.copytree(tmp_path / "npy" / "golden", tmp_path / "mine")
    (tmp_path / "mine" / "_relu.npy").rename(tmp_path / "mine" / "stranger.npy")
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "npy" / "golden"), str(tmp_path / "mine"), "--json"]) == 0
    unmatched = document(capsys)["unmatched"]
    assert unmatched["golden"] == ["/relu"]
    assert "stranger" in unmatched["simulator"]


def test_that_a_map_joins_other_names(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(finished), "--format", "npy", "-o", str(tmp_path / "npy")]) == 0
    shutil.copytree(tmp_path / "npy" / "golden", tmp_path / "mine")
    (tmp_path / "mine" / "_relu.npy").rename(tmp_path / "mine" / "stranger.npy")
    (tmp_path / "map.txt").write_text("stranger /relu\n")
    capsys.readouterr()
    arguments = [str(tmp_path / "npy" / "golden"), str(tmp_path / "mine"), "--map", str(tmp_path / "map.txt")]
    assert main(["compare", *arguments, "--json"]) == 0
    layer = next(layer for layer in document(capsys)["layers"] if layer.get("golden", layer["tensor"]) == "/relu")
    assert layer["matched_by"] == "map"


def test_that_two_sessions_are_compared_and_their_other_settings_listed(
    material: Path, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(material, tmp_path / "half", "-i", str(material / "0.png"), "--dtype", "fp16", "--quiet") == 0
    capsys.readouterr()
    assert main(["compare", f"{finished}:simulator", str(tmp_path / "half"), "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"name": "quant.dtype", "golden": "w8a8", "simulator": "fp16"} in found["differences"]
    assert all("cos" in layer["simulator"]["entire"] for layer in found["layers"])


def test_that_imported_runtime_dumps_stand_beside_the_simulator(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(session), "--format", "npy", "-o", str(tmp_path / "npy")]) == 0
    capsys.readouterr()
    dumps = str(tmp_path / "npy" / "simulator")
    assert main(["import", str(session), dumps, "--as", "runtime", "--json"]) == 0
    found = document(capsys)["layers"]
    compared = [layer for layer in found if "runtime" in layer]
    assert compared
    assert all("entire" in layer["runtime"] for layer in compared)
    assert main(["export", str(session), "--format", "csv", "-o", str(tmp_path / "out.csv")]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert "runtime.entire cos" in next(csv.reader(file))


def test_that_the_report_is_one_file_with_every_layer(finished: Path, tmp_path: Path) -> None:
    assert main(["export", str(finished), "--format", "html", "-o", str(tmp_path / "deep" / "report.html")]) == 0
    text = (tmp_path / "deep" / "report.html").read_text(encoding="utf-8")
    assert "/both" in text
    assert text.count('class="box ') == 9
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["report.html"]


def test_that_a_report_without_the_networks_file_says_so(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "net.onnx").unlink()
    assert main(["export", str(session), "--format", "html", "-o", str(tmp_path / "report.html")]) == 0
    assert "not drawn" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("broken.onnx", b"\x08\x01not a network", "broken.onnx"),
        ("empty.onnx", b"", "empty.onnx"),
        ("missing.onnx", None, "missing.onnx"),
    ],
)
def test_that_a_broken_network_is_one_sentence(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    picture = str(material / "0.png")
    assert main(["analyze", str(tmp_path / name), "-i", picture, "-o", str(tmp_path / "s"), "--quiet"]) == 2
    assert words in refusal(capsys)


def test_that_a_truncated_array_is_one_sentence(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "x.npy", np.zeros((1, 3, 16, 16), np.float32))
    (tmp_path / "x.npy").write_bytes((tmp_path / "x.npy").read_bytes()[:1000])
    assert analyze(material, tmp_path / "s", "-i", str(tmp_path / "x.npy")) == 2
    assert "x.npy" in refusal(capsys)


def test_that_a_picture_of_the_wrong_size_is_one_sentence(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cv2.imwrite(str(tmp_path / "large.png"), np.zeros((40, 30, 3), np.uint8))
    assert analyze(material, tmp_path / "s", "-i", str(tmp_path / "large.png"), "--resize", "none") == 2
    assert "large.png" in refusal(capsys)


def test_that_a_bad_dataset_line_is_named(material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dataset.txt").write_text(f"{material / '0.png'}\nnowhere.png\n")
    assert analyze(material, tmp_path / "s", "--dataset", str(tmp_path / "dataset.txt")) == 2
    assert "line 2" in refusal(capsys)


def test_that_no_input_at_all_is_one_sentence(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(material, tmp_path / "s") == 2
    assert "--dataset" in refusal(capsys)
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--dtype", "w4a16"], "w8a8"),
        (["--algorithm", "gdq"], "normal"),
        (["--method", "group32"], "channel"),
        (["--int16-tensors", "nothing"], "nothing"),
        (["--simulator", "vendor"], "embedded"),
        (["--simulator", "toolkit", "--toolkit", "nobody"], "nobody"),
        (["--board", "adb"], "adb:SERIAL"),
        (["--board", "local", "--runner", "magic"], "lite2"),
        (["--board", "local", "--runner", "command"], "{model}"),
        (["--board", "local", "--rknn", "no.rknn"], "no file"),
        (["--runner", "lite2"], "need a board"),
        (["--cfg", "a.cfg"], "a.cfg cannot be read"),
        (["--input", "nobody:mean=1"], "image"),
        (["--tensors", "nothing*"], "nothing*"),
        (["--float-tensors", "nothing"], "nothing"),
    ],
)
def test_that_what_cannot_be_is_one_sentence_that_says_what_can(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert analyze(material, tmp_path / "s", "-i", str(material / "0.png"), "--quiet", *options) == 2
    assert words in refusal(capsys)


def test_that_a_session_in_a_place_that_cannot_be_written_is_one_sentence(
    material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert analyze(material, tmp_path / "file" / "s", "-i", str(material / "0.png"), "--quiet") == 2
    assert "Cannot write" in refusal(capsys)


@pytest.mark.parametrize("kind", ["html", "csv", "json", "npy"])
def test_that_an_export_that_cannot_be_written_leaves_nothing(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["export", str(finished), "--format", kind, "-o", str(tmp_path / "file" / "x"), "--quiet"]) == 2
    assert "Cannot write" in refusal(capsys)
    assert [path.name for path in tmp_path.iterdir() if path.name != "user-settings"] == ["file"]


@pytest.mark.parametrize("command", [["export", "--format", "csv", "-o", "x.csv"], ["import", "x", "--as", "golden"]])
def test_that_a_folder_that_is_no_session_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([command[0], str(tmp_path), *command[1:]]) == 2
    assert "session" in refusal(capsys)


@pytest.mark.skipif(sys.platform == "win32", reason="the system cannot limit the size of files")
@pytest.mark.parametrize("arguments", [["analyze"], ["export", "npy"], ["export", "csv"], ["export", "html"]])
def test_that_a_full_disk_is_one_sentence_and_nothing_half_written(
    material: Path, finished: Path, tmp_path: Path, arguments: list[str]
) -> None:
    out = tmp_path / "out"
    command, *kind = arguments
    if command == "analyze":
        given = [str(material / "net.onnx"), "-i", str(material / "0.png"), "-o", str(out)]
    else:
        given = [str(finished), "--format", kind[0], "-o", str(out)]
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600));"
        "from workbench.cli.app import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command, *given, "--quiet"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Cannot write" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith((".part", ".h5"))]
    assert command == "analyze" or not out.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C cannot be sent to one process")
def test_that_an_interrupt_ends_the_work_and_leaves_a_session_that_opens(material: Path, tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"  # a job in a shell has none
        "from workbench.cli import console; from workbench.cli.app import main;"
        "first = console._Lines.on_event;"
        "console._Lines.on_event = lambda self, event: (first(self, event), os.kill(os.getpid(), signal.SIGINT));"
        "sys.exit(main(sys.argv[1:]))"
    )
    given = ["analyze", str(material / "net.onnx"), "-i", str(material / "0.png"), "-o", str(tmp_path / "s")]
    done = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.splitlines()[-1] == "Cancelled."
    assert load_session(tmp_path / "s").samples
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


def test_that_the_demo_without_a_window_prints_its_table_and_writes_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--headless", "-o", str(tmp_path / "demo"), "--json"]) == 0
    assert len(document(capsys)["layers"]) >= 25
    assert (tmp_path / "demo" / "report.html").stat().st_size > 10_000
