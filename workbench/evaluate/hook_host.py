"""Runs a user's hook in a process of its own, Python 3.8 and newer with numpy: arrays come in, its answer goes out.

    python hook_host.py HOOK.py FUNCTION

A message on standard input is the length of a header (4 bytes, big-endian), the header as JSON, then the arrays' bytes.
An answer is a line of JSON on the first standard output; what the hook prints goes to standard error.
"""

import json
import os
import struct
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = "\x1e"


def main() -> None:
    channel = os.fdopen(os.dup(1), "w", 1, "utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    source = sys.stdin.buffer
    path, wanted = sys.argv[1:3]
    function = None
    while True:
        length = source.read(4)
        if len(length) < 4:
            break
        header = json.loads(source.read(struct.unpack(">I", length)[0]))
        outputs = {item["name"]: array_of(item, source.read(item["bytes"])) for item in header["arrays"]}
        try:
            function = function or loaded(path, wanted)
            answer = {"answer": plain(function(outputs, header["image"]))}
        except BaseException as error:  # noqa: BLE001 - the user's code; it may also call exit()
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        channel.write(MARK + json.dumps(answer) + "\n")
        channel.flush()


def loaded(path: str, wanted: str) -> "Callable[..., Any]":
    from importlib.util import module_from_spec, spec_from_file_location

    sys.path.insert(0, os.path.dirname(path))  # noqa: PTH120 - as short as it can be
    spec = spec_from_file_location("hook", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, wanted, None)
    if function is None:
        raise AttributeError(f"it has no function {wanted}(outputs, image)")
    return function  # type: ignore[no-any-return]


def array_of(item: "dict[str, Any]", data: bytes) -> Any:
    import numpy as np

    return np.frombuffer(data, item["dtype"]).reshape(item["shape"]).copy()


def plain(value: Any) -> Any:
    """numpy's numbers and arrays as JSON has them."""
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


if __name__ == "__main__":
    main()
