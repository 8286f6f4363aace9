"""Stands in for a program on a board that uses the NPU: writes the files that the driver writes, as its variables say.

    python3 npu.py NETWORK INPUT.npy …

Its network is a text: a line `OPERATOR TENSOR 1x3x4x4` for each layer, whose values are those of the first input with
one added for each layer; or a .npz, whose arrays are what its layers give. Variables say what else happens: FAIL exits
with this code after the first layer, SHORT cuts its files, SLOW waits so many seconds a layer, SILENT writes nothing.
"""

import os
import re
import sys
import time
import zipfile
from pathlib import Path

import numpy as np


def layers(network: str) -> list[tuple[str, str, tuple[int, ...], "np.ndarray | None"]]:
    if zipfile.is_zipfile(network):
        with open(network, "rb") as file, np.load(file) as arrays:  # noqa: PTH123 - np.load wants a suffix
            return [("Conv", re.sub("[^0-9A-Za-z_]", "_", name), arrays[name].shape, arrays[name]) for name in arrays]
    words = [line.split() for line in Path(network).read_text().splitlines()]
    return [(op, tensor, tuple(map(int, sides.split("x"))), None) for op, tensor, sides in words]


def main() -> int:
    network, *inputs = sys.argv[1:]
    values = np.load(inputs[0]).astype(np.float32).ravel()
    level, is_old = os.environ.get("RKNN_LOG_LEVEL", "0"), os.environ.get("NN_LAYER_DUMP") == "1"
    folder = Path() if is_old else Path(os.environ.get("RKNN_DUMP_DIR", "/nowhere"))
    for number, (op, tensor, shape, given) in enumerate(layers(network)):
        values = np.resize(values, int(np.prod(shape))) + 1 if given is None else given.astype(np.float32).ravel()
        if level in "45":
            print(f"D RKNN: [..] {number} {op} INT8 NPU (1,3) (1,3) 1/2/3 {number + 10} {op}:{tensor}")
        if is_old:
            last = values.reshape(shape).transpose(0, 2, 3, 1)
            name = f"{op.lower()}_at_{tensor}_{number}_{number}_out0_nhwc_{'_'.join(map(str, last.shape))}.tensor"
            np.savetxt(folder / name, last.ravel(), fmt="%.6f")
        elif level == "5" and "SILENT" not in os.environ:
            name = f"{number:03d}_{op}_{tensor}_shape_{'_'.join(map(str, shape))}_float.npy"
            np.save(folder / name, values.reshape(shape))
            if "SHORT" in os.environ:
                os.truncate(folder / name, 100)
        time.sleep(float(os.environ.get("SLOW", "0")))
        if "FAIL" in os.environ:
            print("E RKNN: the NPU said no")
            return int(os.environ["FAIL"])
    print("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
