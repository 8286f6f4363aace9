"""Runs in the vendor toolkit's interpreter, Python 3.6 and newer: makes the calls of a request, tells how they went.

    python worker.py REQUEST.json

One JSON object a line goes to the first standard output; whatever the toolkit prints, from Python or from C++, goes
to standard error. The process ends with the one that started it: then its standard input ends.
"""

import json
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = "\x1e"
FRAMEWORKS = ("onnx", "onnxruntime", "torch", "tensorflow", "tflite", "caffe", "numpy")


def main() -> None:
    channel = os.fdopen(os.dup(1), "w", 1, "utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if os.getpgrp() == os.getpid():  # not when somebody starts it by hand, to see what happens
        watch = threading.Thread(target=end_with_parent)
        watch.daemon = True
        watch.start()

    def tell(**event: Any) -> None:
        channel.write(json.dumps(event) + "\n")
        channel.flush()

    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - as short as it can be
        request = json.load(file)
    try:
        if request["calls"]:
            perform(request["calls"], tell)
        else:
            tell(event="versions", **versions())
        tell(event="done")
    except BaseException as error:  # noqa: BLE001 - the toolkit also calls exit()
        import traceback

        if "Traceback" not in str(error):  # else the toolkit has printed it already, and says it once more
            traceback.print_exc()
        last = [line for line in str(error).splitlines() if line.strip()][-1:]
        tell(event="failed", error="{}: {}".format(type(error).__name__, "".join(last)))
    sys.stderr.flush()
    channel.flush()
    os._exit(0)  # the toolkit's own way out may crash when everything is done


def end_with_parent() -> None:
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        return  # there is no standard input to watch
    os.killpg(os.getpgrp(), signal.SIGKILL)


def perform(calls: "list[dict[str, Any]]", tell: "Callable[..., None]") -> None:
    from rknn.api import RKNN  # type: ignore[import-not-found,unused-ignore]

    tell(event="versions", **versions())
    toolkit = RKNN(verbose=False)
    for number, call in enumerate(calls):
        sys.stderr.write(f"\n{MARK}{number}\n")  # among its prints, so that each belongs to a call
        sys.stderr.flush()
        begun = time.time()
        if call["method"] == "infer_rows":
            result = infer_rows(toolkit, call["arguments"]["folder"], tell)
        else:
            result = getattr(toolkit, call["method"])(**call["arguments"])
        if call.get("gives"):
            tell(event="gave", number=number, result=json.loads(json.dumps(result, default=str)))
        elif result not in (0, None):
            raise RuntimeError("{} gave {!r}".format(call["method"], result))
        tell(event="ended", number=number, seconds=time.time() - begun)


def infer_rows(toolkit: "Any", folder: str, tell: "Callable[..., None]") -> "Any":
    """Waits for `rows-0.json`, `rows-1.json` … with the files of each row; `done-0` … answer. No rows: the end."""
    import numpy as np

    if toolkit.init_runtime() not in (0, None):
        return "no runtime"
    number = 0
    while True:
        asked = os.path.join(folder, f"rows-{number}.json")  # noqa: PTH118 - as short as it can be
        if not os.path.exists(asked):  # noqa: PTH110
            time.sleep(0.005)
            continue
        with open(asked, encoding="utf-8") as file:  # noqa: PTH123
            rows = json.load(file)
        if not rows:
            return 0
        for at, row in enumerate(rows):
            arrays = [np.load(path, allow_pickle=False) for path in row]
            layouts = ["nchw" if array.ndim == 4 else "undefined" for array in arrays]
            known = {"data_format": layouts} if "nchw" in layouts else {}
            outputs = toolkit.inference(inputs=arrays, **known)
            if outputs is None:
                return "no outputs"
            for place, values in enumerate(outputs):
                np.save(os.path.join(folder, f"out-{at}-{place}.npy"), values)  # noqa: PTH118
            tell(event="row", number=at)  # a sign of life
        open(os.path.join(folder, f"done-{number}"), "w").close()  # noqa: PTH118, PTH123
        number += 1


def versions() -> "dict[str, Any]":
    from rknn.api import RKNN  # an import that fails is told as every other failure

    del RKNN
    names = ("rknn-toolkit2", "rknn-toolkit", "rknn-toolkit-lite2")
    known = [(name, version_of(name)) for name in names]
    name, version = next(((name, version) for name, version in known if version), ("", ""))
    found = {name: version_of(name) or version_of(name + "-cpu") or "" for name in FRAMEWORKS if is_there(name)}
    return {"name": name, "version": version, "python": ".".join(map(str, sys.version_info[:3])), "frameworks": found}


def is_there(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def version_of(name: str) -> "str | None":
    try:
        from importlib.metadata import PackageNotFoundError, version
    except ImportError:  # before Python 3.8
        return version_before_38(name)
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def version_before_38(name: str) -> "str | None":
    import pkg_resources  # type: ignore[import-untyped,unused-ignore]

    try:
        return str(pkg_resources.get_distribution(name).version)
    except pkg_resources.DistributionNotFound:
        return None


if __name__ == "__main__":
    main()
