"""Accuracy on data sets, from the command line: the demo, MNIST, a detector; killed runs, images as sessions."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.cli.app import main
from workbench.dump.store import Dump
from workbench.evaluate.feeding import fed
from workbench.evaluate.items import read_items
from workbench.foundation.resources import resource
from workbench.foundation.steps import drain
from workbench.graph.read import read_model
from workbench.preprocess.dataset import read_dataset
from workbench.preprocess.preprocess import Preprocess
from workbench.project.accuracy.sources import choice_of, runs_of
from workbench.project.pipeline import demo_session
from workbench.project.results import load_results
from workbench.project.session import Session, load_session, save_session

REPAIRED = "mixed:float_tensors=/Concat_output_0;/pool/GlobalAveragePool_output_0"
LABELLED = resource("demo", "labelled")


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    save_session(demo_session(), tmp_path / "demo")
    return tmp_path / "demo"


def labelled(*further: str) -> list[str]:
    names = ["--labels", str(LABELLED / "labels.txt"), "--classes", str(resource("demo", "classes.txt"))]
    return ["--images", str(LABELLED), *names, *further]


def evaluated(session: Path, capsys: pytest.CaptureFixture[str], *options: str, status: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["evaluate", str(session), *options, "--quiet", "--json"]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def top1(found: dict[str, Any]) -> dict[str, float]:
    return {one["source"]: one["values"]["top1"]["value"] for one in found["sources"]}


def test_that_the_demo_loses_and_gets_back_what_its_readme_says(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = ("--with", "float", "--with", "layer:method=layer", "--with", "simulator", "--with", REPAIRED)
    found = evaluated(demo, capsys, *labelled(*sources))
    shares = top1(found)
    assert shares["float"] == 0.975
    assert shares["layer"] == pytest.approx(0.70, abs=0.01)
    assert shares["simulator"] == pytest.approx(0.915, abs=0.005)
    assert shares["mixed"] == pytest.approx(0.97, abs=0.005)
    layer = next(one for one in found["sources"] if one["source"] == "layer")
    assert layer["difference"]["top1"]["high"] < 0
    assert layer["difference"]["top1"]["chance"] < 1e-6
    assert found["images"] == 200
    assert {one["source"] for one in found["disagreements"]} == {"layer", "simulator", "mixed"}


def test_that_the_values_are_those_of_a_session(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bit for bit, so that an image that is opened shows what was measured."""
    evaluated(demo, capsys, *labelled("--most", "20", "--with", "float", "--with", "layer:method=layer"))
    item = read_items(LABELLED, 1)[30]
    assert main(["evaluate", str(demo), "--open", item.name, "-o", str(tmp_path / "one"), "--quiet"]) == 0
    session, results = load_session(tmp_path / "one"), load_results(tmp_path / "one")
    assert results is not None
    assert session.quant.method == "layer"
    assert session.samples[0].files == item.sample.files
    inputs = read_model(session.model, {}).graph.inputs
    given = fed(item, inputs, session.preprocess).feeds
    for text, kind in (("float", "golden"), ("layer:method=layer", "simulator")):
        runs = drain(runs_of(choice_of(text, load_session(demo)), demo))
        outputs = drain(runs.outputs([given], 1))[0]
        with Dump(results.dumps[kind][0]) as dump:
            assert np.array_equal(dump["scores"], outputs["scores"])


