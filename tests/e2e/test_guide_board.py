"""The board's step of the guide, with a board that this machine plays."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.e2e.test_board_run import PROGRAM
from tests.helpers.boards import PlayedBoard
from tests.unit.networks import conv_net, random
from workbench.cli.app import main
from workbench.dump.store import Dump
from workbench.foundation.steps import drain
from workbench.project.findings.guide import guide, run_step
from workbench.project.findings.path import BOARD, GOOD, NOT_RUN
from workbench.project.results import load_results
from workbench.project.session import BoardChoice, load_session, save_session
from workbench.sources.board.descriptions import describe_board


def test_that_the_guide_runs_the_network_on_the_board(local_board: PlayedBoard, tmp_path: Path) -> None:
    describe_board(local_board.board)
    local_board.write_program("npu", f'exec {shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))} "$@"\n')
    np.save(tmp_path / "x.npy", random(1, 3, 6, 6, seed=1))
    folder = tmp_path / "s"
    main(["analyze", str(conv_net(tmp_path)), "-i", str(tmp_path / "x.npy"), "--dtype", "fp16", "-o", str(folder)])
    results = load_results(folder)
    assert results is not None
    with Dump(results.dumps["golden"][0]) as dump, (tmp_path / "net.rknn").open("wb") as file:
        np.savez(file, r1=dump["r1"])
    board = BoardChoice(local_board.board.name, "command", "npu {model} {inputs}", tmp_path / "net.rknn")
    save_session(replace(load_session(folder), board=board), folder)

    before = next(step for step in guide(folder) if step.key == BOARD)
    after = next(step for step in drain(run_step(folder, BOARD, ask=lambda question: "yes")) if step.key == BOARD)

    assert (before.state, before.needs, after.state) == (NOT_RUN, (), GOOD)
