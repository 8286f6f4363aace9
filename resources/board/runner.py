"""Runs a network once on a board with rknn-toolkit-lite2 (or rknn-toolkit-lite on RKNPU1), Python 3.5 and newer.

    python3 runner.py NETWORK.rknn INPUT0.npy [INPUT1.npy ...]

Inputs come as they are fed: in the network's order, of four axes N, H, W, C. It sets nothing by itself: what is dumped
is up to the variables that it is started with. Prints what it does, and the seconds of each part.
"""

# ruff: noqa: ANN001, ANN201, UP032 - the Python of a board may be old

import os
import sys
import time


def main():
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    network, files = sys.argv[1], sys.argv[2:]
    try:
        import numpy as np
        from rknnlite.api import RKNNLite
    except ImportError as error:
        print("No toolkit for boards in {}: {}".format(sys.executable, error))
        return 3
    inputs = [np.load(path, allow_pickle=False) for path in files]
    lite = RKNNLite()
    try:
        steps = (
            ("load", lambda: lite.load_rknn(network)),
            ("init", lite.init_runtime),
            ("inference", lambda: outputs_of(lite, inputs)),
        )
        for name, step in steps:
            begun = time.time()
            code = step()
            if code != 0:
                print("{} failed: {!r}".format(name, code))
                return 4
            print("seconds of {}: {:.6f}".format(name, time.time() - begun))
    finally:
        lite.release()
    return 0


def outputs_of(lite, inputs):
    outputs = lite.inference(inputs=inputs)
    if outputs is None:
        return "no outputs"
    for number, values in enumerate(outputs):
        print("output {}: {} {}".format(number, values.dtype, "x".join(str(side) for side in values.shape)))
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the runtime's own way out may crash when everything is done
