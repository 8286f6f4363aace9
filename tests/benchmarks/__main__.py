"""All benchmarks, one after the other, as one Markdown page: a table of what each says in short, then all it printed.

    python -m tests.benchmarks [-o FILE] [--only NAME…] [--short | --whole] [--list]

Each is a program of its own, whose help says what it measures (`python -m tests.benchmarks.gui --help`), and ends with
status 0 where all its limits hold. All take half an hour to an hour, `--short` on small networks and with few turns
five to ten minutes, `--whole` on all there is hours. Nothing else should run meanwhile. What it
measures against is installed by `packaging/setup_toolkit.sh` and `tests/benchmarks/peers/setup.sh`.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.in_short import START
from workbench import __version__
from workbench.foundation import cores
from workbench.foundation.files import write_text
from workbench.foundation.interpreters import TOOLKIT

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / ".venv-toolkit" / "bin" / "python"  # where packaging/setup_toolkit.sh puts it
SEARCHED = (
    "tinycnn_cifar10/model", "quantized/supres_core_224", "ppocr_cls_v2", "ultraface_slim_320_nopost",
    "ultraface_rfb_320", "fsanet_1x1", "yunet_n_320", "fastestdet_352",
)  # fmt: skip
SHOWN = ("numpy", "onnx", "onnxruntime", "opencv-python-headless", "h5py", "PySide6-Essentials", "pyqtgraph")
TRACE = "Traceback (most recent call last)"
STATES = {0: "hold", 1: "missed"}


@dataclass(frozen=True)
class Benchmark:
    """A module below `tests.benchmarks` with its arguments.

    `short` are those of a short run, None: left out of it. `whole` are those of a whole one, where they are others.
    """

    title: str
    module: str
    arguments: tuple[str, ...] = ()
    short: tuple[str, ...] | None = ()
    whole: tuple[str, ...] | None = None


BENCHMARKS = {
    "fidelity": Benchmark(
        "The vendor's toolkit and the embedded simulator",
        "fidelity",
        ("--networks",),
        ("--operators", "conv", "conv_silu", "concat"),
        (),
    ),
    "peers": Benchmark("Other tools on the same layers", "bench_peers", (), ("tinycnn_cifar10/model", "yunet_n_320")),
    "reference": Benchmark(
        "Golden values beside qdq_loss_debug", "bench_reference", (), ("--repeat", "1", "yunet_n_320")
    ),
    "metrics": Benchmark("Metrics and dump files", "bench_metrics", (), ("--elements", "4000000")),
    "what-if": Benchmark(
        "One layer's precision changed", "bench_what_if", (), ("yunet_n_320", "--layers", "2", "--repeat", "1")
    ),
    "calibration": Benchmark("Calibration over many inputs", "bench_calibration", (), None),
    "scale": Benchmark("Large networks, dumps and data sets", "bench_scale", ("--short",), ("--short",), ()),
    "window": Benchmark("The window", "gui", (), ("--only", "table", "opening", "--platforms", "offscreen")),
    "diagnosis": Benchmark(
        "Faults that are put in, and found",
        "diagnosis",
        ("--fixes", "--networks", "mnist", "tinycnn_cifar10"),
        ("--networks", "mnist"),
        ("--fixes",),
    ),
    "matching": Benchmark("Dumps without names", "bench_content_matching", (), ("ultraface_rfb_320",)),
    "mixed": Benchmark("Mixed precision", "mixed", ("search", *SEARCHED), ("search", *SEARCHED[:1]), ("search",)),
    "accuracy": Benchmark("Accuracy of mixed precision", "mixed", ("accuracy",), None),
    "sweeps": Benchmark("Sweeps and clusters", "mixed", ("sweeps",), ("sweeps", "--only", "speed")),
    "toolkit": Benchmark("The vendor's rows in our table", "bench_vendor_table", (), ("tinycnn_cifar10/model",)),
    "mishaps": Benchmark("The toolkit dies or hangs", "bench_toolkit_process", (), None),
}


def main() -> int:
    """Run the chosen ones; gives 1 where one of them did not end well."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="the page; it grows with every benchmark")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=tuple(BENCHMARKS), metavar="NAME")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--short", action="store_const", dest="length", const="short", default="")
    length.add_argument("--whole", action="store_const", dest="length", const="whole")
    parser.add_argument("--list", action="store_true", help="only say which there are")
    options = parser.parse_args()
    if options.list:
        print("".join(f"{name:12} {' '.join(command(one, options.length))}\n" for name, one in chosen(options)), end="")
        return 0
    ran = []
    for _, one in chosen(options):
        ran.append(run(one, options.length))
        print(ran[-1].section(), flush=True)
        if options.output is not None:
            write_text(options.output, page(ran))
    print(table(ran))
    return int(any(one.status for one in ran))


def chosen(options: argparse.Namespace) -> Iterator[tuple[str, Benchmark]]:
    """The benchmarks that are asked for, by name."""
    for name in options.only:
        if options.length != "short" or BENCHMARKS[name].short is not None:
            yield name, BENCHMARKS[name]


def heading() -> str:
    """When and where it was measured."""
    machine = f"{processor()}, {cores.count()} cores, {memory():.0f} GB, {platform.system()} {platform.release()}"
    parts = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    python = f"Python {platform.python_version()}"
    return f"# Benchmarks of RKNN Workbench {__version__}\n\n{date.today()}, {machine}, {python}, {parts}.\n"


@dataclass(frozen=True)
class Ran:
    """A benchmark that was run: the words of its command, what it printed, and the load when it ended."""

    title: str
    words: list[str]
    said: str
    status: int
    seconds: float
    load: str = ""

    @property
    def state(self) -> str:
        """Whether it kept to its limits."""
        failed = f"failed with exit status {self.status}"
        return failed if TRACE in self.said else STATES.get(self.status, failed)

    def row(self) -> str:
        """Its line of the table."""
        lines = [line for line in self.said.splitlines() if line.startswith(START)]
        short = lines[-1].removeprefix(START).replace("|", "\\|") if lines else "–"
        return f"| {self.title} | {short} | {self.state} | {self.seconds:.0f} s |"

    def section(self) -> str:
        """All it printed, under its title."""
        said = self.said.replace("```", "'''").strip()
        what = f"`{' '.join(self.words)}`: {self.state}; {self.seconds:.0f} s{self.load}"
        return f"\n## {self.title}\n\n{what}\n\n```\n{said}\n```\n"


def page(ran: Sequence[Ran]) -> str:
    """The heading, the table, and all that was printed."""
    return heading() + "\n" + table(ran) + "".join(one.section() for one in ran)


def table(ran: Sequence[Ran]) -> str:
    """A line a benchmark."""
    return "\n".join(["| | measured | limits | took |", "|---|---|---|---|", *(one.row() for one in ran), ""])


def run(one: Benchmark, length: str = "") -> Ran:
    """Run a benchmark in a process of its own."""
    words = command(one, length)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words[1:]], cwd=ROOT, env={TOOLKIT: str(VENDOR), **os.environ}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return Ran(one.title, words, done.stdout, done.returncode, seconds, load)


def command(one: Benchmark, length: str) -> list[str]:
    """As one would type it."""
    other = {"short": one.short, "whole": one.whole}.get(length)
    arguments = one.arguments if other is None else other
    return ["python", "-m", f"tests.benchmarks.{one.module}", *arguments]


def processor() -> str:
    """The name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory() -> float:
    """GB of memory that the machine has; 0 where it is not told."""
    if not hasattr(os, "sysconf"):
        return 0.0
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


if __name__ == "__main__":
    sys.exit(main())
