"""Faults of many kinds put into networks of the test material, and what a diagnosis says of them, as a table.

    python -m tests.benchmarks.diagnosis [--networks NAME…] [--faults KIND…] [--fixes] [--list]

A kind may be the beginning of several (`order` for `order+input`, `order+layers`, `order+outputs`; `clean` for all
clean runs). Each line: the network, the fault, the place of the right cause among the causes ("-" for none), the
seconds of one analysis, how many times as long the diagnosis took, and what it said. `--fixes` also runs each fix that
is offered and applies it to a copy of the session: what was promised must be what is measured. `--keep DIR`
keeps the sessions of what was missed, `--misses FILE` writes them down. What the rules were made with is seed 0:
another `--seed` is the test that they have not seen.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.diagnosis import boards, calibration, clean, halves, inputs, stale, table, weights
from tests.benchmarks.diagnosis.bench import listed
from tests.benchmarks.diagnosis.judge import Judge, Verdict
from tests.benchmarks.in_short import in_short

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
FAULTS = (
    *inputs.FAULTS, *calibration.FAULTS, *weights.FAULTS, *halves.FAULTS, *stale.FAULTS, *boards.FAULTS, *clean.FAULTS,
)  # fmt: skip
NETWORKS = (
    "mnist", "tinycnn_cifar10", "resnet8_cifar10", "resnet18_cifar10", "vww_96", "ppocr_cls", "ultraface_slim",
    "ultraface_rfb", "fsanet", "yunet", "fastestdet", "retinaface",
)  # fmt: skip


def main() -> int:
    options = _options()
    verdicts: list[Verdict] = []
    print(f"{'network':16} {'fault':22} {'place':5} {'s':>6} {'times':>6}  causes")
    with tempfile.TemporaryDirectory() as scratch:
        judge = Judge(SHARED, Path(scratch), options.seed)
        for name in options.networks:
            for fault in FAULTS:
                if any(fault.kind.startswith(kind) for kind in options.faults):
                    verdict = judge.judge(name, fault)
                    if verdict is not None:
                        verdicts.append(verdict)
                        _finish(verdict, options)
    text, short, holds = table.summary(verdicts)
    print(f"\n{table.by_kind(verdicts)}\n\n{text}")
    return in_short(short, holds)


def _finish(verdict: Verdict, options: argparse.Namespace) -> None:
    if options.fixes:
        from tests.benchmarks.diagnosis.gains import measure

        measure(verdict)
    print(table.line(verdict), flush=True)
    for gain in verdict.gains:
        if gain.refused or not gain.is_kept or options.list:
            told = gain.failed or gain.refused or format(gain.off, ".2g")
            print(f"    {gain.cause}: {gain.text} -> {told}", flush=True)
    if options.list:
        for one in verdict.findings:
            print(f"    {one.level} {one.cause} {one.confidence:.2f} {one.layers[:3]}")
            print("".join(f"      - {part.text}\n" for part in one.evidence), end="")
    is_missed = verdict.is_alarm if verdict.is_clean else verdict.rank != 1
    place = verdict.folder.parent
    if is_missed and options.keep is not None:
        kept = options.keep / place.name
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(place, kept)
    if is_missed and options.misses is not None:
        with options.misses.open("a", encoding="utf-8") as file:
            file.write(f"- {table.line(verdict)} | right: {', '.join(sorted(verdict.right)) or 'nothing'}\n")
    shutil.rmtree(place)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.diagnosis", description=__doc__)
    parser.add_argument("--networks", nargs="+", default=NETWORKS, metavar="NAME", choices=listed(SHARED))
    parser.add_argument("--faults", nargs="+", default=("",), metavar="KIND")
    parser.add_argument("--fixes", action="store_true")
    parser.add_argument("--seed", type=int, default=0, help="other layers, channels, pictures and numbers are drawn")
    parser.add_argument("--list", action="store_true", help="all findings with their evidence")
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--misses", type=Path, metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
