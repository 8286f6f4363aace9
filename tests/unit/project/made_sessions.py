"""Sessions that no run has made: dumps of a few numbers, and the table that joins their names."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from workbench.compare.compare import LayerError
from workbench.dump.store import DumpWriter
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.results import Results, save_results
from workbench.project.session import Session, save_session
from workbench.project.what_if import settings_of
from workbench.quantize.schemes import QuantSettings

Tensors = Mapping[str, np.ndarray]
ONES = np.ones((1, 4), np.float32)


def made_session(
    folder: Path,
    dumps: Mapping[str, Sequence[Tensors]],
    names: Mapping[str, str],
    *,
    quant: QuantSettings | None = None,
    preprocess: Preprocess | None = None,
    inputs: Sequence[str] = (),
) -> Path:
    """`dumps` are each source's tensors, one mapping an input; `names` maps tensors of the table to golden ones."""
    quant, preprocess = quant or QuantSettings(), preprocess or Preprocess()
    paths = {
        source: tuple(
            _dump(folder / f"{source}-{number}.h5", tensors, inputs[number] if inputs else "")
            for number, tensors in enumerate(found)
        )
        for source, found in dumps.items()
    }
    model = folder.parent / "net.onnx"
    model.write_bytes(b"a network")
    samples = tuple(Sample((Path(name),)) for name in inputs)
    save_session(Session(model, preprocess={"x": preprocess}, samples=samples, quant=quant), folder)
    rows = tuple(
        LayerError(index, "Conv", tensor, golden, (), (1, 4), None, {}, "name", "")
        for index, (tensor, golden) in enumerate(names.items())
    )
    layers = {tensor: (f"layer of {golden}",) for tensor, golden in names.items()}
    save_results(Results(rows, dumps=paths, layers_of=layers, quant=settings_of(quant), program="1"), folder)
    return folder


def made_folder(path: Path, **tensors: np.ndarray) -> Path:
    """A folder of `.npy` files."""
    path.mkdir(parents=True)
    for name, array in tensors.items():
        np.save(path / f"{name}.npy", array)
    return path


def _dump(path: Path, tensors: Tensors, file: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with DumpWriter(path, {"input": file} if file else {}) as writer:
        for name, array in tensors.items():
            writer.add(name, array, "Conv")
    return path
