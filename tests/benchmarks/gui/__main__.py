"""All figures of the window in one table, offscreen and on a real X server in the same run.

    python -m tests.benchmarks.gui [--only graph tensors table gaps opening] [--platforms offscreen xcb]

Each module measures in a process of its own, on each platform; "xcb" needs Xvfb. Exit status 1: a figure is over its
limit. `RKNN_WORKBENCH_SHARED` names the folder of test networks, else the demo is analysed.
"""

import argparse
import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import xvfb
from tests.benchmarks.gui import Figure, speed
from tests.benchmarks.in_short import in_short

MODULES = ("graph", "tensors", "table", "opening", "gaps")
PLATFORMS = ("offscreen", "xcb")
ROOT = Path(__file__).resolve().parents[3]
WIDTH = 78


def main() -> int:
    """Measure and print; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=MODULES, default=MODULES)
    parser.add_argument("--platforms", nargs="+", choices=PLATFORMS, default=_platforms())
    parser.add_argument("--child", choices=MODULES, help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        figures = importlib.import_module(f"tests.benchmarks.gui.{options.child}").measure()
        options.answer.write_text(json.dumps(figures), encoding="utf-8")
        return 0
    _print_speed()
    print(f"{'':{WIDTH}} {'limit':>8}", *(f"{name:>10} {'':4}" for name in options.platforms))
    held = [_report(module, options.platforms) for module in options.only]
    _print_speed()
    missed = [what for over in held for what in over]
    result = f"over their limits: {'; '.join(missed)}" if missed else "every figure is within its limit"
    return in_short(f"{', '.join(options.only)} on {' and '.join(options.platforms)}: {result}", not missed)


def _platforms() -> tuple[str, ...]:
    if why := xvfb.missing():
        print(f"offscreen only: {why}", file=sys.stderr)
        return PLATFORMS[:1]
    return PLATFORMS


def _report(module: str, platforms: list[str]) -> list[str]:
    """Measure one module on every platform and print its lines; what is over its limit, or failed."""
    answers = [_measured(module, platform) for platform in platforms]
    rows: dict[str, list[Figure | None]] = {}
    for at, figures in enumerate(answers):
        for figure in figures or []:
            rows.setdefault(figure[0], [None] * len(platforms))[at] = figure
    for what, found in rows.items():
        print(_line(what, found), flush=True)
    over = [what for what, found in rows.items() if not all(figure is None or _holds(figure) for figure in found)]
    return [*over, f"{module} failed"] if None in answers else over


def _line(what: str, found: list[Figure | None]) -> str:
    _, _, limit, unit = next(figure for figure in found if figure is not None)
    cells = (f"{'–':>10} {'':4}" if it is None else f"{it[1]:10.4g} {'yes' if _holds(it) else 'NO':4}" for it in found)
    return f"{f'{what} [{unit}]':{WIDTH}} {limit:8.4g} {' '.join(cells)}"


def _holds(figure: Figure) -> bool:
    return figure[1] <= figure[2]


def _measured(module: str, platform: str) -> list[Figure] | None:
    """The figures of one module, from a process of its own; None after its complaint when it failed."""
    with _screen(platform) as display, tempfile.TemporaryDirectory(prefix="bench-answer-") as folder:
        answer = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "tests.benchmarks.gui", "--child", module, "--answer", str(answer)]
        environment = {**os.environ, **display, "QT_QPA_PLATFORM": platform}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False)
        if done.returncode or not answer.is_file():
            print(f"{module} on {platform} failed with exit status {done.returncode}")
            return None
        return [tuple(figure) for figure in json.loads(answer.read_text(encoding="utf-8"))]


@contextlib.contextmanager
def _screen(platform: str) -> Iterator[dict[str, str]]:
    if platform == "xcb":
        with xvfb.screen() as display:
            yield {"DISPLAY": display}
    else:
        yield {}


def _print_speed() -> None:
    best, median = speed.factor()
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"a fixed loop takes {best:.2f} (median {median:.2f}) of its time on the reference machine; load {load}\n")


if __name__ == "__main__":
    sys.exit(main())
