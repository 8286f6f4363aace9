"""A small finished run: real dumps, measured for real, of a network that was never run."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from workbench.compare.compare import Errors, LayerError, compare_tensors, summarise
from workbench.dump.store import DumpWriter
from workbench.graph.graph import Graph, Layer, Tensor
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.results import Before, Results
from workbench.project.session import Session
from workbench.quantize.encoding import Encoding

HOSTILE = "</script><img src=x onerror=alert(1)>"
INT8 = Encoding("int8", (0.0106,), (-128,))
SHAPES = {"input": (1, 3, 8, 8), "/conv/out": (1, 4, 8, 8), HOSTILE: (1, 4, 8, 8), "=score": (1, 10)}
OPS = {"input": "Input", "/conv/out": "Conv", HOSTILE: "Clip", "=score": "Gemm"}


@dataclass
class Run:
    """A session, its results and its network; `values` are the tensors of every dump, one dictionary a sample."""

    session: Session
    results: Results
    graph: Graph
    values: dict[str, list[dict[str, np.ndarray]]] = field(default_factory=dict)


def make_run(folder: Path, samples: int) -> Run:
    values = _values(samples)
    dumps = {source: _write(folder, source, dumped) for source, dumped in values.items()}
    rows = tuple(_row(index, name, values) for index, name in enumerate(SHAPES))
    results = Results(
        rows=rows,
        outputs=("=score",),
        unmatched={"golden": ("lonely",), "simulator": ()},
        dumps=dumps,
        layers_of={"/conv/out": ("conv",), HOSTILE: ("conv", "clip"), "=score": ("gemm",)},
        seconds={"reference": 0.12345678},
        warnings=("Two lines are <b>bold</b>.",),
    )
    files = tuple(Sample((folder / f"{number}.png",)) for number in range(samples))
    session = Session(
        folder / "net.onnx", preprocess={"input": Preprocess((127.5,), (128.0,))}, samples=files, dataset=files
    )
    return Run(session, results, _graph(), values)


def with_errors(row: LayerError, column: str, **values: float) -> LayerError:
    """`row` with other numbers in a column."""
    errors = {**row.errors, column: Errors(values, values, dict.fromkeys(values, 0), 1)}
    return LayerError(**{name: getattr(row, name) for name in row.__slots__} | {"errors": errors})


def with_before(run: Run) -> Results:
    """The results as a what-if: the Clip had another cosine, one row is new and one is gone."""
    rows = run.results.rows
    old = with_errors(rows[2], "simulator.entire", cos=0.5, euc=1.0)
    gone = replace(rows[1], tensor="gone")
    added = frozenset({rows[3].tensor})
    return replace(run.results, before=Before({}, {old.tensor: old, gone.tensor: gone}, added, ()))


def _values(samples: int) -> dict[str, list[dict[str, np.ndarray]]]:
    random = np.random.default_rng(1)
    found: dict[str, list[dict[str, np.ndarray]]] = {"golden": [], "simulator": [], "simulator_single": []}
    for sample in range(samples):
        golden = {name: random.standard_normal(shape).astype(np.float32) for name, shape in SHAPES.items()}
        found["golden"].append(golden)
        for source, noise in (("simulator", 0.2 * (sample + 1)), ("simulator_single", 0.02)):
            noisy = {name: value + noise * random.standard_normal(value.shape) for name, value in golden.items()}
            found[source].append({name: value.astype(np.float32) for name, value in noisy.items()})
    return found


def _write(folder: Path, source: str, dumped: list[dict[str, np.ndarray]]) -> tuple[Path, ...]:
    paths = tuple(folder / f"{source}{number}.h5" for number in range(len(dumped)))
    for path, values in zip(paths, dumped, strict=True):
        with DumpWriter(path, {"source": source}) as writer:
            for name, value in values.items():
                writer.add(name, value, OPS[name])
    return paths


def _row(index: int, name: str, values: dict[str, list[dict[str, np.ndarray]]]) -> LayerError:
    errors = {
        column: summarise([
            compare_tensors(golden[name], other[name])[0]
            for golden, other in zip(values["golden"], values[source], strict=True)
        ])
        for column, source in (("simulator.entire", "simulator"), ("simulator.single", "simulator_single"))
    }  # fmt: skip
    group = ("/conv/out",) if name == HOSTILE else ()
    return LayerError(index, OPS[name], name, name, group, SHAPES[name], INT8, errors, "name", "")


def _graph() -> Graph:
    layers = (
        Layer("conv", "Conv", ("input", "weight"), ("/conv/out",)),
        Layer("clip", "Clip", ("/conv/out",), (HOSTILE,)),
        Layer("gemm", "Gemm", (HOSTILE,), ("=score",)),
        Layer("odd", f"{HOSTILE}Op", (HOSTILE,), ("lonely",)),
    )
    tensors = {name: Tensor(name, shape, "float32") for name, shape in SHAPES.items()}
    return Graph(layers, (tensors["input"],), (tensors["=score"],), tensors, frozenset({"weight"}))
