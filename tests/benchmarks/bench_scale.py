"""Large networks, dumps and data sets: how time and memory grow with them.

    python -m tests.benchmarks.bench_scale [--short] [--only nodes weights external dumps samples] [--folder DIR]

Each line is a command in a process of its own, on files that are made for it and removed again: seconds, seconds a
unit, and the most memory that the process ever had. `analyze` on more and more layers, and on more and more bytes of
weights (a network of ONNX ends at 2 GB), in the network's file or in one beside it; `compare` on larger and larger
dumps, `evaluate` on more and more inputs. Time may grow with size as 1 : 1.5 at most, from the smallest to the largest;
memory may not grow with dumps and inputs, and is four bytes for one of weights at most.
`--folder` is where the files go: they need up to 45 GB.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.in_short import in_short

ROOT = Path(__file__).resolve().parents[2]
MOST_SLOWER, MOST_MORE, MOST_A_BYTE = 1.5, 1.25, 4.0
MB = 1_000_000
BLOCK = 4_000_000  # elements of a tensor of a dump


@dataclass(frozen=True)
class Kind:
    """What grows: `make` writes the files of a size into a folder and gives the command's arguments."""

    unit: str
    sizes: Sequence[int]
    short: Sequence[int]
    make: Callable[[int, Path], list[str]]
    is_flat: bool = False
    is_held_in_memory: bool = False


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_scale", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=tuple(KINDS))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--make", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        name, size, place = options.make
        print("\n".join(KINDS[name].make(int(size), Path(place))))
        return 0
    print(f"{'':10}{'size':>10} {'':8}{'seconds':>10}{'ms a unit':>12}{'peak MB':>10}")
    held = [_held(name, options) for name in options.only]
    return in_short("; ".join(text for text, _ in held), all(is_held for _, is_held in held))


def _held(name: str, options: argparse.Namespace) -> tuple[str, bool]:
    """Measure one kind: what it comes to, and whether its limits hold."""
    kind, found = KINDS[name], []
    for size in kind.short if options.short else kind.sizes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            seconds, memory = _measured(name, size, folder)
        each = 1000 * seconds / size
        found.append((each, memory))
        print(f"{name:10}{size:10} {kind.unit:8}{seconds:10.1f}{each:12.2f}{memory:10.0f}", flush=True)
    slower, more = (found[-1][at] / found[0][at] for at in (0, 1))
    taken = found[-1][1] * 2**20 / (size * MB)
    is_small = (more <= MOST_MORE or not kind.is_flat) and (taken <= MOST_A_BYTE or not kind.is_held_in_memory)
    is_held = slower <= MOST_SLOWER and is_small
    limit = f" (limit {MOST_MORE})" if kind.is_flat else ""
    limit += f", {taken:.1f} bytes a byte (limit {MOST_A_BYTE})" if kind.is_held_in_memory else ""
    told = f"a unit takes {slower:.2f} times as long (limit {MOST_SLOWER}), memory is {more:.2f} times{limit}"
    print(f"{name:10} {told}: {'holds' if is_held else 'MISSED'}", flush=True)
    return f"{name}, {size:,} {kind.unit}: a unit takes {slower:.2f} times as long, {found[-1][1]:,.0f} MB", is_held


