"""The real toolkit in its own process: it works, it is killed, it aborts, it hangs, it is cancelled."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.waiting import until
from tests.networks import mobilenet
from tests.processes import workers
from workbench.foundation.steps import Event, Log, Progress, Steps, drain
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import Outcome, ToolkitError, look, run
from workbench.sources.toolkit.hybrid import first_step, patch
from workbench.sources.toolkit.recipe import Analyse, Export, Network, Recipe, write_dataset
from workbench.ui.child import Child

pytestmark = pytest.mark.toolkit
CONFIG = {"target_platform": "rk3588"}


@pytest.fixture
def toolkit(toolkit_python: Path) -> Toolkit:
    return Toolkit("real", toolkit_python)


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """A small network, built and analysed with two rows of inputs."""
    model = mobilenet(tmp_path / "network.onnx")
    rows = [(tmp_path / f"{number}.npy",) for number in range(2)]
    for number, (path,) in enumerate(rows):
        np.save(path, np.random.default_rng(number).normal(size=(1, 3, 112, 112)).astype(np.float32))
    actions = (*(Analyse(row, tmp_path / f"snapshot-{row[0].stem}") for row in rows), Export(tmp_path / "m.rknn"))
    network = Network("onnx", (model,))
    return Recipe(network, CONFIG, True, write_dataset(rows, tmp_path / "dataset.txt"), actions)


def worker_during(steps: Steps[Outcome], stage: str, folder: Path) -> int:
    """The worker's number, when a stage has begun."""
    next(event for event in steps if isinstance(event, Progress) and event.stage == stage)
    (number,) = workers(folder)
    return number


def refusal(steps: Steps[Outcome]) -> ToolkitError:
    with pytest.raises(ToolkitError) as caught:
        drain(steps)
    return caught.value


def test_that_a_build_is_analysed_row_by_row_and_exported(toolkit: Toolkit, recipe: Recipe, tmp_path: Path) -> None:
    events: list[Event] = []

    outcome = drain(run(toolkit, recipe, tmp_path / "run"), events.append)

    assert outcome.versions.version == "2.5.0"
    reports = [(folder / "error_analysis.txt").read_text() for folder in outcome.snapshots]
    assert all("simulator_error" in report for report in reports)
    assert reports[0] != reports[1]
    assert (tmp_path / "m.rknn").read_bytes()[:4] == b"RKNN"
    bars = {(event.stage, event.text) for event in events if isinstance(event, Progress) and event.total}
    assert {("load", "Loading"), ("build", "Quantizating"), ("analyse", "AccuracyAnalysing")} <= bars
    assert any(isinstance(event, Log) and event.text.startswith("I rknn building") for event in events)


@pytest.mark.parametrize("stage", ["load", "build", "analyse"])
def test_that_a_killed_toolkit_is_an_error(stage: str, toolkit: Toolkit, recipe: Recipe, tmp_path: Path) -> None:
    steps = run(toolkit, recipe, tmp_path / "run")
    os.kill(worker_during(steps, stage, tmp_path), signal.SIGKILL)

    error = refusal(steps)

    assert error.message.startswith("The toolkit was killed while it ")
    assert error.lines[0].startswith("I rknn-toolkit2 version")


def test_that_an_abort_of_its_compiler_is_an_error_with_its_last_words(
    toolkit: Toolkit, recipe: Recipe, tmp_path: Path
) -> None:
    recipe = Recipe(recipe.network, {"target_platform": "rk2118"}, True, recipe.dataset, recipe.actions)

    error = refusal(run(toolkit, recipe, tmp_path / "run"))

    assert error.message == "The toolkit crashed while it built the network (SIGABRT)."
    assert any("unsupported conv" in line for line in error.lines)
    assert error.hint


def test_that_a_hanging_toolkit_is_an_error(toolkit_python: Path, recipe: Recipe, tmp_path: Path) -> None:
    steps = run(Toolkit("real", toolkit_python, silence=25.0), recipe, tmp_path / "run")
    number = worker_during(steps, "build", tmp_path)
    os.kill(number, signal.SIGSTOP)

    error = refusal(steps)

    assert "hung" in error.message
    assert not list(workers(tmp_path))


