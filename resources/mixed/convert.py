"""Hybrid quantization with rknn-toolkit2 alone; written by RKNN Workbench.

    python THIS_FILE DATASET.txt [INPUT …]

writes STEM.rknn here and, where a file for each input of the network is given, an analysis into ./snapshot.
"""

import sys
from pathlib import Path

from rknn.api import RKNN

STEM = ""
METHOD = ""
LOAD = {}
CONFIG = {}
LAYERS = {}


def main(dataset: str, inputs: list) -> None:
    first = RKNN()
    check(first.config(**CONFIG))
    check(getattr(first, METHOD)(**LOAD))
    check(first.hybrid_quantization_step1(dataset=dataset))
    first.release()
    patch(Path(STEM + ".quantization.cfg"))
    second = RKNN()  # step 2 refuses the object of step 1
    check(second.config(**CONFIG))
    check(second.hybrid_quantization_step2(STEM + ".model", STEM + ".data", STEM + ".quantization.cfg"))
    check(second.export_rknn(STEM + ".rknn"))
    if inputs:
        check(second.accuracy_analysis(inputs=inputs, output_dir="snapshot"))
    second.release()


def patch(path: Path) -> None:
    """Put the layers into the block of the cfg. Nothing else may change: step 2 compares all scales."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = file.read().split("\n")
    begin = next(number for number, line in enumerate(lines) if line.startswith("custom_quantize_layers:"))
    end = next(number for number, line in enumerate(lines) if line.startswith("quantize_parameters:"))
    block = ["custom_quantize_layers:"] + [f"    {quoted(name)}: {kind}" for name, kind in LAYERS.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(lines[:begin] + (block if LAYERS else lines[begin:end]) + lines[end:]))


def quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def check(code: int) -> None:
    if code != 0:
        sys.exit(f"the toolkit gave {code}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