def _measured(name: str, size: int, folder: str) -> tuple[float, float]:
    """Seconds and MB of the command; what makes its files is another process, as memory is inherited."""
    making = [sys.executable, "-m", "tests.benchmarks.bench_scale", "--make", name, str(size), folder]
    arguments = subprocess.run(making, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    start, memory = time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "workbench", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said
        )
        while child.poll() is None:
            memory = max(memory, _own_memory(child.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        if child.returncode:
            said.seek(0)
            raise SystemExit(f"{name} {size}: {said.read().decode()[-2000:]}")
    return seconds, memory


def _own_memory(process: int) -> float:
    """MB that a process has for itself: pages of files that it maps are the system's to take back."""
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        return float(status.split("RssAnon:")[1].split()[0]) / 1024
    return 0.0


def _of_nodes(count: int, folder: Path) -> list[str]:
    """A network of so many layers: Conv, Clip and Add in turn, 8 channels of 8 x 8."""
    from tests.networks import Builder

    net = Builder()
    value = net.conv("input", 8, 8)
    for number in range(count // 3):
        value = net.add("Add", [value, net.clip(net.conv(value, 8, 8))], f"/add{number}/Add_output_0")
    model = net.save(folder / "net.onnx", (1, 8, 8, 8), {value: (1, 8, 8, 8)})
    np.save(folder / "input.npy", np.random.default_rng(0).normal(size=(1, 8, 8, 8)).astype(np.float32))
    return ["analyze", str(model), "-i", str(folder / "input.npy"), "-o", str(folder / "session"), "--quiet"]


def _of_weights(megabytes: int, folder: Path) -> list[str]:
    """A network of so many MB of weights: Convs of 1024 x 1024 x 3 x 3 on 4 x 4."""
    from tests.networks import Builder

    net = Builder()
    value = "input"
    for _ in range(max(1, round(megabytes * MB / (1024 * 1024 * 9 * 4)))):
        value = net.clip(net.conv(value, 1024, 1024, 3))
    model = net.save(folder / "net.onnx", (1, 1024, 4, 4), {value: (1, 1024, 4, 4)})
    np.save(folder / "input.npy", np.random.default_rng(0).normal(size=(1, 1024, 4, 4)).astype(np.float32))
    return ["analyze", str(model), "-i", str(folder / "input.npy"), "-o", str(folder / "session"), "--quiet"]


def _of_external(megabytes: int, folder: Path) -> list[str]:
    """The same, its weights in a file beside it."""
    import onnx

    arguments = _of_weights(megabytes, folder)
    onnx.save(onnx.load(folder / "net.onnx"), folder / "net.onnx", save_as_external_data=True, location="net.data")
    return arguments


def _of_dumps(megabytes: int, folder: Path) -> list[str]:
    """Two dumps of so many MB of float32 together."""
    from workbench.dump.store import DumpWriter

    generator = np.random.default_rng(0)
    values = generator.normal(size=BLOCK).astype(np.float32)
    for name, more in (("golden", 0.0), ("other", 0.01)):
        with DumpWriter(folder / f"{name}.h5", {}) as writer:
            for number in range(max(1, megabytes * MB // (2 * 4 * BLOCK))):
                writer.add(f"/layer/{number}", (values + np.float32(more * number)).reshape(1, 64, 250, 250), "Conv")
    return ["compare", str(folder / "golden.h5"), str(folder / "other.h5"), "--quiet"]


def _of_samples(count: int, folder: Path) -> list[str]:
    """A session of a small network, and so many inputs whose outputs are compared."""
    from tests.networks import Builder
    from workbench.foundation.steps import drain
    from workbench.preprocess.dataset import Sample
    from workbench.project.pipeline import analyze
    from workbench.project.session import Session

    net = Builder()
    value = net.conv(net.clip(net.conv("input", 3, 8, 3, 2)), 8, 8, 3, 2)
    model = net.save(folder / "net.onnx", (1, 3, 32, 32), {value: (1, 8, 8, 8)})
    inputs, generator = folder / "inputs", np.random.default_rng(0)
    inputs.mkdir()
    for number in range(count):
        np.save(inputs / f"{number:06}.npy", generator.normal(size=(1, 3, 32, 32)).astype(np.float32))
    samples = tuple(Sample((path,)) for path in sorted(inputs.iterdir())[:4])
    drain(analyze(Session(model, samples=samples[:1], dataset=samples), folder / "session"))
    asked = ("--task", "outputs", "--with", "float", "--with", "int8:method=layer", "--quiet")
    return ["evaluate", str(folder / "session"), "--images", str(inputs), *asked]


KINDS = {
    "nodes": Kind("layers", (5_000, 10_000, 25_000, 50_000), (1_000, 2_000), _of_nodes),
    "weights": Kind("MB", (250, 500, 1_000, 1_900), (200, 400), _of_weights, is_held_in_memory=True),
    "external": Kind("MB", (500, 1_900), (200, 400), _of_external, is_held_in_memory=True),
    "dumps": Kind("MB", (2_000, 5_000, 10_000, 20_000), (200, 400), _of_dumps, is_flat=True),
    "samples": Kind("inputs", (1_000, 2_500, 5_000, 10_000), (200, 400), _of_samples, is_flat=True),
}


if __name__ == "__main__":
    sys.exit(main())
