"""What is taken out of the tensor panes: text for Python, and files of arrays, tables and pictures. No widgets."""

import base64
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import atomic_path
from workbench.foundation.steps import Progress, Steps
from workbench.ui.models.tensors.data import Place, Shelf, Stored, find
from workbench.ui.models.tensors.heat_image import LEVELS
from workbench.ui.models.tensors.planes import DIFFERENCE, STRANGE, Pair, Planes

MOST_IN_DIGITS = 4096  # elements; 60 kB of text. More are copied as bytes.
MOST_COPIED = 1 << 22  # elements; 22 MB of text
LINE = 8  # numbers a line of code
BLOCK = 1 << 18  # elements written at a time
SMALLEST_PICTURE = 512  # pixels of the longer side: smaller planes are enlarged by whole numbers
SAVING = "save"
Block = Callable[[int, int], np.ndarray]
"""Gives the elements from one place of the flattened array up to another."""


@dataclass(frozen=True)
class Painted:
    """Indices, their table of colours, and the grey picture that they lie over with some opacity."""

    indices: np.ndarray
    table: np.ndarray
    picture: np.ndarray | None = None
    opacity: float = 1.0


def shown_values(planes: Planes, source: str) -> np.ndarray:
    """What a pane shows, in numbers; of what is no number 1 for NaN, 2 and 3 for plus and minus infinity."""
    values = planes.gap if source == DIFFERENCE else planes.values[source]
    assert values is not None
    if planes.way == STRANGE:
        return np.where(values < LEVELS, 0, values.astype(np.int16) - LEVELS).astype(np.uint8)
    return values


def python_text(values: np.ndarray, name: str, comment: str) -> str:
    """Code that makes the array; a `WorkbenchError` when that would be too long."""
    if values.size > MOST_COPIED:
        text = QCoreApplication.translate("TensorFiles", "{0} values are too many to copy as text.")
        hint = QCoreApplication.translate("TensorFiles", "Save them as .npy instead.")
        raise WorkbenchError(text.format(f"{values.size:,}"), hint)
    written = _in_digits(values) if values.size <= MOST_IN_DIGITS else _in_bytes(values)
    modules = "import numpy as np" if values.size <= MOST_IN_DIGITS else "import base64\n\nimport numpy as np"
    return f"{modules}\n\n# {comment}\n{name} = {written}.reshape({values.shape})\n"


def save_array(path: Path, values: np.ndarray) -> Steps[Path]:
    """Write an array as .npy, or as .csv: a line for each row of its last axis."""
    yield from _write(path, values.shape, lambda start, stop: values.reshape(-1)[start:stop])
    return path


def save_tensor(path: Path, wanted: Mapping[str, Place], source: str, pair: Pair) -> Steps[Path]:
    """Write a whole tensor of one source, or of the difference, as float32."""
    shelf = Shelf()  # of this thread alone
    try:
        found, _ = find(shelf, wanted)
        chosen = [found[name] for name in (pair if source == DIFFERENCE else (source,))]
        flat = [_flat(stored) for stored in chosen]

        def block(start: int, stop: int) -> np.ndarray:
            parts = [stored.part((slice(start, stop),)) for stored in flat]
            with np.errstate(invalid="ignore", over="ignore"):
                return parts[0] - parts[1] if len(parts) > 1 else parts[0]

        yield from _write(path, chosen[0].array.shape, block)
    finally:
        shelf.close()
    return path


def save_picture(path: Path, painted: Painted | np.ndarray) -> Steps[Path]:
    """Write a plane as it is painted, as .png: an element is a square of whole pixels; or RGBA as it is."""
    import cv2

    yield Progress(SAVING, 0, 1, path.name)
    image = painted if isinstance(painted, np.ndarray) else rendered(painted)
    fine, data = cv2.imencode(".png", np.ascontiguousarray(image[:, :, [2, 1, 0, 3]]))
    if not fine:
        text = QCoreApplication.translate("TensorFiles", "{0} would be too large for a picture.")
        raise WorkbenchError(
            text.format(path.name), QCoreApplication.translate("TensorFiles", "Save them as .npy instead.")
        )
    with atomic_path(path) as part:
        data.tofile(part)
    return path


def rendered(painted: Painted) -> np.ndarray:
    """rows x columns x RGBA, uint8, at least as large as a picture for the eye is."""
    import cv2

    colours = painted.table[painted.indices].astype(np.float32)
    factor = max(1, -(-SMALLEST_PICTURE // max(painted.indices.shape)))
    size = (painted.indices.shape[1] * factor, painted.indices.shape[0] * factor)
    image = cv2.resize(colours, size, interpolation=cv2.INTER_NEAREST)
    if painted.picture is not None:
        below = cv2.resize(painted.picture, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)[:, :, np.newaxis]
        veil = image[:, :, 3:] * (painted.opacity / 255)
        image[:, :, :3] = image[:, :, :3] * veil + below * (1 - veil)
        image[:, :, 3] = 255
    return np.rint(image).astype(np.uint8)


def _write(path: Path, shape: tuple[int, ...], block: Block) -> Steps[None]:
    if path.suffix.lower() not in (".npy", ".csv"):
        text = QCoreApplication.translate("TensorFiles", "{0} is no kind of file that can be written.")
        raise WorkbenchError(
            text.format(path.name), QCoreApplication.translate("TensorFiles", "Name it .npy, .csv or .png.")
        )
    write = _npy if path.suffix.lower() == ".npy" else _csv
    with atomic_path(path) as part:
        for done in write(part, shape, block):
            yield Progress(SAVING, done, max(1, math.prod(shape)), path.name)


def _npy(part: Path, shape: tuple[int, ...], block: Block) -> Iterator[int]:
    size = math.prod(shape)
    first = block(0, min(BLOCK, size))
    with part.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(first.dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, size, BLOCK):
            file.write(np.ascontiguousarray(block(start, min(size, start + BLOCK))).tobytes())
            yield start


def _csv(part: Path, shape: tuple[int, ...], block: Block) -> Iterator[int]:
    """Nine digits bring back every float32."""
    size, width = math.prod(shape), shape[-1] if shape else 1
    lines = max(1, min(BLOCK, 1 << 14) // max(1, width))
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# shape {' x '.join(map(str, shape)) or 'scalar'}; a line is a row of the last axis\n")
        for start in range(0, size, lines * width):
            rows = block(start, min(size, start + lines * width)).reshape(-1, width)
            file.writelines(",".join(f"{value:.9g}" for value in row) + "\n" for row in rows.tolist())
            yield start


def _flat(stored: Stored) -> Stored:
    encoding = stored.encoding
    if encoding is not None and len(encoding.scale) > 1:
        return Stored(stored.part(()).reshape(-1), None)
    return Stored(stored.array.reshape(-1), encoding)


def _in_digits(values: np.ndarray) -> str:
    numbers = [_literal(float(value)) for value in values.reshape(-1)]
    lines = [f"    {', '.join(numbers[start : start + LINE])},\n" for start in range(0, len(numbers), LINE)]
    return f"np.array([\n{''.join(lines)}], dtype=np.float32)"


def _in_bytes(values: np.ndarray) -> str:
    text = base64.encodebytes(np.ascontiguousarray(values, "<f4").tobytes()).decode("ascii")
    return f'np.frombuffer(base64.b64decode("""\n{text}"""), "<f4").copy()'


def _literal(value: float) -> str:
    if math.isnan(value):
        return "np.nan"
    if math.isinf(value):
        return "np.inf" if value > 0 else "-np.inf"
    return f"{value:.9g}"