def test_that_cancelling_does_not_wait_for_the_toolkit(toolkit: Toolkit, recipe: Recipe, tmp_path: Path) -> None:
    steps = run(toolkit, recipe, tmp_path / "run")
    worker_during(steps, "analyse", tmp_path)

    steps.close()

    assert not list(workers(tmp_path))
    assert not (tmp_path / "m.rknn").exists()  # which it would write next


def test_that_the_windows_computing_process_outlives_a_killed_toolkit(
    toolkit: Toolkit, recipe: Recipe, tmp_path: Path
) -> None:
    child = Child()
    try:
        steps = child.steps(run, toolkit, recipe, tmp_path / "run")
        os.kill(worker_during(steps, "build", tmp_path), signal.SIGKILL)
        error = refusal(steps)
        assert error.message.startswith("The toolkit was killed while it ")
        assert error.lines
        assert drain(child.steps(look, toolkit)).version == "2.5.0"
    finally:
        child.close()


def test_that_the_toolkit_ends_with_a_killed_workbench(toolkit_python: Path, recipe: Recipe, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from workbench.foundation.steps import drain\n"
        "from workbench.sources.toolkit.descriptions import Toolkit; from workbench.sources.toolkit.host import run\n"
        "from workbench.sources.toolkit.recipe import Export, Network, Recipe\n"
        f"network = Network('onnx', (Path({str(recipe.network.files[0])!r}),))\n"
        f"recipe = Recipe(network, {CONFIG!r}, True, Path({str(recipe.dataset)!r}), (Export(Path('m.rknn')),))\n"
        f"steps = run(Toolkit('real', Path({str(toolkit_python)!r})), recipe, Path({str(tmp_path / 'run')!r}))\n"
        "drain(steps, lambda event: print(event, flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        next(line for line in parent.stdout if "load" in line)
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        parent.kill()

    assert children
    until(lambda: not any(Path(f"/proc/{number}").exists() for number in children), "they are gone")


def test_that_a_network_that_it_cannot_read_is_refused_in_its_words(toolkit: Toolkit, tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"no network")
    recipe = Recipe(Network("onnx", (tmp_path / "broken.onnx",)), CONFIG, False)

    error = refusal(run(toolkit, recipe, tmp_path / "run"))

    assert error.message == (
        "The toolkit failed while it loaded the network: google.protobuf.message.DecodeError: Error parsing message."
    )
    assert "damaged" in error.hint


def test_that_a_look_tells_what_it_loads_with(toolkit: Toolkit) -> None:
    versions = drain(look(toolkit))

    assert (versions.name, versions.version) == ("rknn-toolkit2", "2.5.0")
    assert versions.frameworks["torch"]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_that_step_2_takes_a_patched_cfg(newline: bytes, toolkit: Toolkit, recipe: Recipe, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    files = drain(first_step(toolkit, recipe, folder))
    before = files.cfg.read_bytes().replace(b"\n", newline)
    files.cfg.write_bytes(before)
    layer = next(name for name in names_in(before) if name.endswith("Conv_output_0"))

    patch(files.cfg, {layer: "float16"})

    after = files.cfg.read_bytes()
    assert after.partition(b"quantize_parameters:")[1:] == before.partition(b"quantize_parameters:")[1:]
    assert layer.encode() in after.partition(b"quantize_parameters:")[0]
    actions = (files, *recipe.actions)
    outcome = drain(run(toolkit, Recipe(recipe.network, CONFIG, actions=actions), folder))
    assert layer_is_float(outcome, layer)


def names_in(cfg: bytes) -> list[str]:
    lines = cfg.decode().splitlines()
    return [line.strip().removesuffix(":") for line in lines if line.startswith("    ") and line[4] != " "]


def layer_is_float(outcome: Outcome, layer: str) -> bool:
    """A layer of int8 has at most 256 values."""
    table = (outcome.snapshots[0] / "map_name_to_file.txt").read_text().splitlines()
    files = dict(line.split() for line in table if ".txt" in line)
    array = np.load(outcome.snapshots[0] / "simulator" / "npy" / files[layer].replace(".txt", ".npy"))
    return len(np.unique(array)) > 256
