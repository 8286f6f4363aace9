"""How fast the metrics and the dump files are, as ratios measured in one run (absolute times depend on the machine).

    python tests/benchmarks/bench_metrics.py [--elements 25000000]

Every line is the best of several turns; the things compared take turns, so that other load hits all of them alike.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from tests.benchmarks.in_short import in_short
from workbench.compare.compare import compare_tensors
from workbench.compare.match import match
from workbench.compare.metrics import measure
from workbench.dump.store import Dump, DumpWriter
from workbench.quantize.encoding import Encoding

ENCODING = Encoding("int8", (0.04,), (-5,))
LAYERS = 369  # of yolox_nano
MOST_READS = 6.0  # readings of both arrays that all metrics may take


def main() -> int:
    """Print all ratios; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elements", type=int, default=25_000_000)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    golden = np.clip(rng.standard_normal(options.elements, dtype=np.float32), -4, 4)
    stored = ENCODING.quantize(golden)
    arrays = bench_arrays(golden, stored, options.turns)
    report("two arrays", arrays)
    with tempfile.TemporaryDirectory() as folder:
        report("a network's dumps", bench_dumps(golden, stored, Path(folder), options.turns))
    read, own, _, usual = arrays.values()
    text = f"all metrics of two tensors take {own / read:.1f} times as long as reading them (limit {MOST_READS:g})"
    return in_short(f"{text}, plain numpy {usual / read:.1f} times", own <= MOST_READS * read)


def bench_arrays(golden: np.ndarray, stored: np.ndarray, turns: int) -> dict[str, float]:
    """Seconds for all metrics of one pair of large arrays, beside reading them and plain numpy."""
    other = ENCODING.dequantize(stored)
    return best(
        {
            "read both float32 arrays (XOR of all words)": lambda: (xor(golden), xor(other)),
            "measure, float32": lambda: measure(golden, other),
            "measure, int8 with its encoding": lambda: measure(golden, stored, ENCODING),
            "plain float64 numpy": lambda: plain(golden, other),
        },
        turns,
    )


def bench_dumps(golden: np.ndarray, stored: np.ndarray, folder: Path, turns: int) -> dict[str, float]:
    """Seconds for a network of `LAYERS` tensors: golden float32, entire and single int8."""
    parts = list(zip(np.array_split(golden, LAYERS), np.array_split(stored, LAYERS), strict=True))

    def write(turn: list[int]) -> None:
        turn[0] += 1  # a new name: replacing a file would wait for the disk
        with DumpWriter(folder / f"golden-{turn[0]}.h5", {}) as writer:
            for number, (values, _) in enumerate(parts):
                writer.add(f"/layer/{number}", values, "Conv")
        (folder / f"golden-{turn[0] - 1}.h5").unlink(missing_ok=True)

    def write_plain() -> None:
        with (folder / "plain.bin").open("wb") as file:
            for values, _ in parts:
                file.write(values.data)
        (folder / "plain.bin").unlink()

    turn = [0]
    write(turn)
    with DumpWriter(folder / "simulator.h5", {}) as writer:
        for number, (_, values) in enumerate(parts):
            writer.add(f"/layer/{number}", values, "Conv", ENCODING)

    def compare() -> None:
        with Dump(folder / f"golden-{turn[0]}.h5") as reference:
            for _ in ("entire", "single"):
                with Dump(folder / "simulator.h5") as simulator:
                    for pair in match(reference.names, simulator.names).pairs:
                        compare_tensors(reference[pair.golden], *simulator.raw(pair.other))

    def open_only() -> None:
        Dump(folder / "simulator.h5").close()

    return best(
        {
            "write the float32 tensors to a plain file": write_plain,
            "write the float32 dump": lambda: write(turn),
            "open a dump and read its index": open_only,
            "open, match and measure entire and single": compare,
        },
        turns,
    )


def plain(golden: np.ndarray, other: np.ndarray) -> tuple[float, ...]:
    """The same numbers the obvious way."""
    a, b = golden.astype(np.float64), other.astype(np.float64)
    d = a - b
    cos = (a * b).sum() / (np.sqrt((a * a).sum()) * np.sqrt((b * b).sum()))
    counts = float(np.isnan(b).sum() + np.isinf(b).sum())
    return cos, np.sqrt((d * d).sum()), np.abs(d).max(), np.abs(d).mean(), counts


def xor(values: np.ndarray) -> int:
    """Read every byte once."""
    return int(np.bitwise_xor.reduce(values[: values.size // 2 * 2].view(np.uint64)))


def best(tasks: Mapping[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """The shortest time of each task."""
    seconds = dict.fromkeys(tasks, float("inf"))
    for _ in range(turns):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    return seconds


def report(title: str, seconds: Mapping[str, float]) -> None:
    """Times, and ratios to the first task."""
    first = next(iter(seconds.values()))
    print(f"{title}:")
    for name, value in seconds.items():
        print(f"  {name:<46} {value:8.4f} s  {value / first:7.2f} x")


if __name__ == "__main__":
    sys.exit(main())
