"""Accuracy on the demo and on MNIST: float, w8a8 per layer, per channel, mixed, each with its interval of 95 %.

    python -m tests.benchmarks.mixed accuracy [--shared FOLDER] [--images N]

The mixed one is searched for (`mixed`) with a target of likeness that rises until it loses at most 0.3 points, as a
user would do it. Ends with 1 where none does.
"""

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from tests.benchmarks.in_short import in_short
from workbench.cli.app import main as command
from workbench.foundation.resources import resource

POINTS = 0.003
TARGETS = (0.999, 0.9995, 0.9999, 0.99995, 0.99999)
SOURCES = ("float", "w8a8 layer:method=layer", "w8a8 channel:method=channel")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("python -m tests.benchmarks.mixed accuracy", description=__doc__)
    default = Path(os.environ.get("RKNN_WORKBENCH_SHARED", Path(__file__).resolve().parents[4] / "shared"))
    parser.add_argument("--shared", type=Path, default=default, help="the folder of the test material")
    parser.add_argument("--images", type=int, default=0, help="at most so many of MNIST's; 0 for all 10000")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        good = [_demo(Path(folder) / "demo"), _mnist(Path(folder) / "mnist", options.shared, options.images)]
    return in_short("; ".join(text for text, _ in good), all(is_good for _, is_good in good))


def _demo(session: Path) -> tuple[str, bool]:
    place = resource("demo")
    pixels = ["--mean", "123.675,116.28,103.53", "--std", "58.395,57.12,57.375"]
    first = ["-i", str(place / "calibration" / "000.png"), "--dataset", str(place / "dataset.txt")]
    _asked("analyze", str(place / "demo.onnx"), *first, *pixels, "-o", str(session))
    labels = ["--labels", str(place / "labelled" / "labels.txt"), "--classes", str(place / "classes.txt")]
    return _measured("demo", session, ["--images", str(place / "labelled"), *labels])


def _mnist(session: Path, shared: Path, most: int) -> tuple[str, bool]:
    images = shared / "images"
    digits = images / "mnist_digits"
    first = ["-i", str(digits / "0.png"), "--dataset", str(digits)]
    _asked("analyze", str(shared / "models" / "mnist.onnx"), *first, "-o", str(session))
    files = [images / "mnist_t10k" / f"t10k-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1")]
    return _measured("MNIST", session, ["--images", str(files[0]), "--labels", str(files[1]), "--most", str(most)])


def _measured(name: str, session: Path, data: Sequence[str]) -> tuple[str, bool]:
    """Print the table of a network; gives it in a sentence, and whether a mixed plan was found that is good enough."""
    begun = time.perf_counter()
    for target in TARGETS:
        layers = _asked("mixed", str(session), "--min-cos", str(target), "--samples", "8")["float_layers"]
        given = f"mixed:float_tensors={';'.join(layers)}" if layers else "mixed:method=channel"
        told = _asked("evaluate", str(session), *data, *(word for one in (*SOURCES, given) for word in ("--with", one)))
        lost = -next(one for one in told["sources"] if one["source"] == "mixed")["difference"]["top1"]["value"]
        if layers and lost <= POINTS:
            break
    _print(name, told, f"target {target}, {len(layers)} layers in float16", time.perf_counter() - begun)
    values = ", ".join(f"{one['source']} {one['values']['top1']['value']:.2%}" for one in told["sources"])
    return f"{name}: {values} (limit {100 * POINTS:g} points below float)", bool(lost <= POINTS)


def _print(name: str, told: dict[str, Any], chosen: str, seconds: float) -> None:
    print(f"{name}: {told['images']} images, {seconds:.0f} s; mixed: {chosen}")
    for one in told["sources"]:
        value, apart = one["values"]["top1"], one["difference"].get("top1")
        line = f"  {one['source']:<14}{value['value']:8.2%}  [{value['low']:.2%}, {value['high']:.2%}]"
        if apart is not None:
            line += f"  {100 * apart['value']:+.2f} points [{100 * apart['low']:+.2f}, {100 * apart['high']:+.2f}]"
        print(line, flush=True)


def _asked(*arguments: str) -> dict[str, Any]:
    """What a command of the program answers as JSON."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = command([*arguments, "--json", "--quiet"])
    if status:
        sys.exit(f"{' '.join(arguments)}: exit status {status}\n{said.getvalue()}")
    document: dict[str, Any] = json.loads(said.getvalue())
    return document
