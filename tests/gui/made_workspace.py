"""A workspace on a small network with dumps of its own, for views that read them."""

from pathlib import Path

import numpy as np

from tests.unit.networks import network, node, random
from workbench.compare.compare import LayerError, compare_tensors, summarise
from workbench.dump.store import DumpWriter
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.quantize.encoding import Encoding
from workbench.ui.workspace import Workspace

INT8 = Encoding("int8", (0.05,), (4,))
SHAPES = {"block/a": (1, 4, 6, 6), "block/b": (1, 4, 6, 6), "head/c": (1, 4), "y": (1, 4)}
WORST_CHANNEL = 2


def made_workspace(folder: Path, *, run: bool = True, samples: int = 1, runtime: bool = False) -> Workspace:
    """Conv, Relu, pooling to four numbers, Sigmoid; the simulator's third channel is far off."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes = [
        node("Conv", ["x", "w"], ["block/a"], name="conv", pads=[1, 1, 1, 1]),
        node("Relu", ["block/a"], ["block/b"], name="relu"),
        node("ReduceMean", ["block/b"], ["head/c"], name="mean", axes=[2, 3], keepdims=0),
        node("Sigmoid", ["head/c"], ["y"], name="sigmoid"),
    ]
    model = network(folder, nodes, {"w": random(4, 3, 3, 3)}, opset=13)
    workspace = Workspace()
    workspace.set_session(Session(model.path), folder, model)
    if run:
        workspace.set_results(made_results(folder, samples, runtime))
    return workspace


def made_results(folder: Path, samples: int, runtime: bool) -> Results:
    """Dumps in `folder`, and the rows that compare them."""
    sources = ["golden", "simulator", "simulator_single", *(["runtime"] if runtime else [])]
    dumps = {source: tuple(folder / f"{source}-{number}.h5" for number in range(samples)) for source in sources}
    for number in range(samples):
        for source in sources:
            _write(dumps[source][number], source, number)
    rows = tuple(_row(index, tensor, samples) for index, tensor in enumerate(list(SHAPES)[1:]))
    layers = {"block/b": ("conv", "relu"), "head/c": ("mean",), "y": ("sigmoid",)}
    return Results(rows, ("y",), {}, dumps, layers)


def golden_of(tensor: str, sample: int = 0) -> np.ndarray:
    """The same every time."""
    return random(*SHAPES[tensor], seed=list(SHAPES).index(tensor) + 10 * sample)


def simulated(tensor: str, sample: int = 0) -> np.ndarray:
    """Stored integers."""
    values = golden_of(tensor, sample)
    values[:, WORST_CHANNEL] += 1.0
    return INT8.quantize(values)


def _write(path: Path, source: str, sample: int) -> None:
    with DumpWriter(path, {"source": source}) as writer:
        for tensor in SHAPES:
            if source == "simulator":
                writer.add(tensor, simulated(tensor, sample), "Conv", INT8)
            else:
                writer.add(tensor, golden_of(tensor, sample), "Conv")


def _row(index: int, tensor: str, samples: int) -> LayerError:
    entire = [compare_tensors(golden_of(tensor, n), simulated(tensor, n), INT8)[0] for n in range(samples)]
    single = [compare_tensors(golden_of(tensor, n), golden_of(tensor, n))[0] for n in range(samples)]
    errors = {"simulator.entire": summarise(entire), "simulator.single": summarise(single)}
    op, group = ("Conv", ("block/a",)) if tensor == "block/b" else ("Sigmoid", ())
    return LayerError(index, op, tensor, tensor, group, SHAPES[tensor], INT8, errors, "name", "")