def test_that_a_run_that_was_killed_goes_on_where_it_ended(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "workbench", "evaluate", str(demo), *labelled("--with", "float"), "--quiet"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    end = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < end and not lines_in(demo):
        time.sleep(0.002)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    kept = lines_in(demo)
    assert kept > 0
    found = evaluated(demo, capsys, *labelled("--with", "float"))
    assert found["sources"][0]["computed"] == 200 - kept
    assert top1(found)["float"] == 0.975
    assert lines_in(demo) == 200
    assert evaluated(demo, capsys, *labelled("--with", "float"))["sources"][0]["computed"] == 0


def lines_in(session: Path) -> int:
    """Whole lines of all answers."""
    return sum(path.read_bytes().count(b"\n") for path in (session / "evaluations").glob("*.jsonl"))


def test_that_other_settings_and_other_pictures_are_computed_anew(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated(demo, capsys, *labelled("--most", "10", "--with", "float", "--with", "a:method=layer"))
    found = evaluated(demo, capsys, *labelled("--most", "20", "--with", "a:method=layer", "--with", "b:dtype=fp16"))
    assert {one["source"]: one["computed"] for one in found["sources"]} == {"a": 10, "b": 20}


def test_that_a_limit_that_is_missed_is_exit_status_1(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = labelled("--most", "40", "--with", "float", "--with", "layer:method=layer")
    evaluated(demo, capsys, *options, "--fail-under", "top1=0.5")
    evaluated(demo, capsys, *options, "--fail-under", "top1=0.99", status=1)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--images", "/nowhere"], "/nowhere"),
        ([], "no images"),
        (["--images", str(LABELLED)], "not known what is on the images"),
        (["--images", str(LABELLED), "--task", "x"], "--task"),
        (["--images", str(LABELLED), "--task", "detection"], "not known what is on the images"),
        (["--images", str(LABELLED), "--task", "detection", "--labels", "float"], "No decoder fits"),
        (["--images", str(LABELLED), "--task", "score"], "--hook"),
        (labelled("--with", "what"), "--with 'what'"),
        (labelled("--with", "float:method=layer"), "says nothing that can be run"),
        (labelled("--with", "a:method=x"), "method is 'x'"),
        (labelled("--with", "a:cfg=/nowhere.cfg"), "does not exist"),
        (labelled("--with", "float", "--with", "float"), "called float"),
        (labelled("--with", "toolkit", "--with", "a:bits=8"), "no setting 'bits'"),
    ],
)
def test_that_what_cannot_be_used_is_a_sentence(
    demo: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    capsys.readouterr()
    assert main(["evaluate", str(demo), *options, "--quiet"]) == 2
    assert says in capsys.readouterr().err


def test_that_outputs_are_compared_with_float(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--images", str(LABELLED), "--task", "outputs", "--most", "30", "--with", "float", "--with", "simulator"]
    found = evaluated(demo, capsys, *options)
    float_, simulator = found["sources"]
    assert float_["values"]["scores"]["value"] == pytest.approx(1)
    assert 0.8 < simulator["values"]["scores"]["value"] < 0.999
    assert found["disagreements"]


def test_that_a_hook_may_read_the_outputs(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = tmp_path / "hook.py"
    hook.write_text("def classes(outputs, image):\n    return outputs['scores'][0].argsort()[::-1]\n", "utf-8")
    found = evaluated(demo, capsys, *labelled("--with", "float", "--hook", str(hook)))
    assert top1(found)["float"] == 0.975
    hook.write_text("def score(outputs, image):\n    return {'best': outputs['scores'].max()}\n", "utf-8")
    options = ["--images", str(LABELLED), "--task", "score", "--most", "10", "--hook", str(hook)]
    found = evaluated(demo, capsys, *options)
    assert 0 < found["sources"][0]["values"]["best"]["value"] <= 1
    assert "best" in found["sources"][1]["difference"]


def test_that_mnist_is_measured_as_it_comes(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, session = shared / "images" / "mnist_t10k", tmp_path / "s"
    digits = str(shared / "images" / "mnist_digits")
    model = str(shared / "models" / "mnist.onnx")
    first = str(shared / "images" / "mnist_digits" / "0.png")
    assert main(["analyze", model, "-i", first, "--dataset", digits, "-o", str(session), "--quiet"]) == 0
    files = [
        "--images",
        str(folder / "t10k-images-idx3-ubyte.gz"),
        "--labels",
        str(folder / "t10k-labels-idx1-ubyte.gz"),
    ]
    found = evaluated(session, capsys, *files, "--most", "500", "--with", "float", "--with", "simulator")
    assert top1(found)["float"] >= 0.97
    assert top1(found)["simulator"] >= 0.97


def test_that_a_detector_finds_what_float_finds(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faces, session = shared / "images" / "faces_ultralight", tmp_path / "s"
    model = str(shared / "models" / "ultraface_slim_320_simplified.onnx")
    options = [
        "-i",
        str(faces / "10.jpg"),
        "--dataset",
        str(faces),
        "--mean",
        "127",
        "--std",
        "128",
        "-o",
        str(session),
    ]
    assert main(["analyze", model, *options, "--quiet", "--simulator", "none"]) == 0
    options = ["--task", "detection", "--images", str(faces), "--labels", "float", "--most", "12"]
    sources = ["--with", "float", "--with", "half:dtype=fp16", "--with", "quantised:method=channel"]
    found = evaluated(session, capsys, *options, *sources)
    values = {one["source"]: one["values"] for one in found["sources"]}
    assert values["float"]["map"]["value"] == 1
    assert values["half"]["map50"]["value"] > 0.98
    assert 0.5 < values["quantised"]["map50"]["value"] <= values["half"]["map50"]["value"]
    answers = [path.read_text("utf-8") for path in (session / "evaluations").glob("*.jsonl")]
    lines = [json.loads(line) for text in answers for line in text.splitlines()]
    sure = [sum(score > 0.7 for score in answer["scores"]) for name, _, answer in lines if name == "10.jpg"]
    assert all(18 <= count <= 21 for count in sure), "19 people are on that picture"


@pytest.mark.toolkit
def test_that_the_vendors_simulator_gives_the_same(
    shared: Path, tmp_path: Path, toolkit_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its `inference`, row after row in one build, bit for bit what the embedded simulator gives."""
    monkeypatch.setenv("RKNN_TOOLKIT_PYTHON", str(toolkit_python))
    save_session(demo_session(), tmp_path / "demo")
    session = load_session(tmp_path / "demo")
    inputs = read_model(session.model, {}).graph.inputs
    given = [fed(item, inputs, session.preprocess).feeds for item in read_items(LABELLED, 1)[:6]]
    found = {}
    for kind in ("toolkit", "simulator"):
        runs = drain(runs_of(choice_of(kind, session), tmp_path / "demo"))
        found[kind] = drain(runs.outputs(given[:4], 4)) + drain(runs.outputs(given[4:], 2))
        runs.close()
    for one, other in zip(found["toolkit"], found["simulator"], strict=True):
        assert np.abs(one["scores"] - other["scores"]).max() < 1e-3
    assert (tmp_path / "demo" / "toolkit" / "evaluation" / "toolkit.log").is_file()
    assert not (tmp_path / "demo" / "toolkit" / "evaluation" / "fed").exists()


def test_that_objects_are_measured_against_cocos_labels(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels made of what float finds, in COCO's form and in YOLO's: float is right by them, and no other picture."""
    pictures, session = shared / "images" / "coco_rknnzoo", tmp_path / "s"
    model = str(shared / "models" / "yolox_nano_416.onnx")
    options = ["-i", str(shared / "images" / "misc" / "bus.jpg"), "--order", "bgr", "--resize", "letterbox"]
    assert main(["analyze", model, *options, "-o", str(session), "--quiet", "--simulator", "none"]) == 0
    detect = ["--task", "detection", "--images", str(pictures), "--most", "4", "--with", "float", "--confidence", "0.3"]
    evaluated(session, capsys, *detect, "--labels", "float")
    lines = next((session / "evaluations").glob("*.jsonl")).read_text("utf-8").splitlines()
    answers = {name: answer for name, _, answer in map(json.loads, lines)}
    labels, folder = tmp_path / "instances.json", tmp_path / "yolo"
    folder.mkdir()
    document: dict[str, Any] = {"images": [], "annotations": [], "categories": [{"id": at} for at in range(80)]}
    for name, answer in answers.items():
        document["images"].append({"id": name, "file_name": name})
        width, height = answer["size"]
        rows = []
        for (x1, y1, x2, y2), number in zip(answer["boxes"], answer["classes"], strict=True):
            box = {"bbox": [x1, y1, x2 - x1, y2 - y1], "category_id": number, "image_id": name}
            document["annotations"].append(box)
            shares = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
            rows.append(" ".join(map(str, (number, *shares))))
        (folder / name.replace(".jpg", ".txt")).write_text("\n".join(rows), "utf-8")
    labels.write_text(json.dumps(document), "utf-8")
    for given in (labels, folder):
        found = evaluated(session, capsys, *detect, "--labels", str(given))["sources"][0]["values"]
        assert found["map"]["value"] == pytest.approx(1, abs=1e-9)
        assert found["recall50"]["value"] == 1


def test_that_a_network_of_two_inputs_is_compared_with_float(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fusion, listed = shared / "images" / "fusion", tmp_path / "dataset.txt"
    names = sorted(path.name for path in (fusion / "vi").iterdir())[:2]
    listed.write_text("".join(f"{fusion / 'vi' / name} {fusion / 'ir' / name}\n" for name in names), "utf-8")
    one = Preprocess(std=(255.0,), order="gray")
    dataset, session = read_dataset(listed, 2), tmp_path / "s"
    model = shared / "models" / "seafusion_288_384.onnx"
    save_session(Session(model, preprocess={"input_vis": one, "input_inf": one}, dataset=dataset), session)
    found = evaluated(session, capsys, "--task", "outputs", "--images", str(listed), "--with", "w:dtype=w8a8")
    assert 0.98 < found["sources"][0]["values"]["output"]["value"] < 1


def test_that_a_network_of_tensorflow_lite_is_measured_in_float(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures, session = shared / "images" / "imagenet_rknnzoo", tmp_path / "s"
    model = str(shared / "models" / "tflite" / "vww_96_float.tflite")
    first = str(sorted(pictures.iterdir())[0])
    options = ["-i", first, "--std", "255", "--simulator", "none"]
    assert main(["analyze", model, *options, "-o", str(session), "--quiet"]) == 0
    labels = tmp_path / "labels.txt"
    labels.write_text("".join(f"{path.name} 0\n" for path in pictures.iterdir()), "utf-8")
    found = evaluated(session, capsys, "--images", str(pictures), "--labels", str(labels), "--with", "float")
    assert found["sources"][0]["values"]["top1"]["value"] > 0.5, "most of them show no person"
    assert main(["evaluate", str(session), "--images", str(pictures), "--labels", str(labels), "--quiet"]) == 2


def test_that_a_session_without_calibration_is_measured_in_float_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_session(replace(demo_session(), dataset=()), tmp_path / "s")
    evaluated(tmp_path / "s", capsys, *labelled("--most", "5", "--with", "float"))
    assert main(["evaluate", str(tmp_path / "s"), *labelled("--most", "5"), "--quiet"]) == 2
    assert "nothing to calibrate with" in capsys.readouterr().err
