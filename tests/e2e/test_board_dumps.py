"""The command line with a board's dumps that have no names."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.benchmarks.bench_content_matching import measured
from tests.unit.networks import conv_net, random
from workbench.cli.app import main
from workbench.dump.store import Dump
from workbench.project.results import load_results


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("board")
    np.save(folder / "input.npy", random(1, 3, 6, 6))
    model = conv_net(folder)
    assert main(["analyze", str(model), "-i", str(folder / "input.npy"), "-o", str(folder / "session"), "-q"]) == 0
    return folder / "session"


@pytest.fixture
def dumps(session: Path, tmp_path: Path) -> Path:
    """The simulator's values in NHWC, in files of numbers."""
    results = load_results(session)
    assert results is not None
    with Dump(results.dumps["simulator"][0]) as dump:
        for number, row in enumerate(results.rows):
            values = dump[row.tensor]
            (tmp_path / "dumps").mkdir(exist_ok=True)
            order = (0, 2, 3, 1) if values.ndim == 4 else tuple(range(values.ndim))
            np.save(tmp_path / "dumps" / f"{number}.npy", values.transpose(order).reshape(-1))
    return tmp_path / "dumps"


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


def test_that_match_tells_what_tensors_are_and_how_sure_it_is(
    session: Path, dumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", str(session), str(dumps), "--as", "runtime", "--json", "-q"]) == 0

    found = document(capsys)
    assert len(found["matches"]) == len(list(dumps.iterdir()))
    assert {"other", "golden", "layout", "confidence", "similarity", "rival", "twins", "counts"} <= found["matches"][
        0
    ].keys()
    assert all(item["counts"] == (item["confidence"] >= found["above"]) for item in found["matches"])


def test_that_import_by_content_compares_and_its_map_does_the_same_again(
    session: Path, dumps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what = ["import", str(session), str(dumps), "--as", "runtime", "--json", "-q"]
    kept = ["--match", "content", "--above", "0", "--save-map", str(tmp_path / "map.txt")]
    assert main([*what, *kept]) == 0
    by_content = document(capsys)["layers"]

    assert main([*what, "--map", str(tmp_path / "map.txt")]) == 0

    assert [layer.get("runtime") for layer in document(capsys)["layers"]] == [
        item.get("runtime") for item in by_content
    ]
    assert all({"entire", "single_sim"} <= item["runtime"].keys() for item in by_content if "runtime" in item)
    assert sum("runtime" in item for item in by_content) == len(by_content)


def test_that_dumps_without_names_are_refused_with_what_helps(
    session: Path, dumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(session), str(dumps), "--as", "runtime", "-q"]) == 2
    assert "--match content" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--match", "guess"], "--match 'guess' is not known"),
        (["--above", "0.5"], "Add --match content"),
        (["--save-map", "x"], "Add --match content"),
    ],
)
def test_that_options_that_say_nothing_are_refused(
    session: Path, dumps: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert main(["import", str(session), str(dumps), "--as", "runtime", *options]) == 2
    assert said in capsys.readouterr().err


def test_that_file_names_of_a_board_cannot_steer_the_terminal(
    session: Path, dumps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (dumps / "0.npy").rename(dumps / "0\x1b[31m\x07.npy")

    assert main(["match", str(session), str(dumps), "--as", "runtime", "-q"]) == 0

    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("network", ["mnist", "resnet18_cifar10_qat", "yunet_n_320"])
@pytest.mark.parametrize("ordered", [True, False])
def test_that_tensors_of_real_networks_are_found_by_content(
    shared: Path, tmp_path: Path, network: str, ordered: bool
) -> None:
    options = argparse.Namespace(seed=1, ordered=ordered, list=False)

    score = measured(network, "golden", tmp_path, options)

    assert score.found >= 0.98 * score.tensors
    assert score.wrong == 0
    assert score.above >= (0.6 if ordered else 0.4) * score.tensors
