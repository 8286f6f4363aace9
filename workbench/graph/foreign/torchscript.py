"""Networks of TorchScript: torch itself reads them, in an interpreter that has it.

Nothing of such a file is unpickled or run in this process.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.foundation.errors import ModelError
from workbench.foundation.files import UNREADABLE, stamp_of
from workbench.foundation.interpreters import with_module
from workbench.foundation.process import Finished, lines_of, told
from workbench.graph.foreign.kinds import read_bytes
from workbench.graph.foreign.sketch import Sketch
from workbench.graph.graph import Layer, Tensor

WORKER = Path(__file__).with_name("torch_worker.py")
TIMEOUT = 300.0
MODULE = "module"
"""The attribute of a layer that names the module whose weights it takes."""
NO_TORCH = "torch is in no interpreter that is known here, and only torch reads networks of TorchScript."
GET_TORCH = (
    "Set up the vendor's toolkit, which brings torch (`rknn-workbench doctor --setup-toolkit`), name an interpreter "
    "that has torch with RKNN_WORKBENCH_PYTHON, or export the network to ONNX."
)


def read(files: tuple[Path, ...], shapes: Mapping[str, tuple[int, ...]] | None = None) -> Sketch:
    """The layers as torch tells them; with the shapes of all inputs also those of every tensor."""
    path = files[0]
    _refuse_others(path)
    found = _described(path, stamp_of(path), tuple(sorted((shapes or {}).items())))
    try:
        return _sketch(found)
    except UNREADABLE as error:
        raise ModelError(f"torch tells of {path.name} what is no network.", _EXPORT) from error


def torch_python() -> Path:
    """The interpreter that has torch."""
    python = with_module("torch")
    if python is None:
        raise ModelError(NO_TORCH, GET_TORCH)
    return python


def command(request: Mapping[str, Any]) -> list[str]:
    """How the worker is started."""
    return [str(torch_python()), "-X", "utf8", str(WORKER), json.dumps(request)]


def failed(path: Path, finished: Finished, said: str = "") -> ModelError:
    """Why torch could not do it."""
    reason = said or (finished.last[-1] if finished.last else finished.signal or f"exit code {finished.code}")
    return ModelError(f"torch cannot run {path.name}: {reason.rstrip('.')}.", "Export it again with torch.jit.trace.")


@lru_cache(maxsize=4)
def _described(path: Path, stamp: object, shapes: tuple[tuple[str, tuple[int, ...]], ...]) -> dict[str, Any]:
    """What the worker says of a file; `stamp` tells whether it is still the same."""
    request = {"model": str(path.absolute()), "shapes": dict(shapes)}
    lines = lines_of(command(request), silence=TIMEOUT)
    found: dict[str, Any] = {}
    try:
        while True:
            line = next(lines)
            found.update(told(line))
    except StopIteration as stop:
        if "layers" not in found:
            raise failed(path, stop.value, str(found.get("error", ""))) from None
        return found


def _sketch(found: Mapping[str, Any]) -> Sketch:
    dtypes, shapes = found["dtypes"], found["shapes"]
    layers = [_layer(item) for item in found["layers"]]
    names = [name for layer in layers for name in layer.outputs]
    tensors = {
        name: Tensor(name, tuple(map(int, shapes[name])) if name in shapes else None, str(dtypes.get(name, "float32")))
        for name in names
    }
    inputs = tuple(Tensor(str(name), None, "float32") for name in found["inputs"])
    return Sketch(tuple(layers), inputs, _outputs(found["outputs"], names), tensors)


def _layer(item: Mapping[str, Any]) -> Layer:
    attributes = {MODULE: str(item["module"])} if item["module"] else {}
    inputs, outputs = (tuple(map(str, item[names])) for names in ("inputs", "outputs"))
    return Layer(str(item["name"]), str(item["op"]), inputs, outputs, attributes=attributes)


def _outputs(named: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(named) if name in given)


def _refuse_others(path: Path) -> None:
    """Files of torch that hold weights alone have no network in them."""
    if not zipfile.is_zipfile(path):
        read_bytes(path)  # says what is wrong with a missing or empty file
        raise ModelError(f"{path} is no network of TorchScript.", _EXPORT)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ModelError(f"{path} is damaged or cut short.", "Get the file anew.") from error
    if not any("/code/" in name or name.endswith("constants.pkl") for name in names):
        raise ModelError(f"{path} holds weights without their network.", _EXPORT)


_EXPORT = "Save it with torch.jit.trace(module, example).save(…), or export it to ONNX."
