"""Let every reader read broken files for a while: `python -m tests.fuzz --minutes 10 [--readers onnx,hdf5] [--seed 1]`.

What breaks a rule is printed and its files are kept in `rknn-workbench-fuzz` in the folder of temporary files; once the
reader is mended they belong, as small as they are, into `tests/fuzz/corpus/READER-NAME`: every run begins with those.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.readers import READERS
from tests.fuzz.runs import fuzz

EXAMPLES = 200  # of a reader in a round
FOUND = Path(tempfile.gettempdir()) / "rknn-workbench-fuzz"


def main() -> int:
    """The exit status: how many readers broke a rule."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--readers", default=",".join(reader.name for reader in READERS))
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    chosen = parser.parse_args()
    end, seed, names = time.monotonic() + 60 * chosen.minutes, chosen.seed, chosen.readers.split(",")
    broken: set[str] = set()
    while time.monotonic() < end and len(broken) < len(names):
        for name in (name for name in names if name not in broken and time.monotonic() < end):
            with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
                for found in fuzz([name], EXAMPLES, seed, Path(folder)):
                    kept = FOUND / found.files.name
                    shutil.copytree(found.files, kept, dirs_exist_ok=True)
                    broken.add(name)
                    print(f"--- {name}, seed {seed}: {kept}\n{found.trace[-3000:]}\n", flush=True)
        print(f"seed {seed} done", flush=True)
        seed += 1
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
