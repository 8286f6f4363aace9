"""The vendor's toolkit and the embedded simulator side by side, as a table.

    RKNN_TOOLKIT_PYTHON=… python -m tests.benchmarks.fidelity [--networks [NAME…]] [--operators [NAME…]] [--dtype …]

Networks are those of the test material beside the project, operators those of `operators.py`; without either option
both are run. Each gets four calibration samples, the first of which is analysed. Seconds are load + build +
accuracy_analysis against `analyze`, in turn, without imports. `--keep DIR` keeps the toolkit's files, and `--reuse`
takes them from there. `--details` names every tensor that falls short.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from tests.benchmarks.fidelity import ours, table
from tests.benchmarks.fidelity.judge import judge
from tests.benchmarks.fidelity.networks import Settings, Trial, listed, network, operator
from tests.benchmarks.fidelity.operators import NETWORKS
from tests.benchmarks.fidelity.table import Line
from tests.benchmarks.fidelity.vendor_files import VendorRun, vendor_run
from tests.benchmarks.in_short import in_short
from workbench.project.results import load_results
from workbench.project.session import save_session

SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ours.ROOT.parent / "shared"))
TOOLKIT = os.environ.get("RKNN_TOOLKIT_PYTHON", str(ours.ROOT / ".venv-toolkit" / "bin" / "python"))
DTYPES = ("w8a8", "fp16", "w16a16i_dfp", "w4a16", "w8a16")


def main() -> int:
    options = _options()
    lines: list[Line] = []
    for settings in dict.fromkeys(_settings(options)):
        found = _run(options, settings)
        lines += found
        if settings.algorithm != "normal":
            print(f"\n{'output error / theirs':26}{'euc':>12}{'1 - cos':>12}{'scales 2 %':>12}")
            print("\n".join(table.search_line(item) for item in found))
        print(table.summary(found), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps([table.document(item) for item in lines], indent=1) + "\n")
    return in_short(*table.in_a_sentence(lines))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fidelity", description=__doc__)
    parser.add_argument("--networks", nargs="*", help="all without a name")
    parser.add_argument("--operators", nargs="*", help="all without a name")
    parser.add_argument("--dtype", nargs="+", default=["w8a8"], choices=DTYPES)
    parser.add_argument("--method", nargs="+", default=["channel"])
    parser.add_argument("--algorithm", nargs="+", default=["normal"])
    parser.add_argument("--keep", type=Path, help="folder for the files of both sides")
    parser.add_argument("--reuse", action="store_true", help="take the toolkit's files from --keep")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.networks is None and options.operators is None:
        options.networks, options.operators = [], []
    return options


def _settings(options: argparse.Namespace) -> Iterable[Settings]:
    for dtype, method, algorithm in product(options.dtype, options.method, options.algorithm):
        yield Settings(dtype) if dtype == "fp16" else Settings(dtype, method, algorithm)


def _run(options: argparse.Namespace, settings: Settings) -> list[Line]:
    with tempfile.TemporaryDirectory() as scratch:
        root = ((options.keep or Path(scratch)) / settings.name).resolve()
        print(f"\n{settings.name}, both sides write to {root} ({_file_system(root)})\n{table.header()}", flush=True)
        lines = []
        for name in _wanted(options.networks, listed(SHARED)):
            folder = _folder(root / name)
            trial = network(SHARED, name, folder)
            lines.append(_network(trial, settings, folder, options))
            _report(lines[-1], options)
            if options.keep is None:
                shutil.rmtree(folder)
        trials = {name: operator(name, _folder(root / name)) for name in _wanted(options.operators, tuple(NETWORKS))}
        _ask([trial.request(settings, root / name) for name, trial in trials.items()], options)
        for name, trial in trials.items():
            lines.append(_operator(trial, settings, root / name))
            _report(lines[-1], options)
        return lines


def _file_system(path: Path) -> str:
    """The kind of file system that a path is, or will be, on: writing to memory is faster than to a disk."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    return max((len(point), kind) for point, kind in mounts if path.is_relative_to(point))[1]


def _wanted(chosen: Sequence[str] | None, every: tuple[str, ...]) -> tuple[str, ...]:
    """The names that were asked for: all where the option stands alone, none where it is absent."""
    if chosen is None:
        return ()
    unknown = set(chosen) - set(every)
    if unknown:
        sys.exit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(every)}.")
    return tuple(chosen) or every


def _network(trial: Trial, settings: Settings, folder: Path, options: argparse.Namespace) -> Line:
    """Both sides in turn, each in a process of its own."""
    line = Line(trial.name, settings.name)
    session = folder / "ours"
    for number in range(options.repeat):
        request = trial.request(settings, folder)
        _ask([{**request, "parameters": request["quantize"] and number == 0}], options)
        run = _vendor(folder)
        line.refused = run.problem
        line.theirs += [dict(run.times)] if run.times else []
        _start(trial, settings, session)
        try:
            line.ours.append(ours.measured(session))
        except RuntimeError as error:
            line.failed = str(error)
            return line
    _judge(line, run, session, trial, settings)
    return line


def _operator(trial: Trial, settings: Settings, folder: Path) -> Line:
    """Our side in this process; seconds of so small networks say nothing."""
    line = Line(trial.name, settings.name, is_operator=True)
    run = _vendor(folder)
    line.refused = run.problem
    _start(trial, settings, folder / "ours")
    try:
        ours.run(folder / "ours")
    except Exception as error:  # noqa: BLE001 (a network that we cannot simulate is a line of the table)
        line.failed = _sentence(error)
        return line
    _judge(line, run, folder / "ours", trial, settings)
    return line


def _start(trial: Trial, settings: Settings, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    save_session(trial.quantized(settings), folder)


def _judge(line: Line, run: VendorRun, folder: Path, trial: Trial, settings: Settings) -> None:
    results = load_results(folder)
    if run.problem or results is None:
        return
    line.search_died = run.search_died
    try:
        line.verdict = judge(run, trial.quantized(settings), results, folder)
    except Exception as error:  # noqa: BLE001 (as above)
        line.failed = f"not judged: {_sentence(error)}"
    shutil.rmtree(folder / "dumps")  # as large as theirs, and soon made again


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]


def _ask(requests: Sequence[dict[str, Any]], options: argparse.Namespace) -> None:
    """Run the toolkit where its files are not there yet."""
    wanted = [item for item in requests if not (options.reuse and vendor_run(Path(item["folder"])))]
    for item in wanted:
        for name in ("done.json", "times.json"):
            (Path(item["folder"]) / name).unlink(missing_ok=True)
    if len(wanted) == 1:
        code = _worker(wanted[0])
        (Path(wanted[0]["folder"]) / "done.json").write_text(json.dumps({"code": code}))
    elif wanted:
        _worker(wanted, "--each")


def _worker(request: Any, *options: str) -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps(request))
        file.flush()
        command = [TOOLKIT, str(Path(__file__).with_name("vendor_worker.py")), *options, file.name]
        return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


def _vendor(folder: Path) -> VendorRun:
    run = vendor_run(folder)
    return run if run is not None else VendorRun(folder, "the toolkit did not run")


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _report(line: Line, options: argparse.Namespace) -> None:
    print(table.line(line), flush=True)
    if options.details and line.verdict is not None and line.verdict.shortfalls:
        print(table.details(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
