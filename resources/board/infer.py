"""Runs a network on a board for many inputs with rknn-toolkit-lite2 and keeps its outputs, Python 3.5 and newer.

    python3 infer.py NETWORK.rknn ROWS.npz OUTPUTS.npz

ROWS has the arrays `ROW-PLACE` of every row, as they are fed: of four axes N, H, W, C. OUTPUTS gets `ROW-PLACE` of each
output as float32, in the network's own layout. It sets nothing by itself.
"""

# ruff: noqa: ANN201, UP032 - the Python of a board may be old

import os
import sys


def main():
    if len(sys.argv) != 4:
        print(__doc__)
        return 2
    network, rows, out = sys.argv[1:]
    try:
        import numpy as np
        from rknnlite.api import RKNNLite
    except ImportError as error:
        print("No toolkit for boards in {}: {}".format(sys.executable, error))
        return 3
    lite = RKNNLite()
    found = {}
    try:
        for name, step in (("load", lambda: lite.load_rknn(network)), ("init", lite.init_runtime)):
            code = step()
            if code != 0:
                print("{} failed: {!r}".format(name, code))
                return 4
        with np.load(rows, allow_pickle=False) as arrays:
            names = sorted(arrays.files, key=lambda name: [int(part) for part in name.split("-")])
            for row in sorted({int(name.split("-")[0]) for name in names}):
                inputs = [arrays[name] for name in names if int(name.split("-")[0]) == row]
                outputs = lite.inference(inputs=inputs)
                if outputs is None:
                    print("inference failed: no outputs")
                    return 5
                for place, values in enumerate(outputs):
                    found["{}-{}".format(row, place)] = np.asarray(values, dtype="float32")
                print("row {}".format(row))
                sys.stdout.flush()
    finally:
        lite.release()
    np.savez(out, **found)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the runtime's own way out may crash when everything is done
