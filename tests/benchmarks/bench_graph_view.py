"""How long the graph view takes to lay out and to paint, on synthetic networks and on given ones.

    python tests/benchmarks/bench_graph_view.py [--layers 1000 5000] [NETWORK.onnx …]

Milliseconds of a whole repaint at 1200 x 900, median and worst of 20, while moving at several scales and zooming.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QPointF  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from workbench.graph.graph import Graph, Layer, Tensor  # noqa: E402
from workbench.graph.read import guess_shapes, read_inputs, read_model  # noqa: E402
from workbench.ui import theme  # noqa: E402
from workbench.ui.models.graph_colours import by_operator  # noqa: E402
from workbench.ui.models.graph_geometry import arrange  # noqa: E402
from workbench.ui.models.graph_model import build  # noqa: E402
from workbench.ui.views.graph_canvas import GraphCanvas  # noqa: E402
from workbench.ui.views.graph_palette import colours  # noqa: E402
from workbench.ui.views.graph_scenery import Scenery  # noqa: E402

SCALES = (1.0, 0.6, 0.4, 0.2, 0.1)
REPEATS = 20


def main() -> None:
    """Print one line a network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", type=Path)
    parser.add_argument("--layers", nargs="*", type=int, default=[1000, 5000])
    options = parser.parse_args()
    app = QApplication([])
    theme.apply(app, "light")
    for path in options.networks:
        report(path.stem, read_model(path, guess_shapes(read_inputs(path))).graph)
    for count in options.layers:
        report(f"synthetic {count}", synthetic(count))


def report(name: str, graph: Graph) -> None:
    """Measure one network."""
    start = time.perf_counter()
    diagram = build(graph)
    built = time.perf_counter()
    geometry = arrange(diagram.widths, diagram.edges)
    placed = time.perf_counter()
    colouring = by_operator(diagram)
    canvas = GraphCanvas()
    canvas.resize(1200, 900)
    canvas.show()
    QApplication.processEvents()  # nothing is painted before the window is exposed
    canvas.show_scenery(Scenery(diagram, geometry, colouring, colours(colouring.scale)))
    x0, y0, x1, y1 = geometry.bounds
    figures = {"boxes": 1e3 * (built - start), "layout": 1e3 * (placed - built)}
    print(f"{name}: {len(diagram.boxes)} boxes, {len(diagram.edges)} edges,", *_pairs(figures))
    for scale in SCALES:
        canvas.look_at((x0 + x1) / 2, (y0 + y1) / 2, scale)
        print(
            f"    move at {scale:4}  ", _painted(canvas, lambda scale=scale: canvas._move_by(QPointF(0, -60 / scale)))
        )
    canvas.look_at((x0 + x1) / 2, (y0 + y1) / 2, 2.0)
    print("    zoom 2 → far  ", _painted(canvas, lambda: canvas.zoom(0.75)))
    canvas.fit()
    print("    everything    ", _painted(canvas, canvas.update))


def synthetic(count: int) -> Graph:
    """Residual blocks, branches with a Concat, and attention in turn, the same every time."""
    chance, layers = random.Random(1), list[Layer]()

    def add(op: str, *inputs: str) -> str:
        name = f"/stage{len(layers) // 50}/block{len(layers) // 8}/{op}_{len(layers)}_output_0"
        layers.append(Layer(f"n{len(layers)}", op, inputs, (name,)))
        return name

    last = "x"
    while len(layers) < count:
        kind = chance.random()
        if kind < 0.5:
            last = add("Add", add("Conv", add("Relu", add("Conv", last))), last)
        elif kind < 0.8:
            last = add("Concat", *(add("Relu", add("Conv", last)) for _ in range(4)))
        else:
            query, key, value = (add("MatMul", last) for _ in range(3))
            last = add("Add", add("MatMul", add("Softmax", add("MatMul", query, key)), value), last)
    return Graph(tuple(layers), (Tensor("x", (1, 3)),), (Tensor(last, None),), {}, frozenset())


def _painted(canvas: GraphCanvas, change: Callable[[], object]) -> str:
    seconds = []
    for _ in range(REPEATS):
        change()
        start = time.perf_counter()
        canvas.repaint()
        seconds.append(time.perf_counter() - start)
    return f"{1e3 * statistics.median(seconds):6.1f} {1e3 * max(seconds):6.1f} ms"


def _pairs(figures: dict[str, float]) -> list[str]:
    return [f"{key} {value:.0f} ms" for key, value in figures.items()]


if __name__ == "__main__":
    main()
