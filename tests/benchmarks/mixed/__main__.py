"""python -m tests.benchmarks.mixed search|accuracy|sweeps …: each says with --help what it measures."""

import sys
from importlib import import_module

KINDS = ("search", "accuracy", "sweeps")


def main() -> int:
    kind, *rest = sys.argv[1:] or [""]
    if kind not in KINDS:
        sys.exit(__doc__)
    status: int = import_module(f"tests.benchmarks.mixed.{kind}").main(rest)
    return status


if __name__ == "__main__":
    sys.exit(main())
