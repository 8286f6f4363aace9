"""Accuracy on a board: its toolkit is played by ONNX Runtime, everything else is as on a real one."""

import ast
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.boards import PlayedBoard
from workbench.cli.app import main
from workbench.foundation.resources import resource
from workbench.project.pipeline import demo_session
from workbench.project.session import BoardChoice, save_session
from workbench.sources.board.descriptions import describe_board, described_boards
from workbench.sources.board.trust import agree

LABELLED = resource("demo", "labelled")
TOOLKIT = """
import numpy as np, onnxruntime
class RKNNLite:
    def load_rknn(self, path):
        self.session = onnxruntime.InferenceSession(open(path, 'rb').read(), providers=['CPUExecutionProvider'])
        return 0
    def init_runtime(self): return 0
    def inference(self, inputs):
        assert inputs[0].dtype == np.uint8 and inputs[0].shape == (1, 64, 64, 3), (inputs[0].dtype, inputs[0].shape)
        values = (inputs[0].astype(np.float32) - [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]
        if BROKEN: raise RuntimeError('the NPU said no')
        return self.session.run(None, {'image': values.transpose(0, 3, 1, 2).astype(np.float32)})
    def release(self): pass
"""


def prepared(played: PlayedBoard, tmp_path: Path, broken: bool = False) -> Path:
    """A session on a board whose .rknn is the demo itself, with its normalisation inside."""
    package = tmp_path / "site" / "rknnlite"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "api.py").write_text(f"BROKEN = {broken}\n{TOOLKIT}", encoding="utf-8")
    board = replace(played.board, environment={**played.board.environment, "PYTHONPATH": str(tmp_path / "site")})
    describe_board(board)
    agree(board, sys.executable)
    (tmp_path / "demo.rknn").write_bytes(resource("demo", "demo.onnx").read_bytes())
    choice = BoardChoice(board.name, command=sys.executable, rknn=tmp_path / "demo.rknn")
    save_session(replace(demo_session(), board=choice), tmp_path / "s")
    return tmp_path / "s"


def options(most: int) -> list[str]:
    labels = ["--labels", str(LABELLED / "labels.txt"), "--classes", str(resource("demo", "classes.txt"))]
    return ["--images", str(LABELLED), *labels, "--most", str(most), "--with", "float", "--with", "board", "--quiet"]


def test_that_a_board_is_measured_beside_float(
    any_board: PlayedBoard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = prepared(any_board, tmp_path)
    capsys.readouterr()
    assert main(["evaluate", str(session), *options(30), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    values = {one["source"]: one["values"]["top1"]["value"] for one in found["sources"]}
    assert values["board"] == values["float"] > 0.9
    assert found["disagreements"] == []
    assert sorted(path.name for path in any_board.userdata.iterdir()) == []
    assert not list((session / "board" / "evaluation").iterdir())


def test_that_a_program_that_fails_there_is_told(
    local_board: PlayedBoard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = prepared(local_board, tmp_path, broken=True)
    capsys.readouterr()
    assert main(["evaluate", str(session), *options(5)]) == 2
    said = capsys.readouterr().err
    assert "failed with exit code" in said
    assert "the NPU said no" in said
    assert sorted(path.name for path in local_board.userdata.iterdir()) == []


def test_that_a_session_without_a_board_or_with_another_runner_is_told(
    local_board: PlayedBoard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_session(demo_session(), tmp_path / "s")
    assert main(["evaluate", str(tmp_path / "s"), *options(5)]) == 2
    assert "has no board" in capsys.readouterr().err
    choice = BoardChoice(local_board.board.name, runner="benchmark")
    save_session(replace(demo_session(), board=choice), tmp_path / "s")
    assert main(["evaluate", str(tmp_path / "s"), *options(5)]) == 2
    assert "lite2" in capsys.readouterr().err


def test_that_our_program_is_read_by_the_old_pythons_of_boards() -> None:
    ast.parse(resource("board", "infer.py").read_text("utf-8"), feature_version=(3, 5))


def test_that_a_board_of_a_cluster_is_measured_by_the_worker_that_has_it(
    local_board: PlayedBoard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    from tests.helpers.cluster import RunningCluster

    session = prepared(local_board, tmp_path)
    board = next(one for one in described_boards() if one.name == local_board.board.name)
    describe_board(replace(board, chip="rk3588", command=sys.executable))
    capsys.readouterr()
    given = [word if word != "board" else "board@rk3588" for word in options(30)]
    with RunningCluster(tmp_path / "cluster", workers=1) as cluster:
        cluster.add_worker("--resources", "rk3588=1")
        assert main(["evaluate", str(session), *given, "--cluster", cluster.address, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    values = {one["source"]: one["values"]["top1"]["value"] for one in found["sources"]}
    assert values["board@rk3588"] == values["float"] > 0.9
    assert (tmp_path / "demo.rknn").is_file()
    assert sorted(path.name for path in local_board.userdata.iterdir()) == []


def test_that_a_board_of_a_cluster_needs_a_cluster(
    local_board: PlayedBoard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = prepared(local_board, tmp_path)
    assert main(["evaluate", str(session), *options(5), "--with", "board@rk3588"]) == 2
    assert "one of a cluster" in capsys.readouterr().err
