"""Arrays from `.npy` and raw `.bin` files, checked before they are read."""

import math
from pathlib import Path
from tokenize import TokenError

import numpy as np

from workbench.foundation.errors import DatasetError

_UNREADABLE = (OSError, ValueError, EOFError, TypeError, OverflowError, MemoryError, TokenError)
_SWAPS = {"NHWC": (0, 3, 1, 2), "NCHW": (0, 2, 3, 1)}  # what such data needs to become the other


def read_npy(path: Path, want: tuple[int, ...]) -> np.ndarray:
    """The array of the file in the shape `want` and its own dtype; only a missing batch dimension is added."""
    stored = _open_npy(path)
    if stored.dtype.kind not in "biuf":
        raise DatasetError(f"{path} holds values of type {stored.dtype}, not numbers.", "Save it as float32 or uint8.")
    if stored.shape == want:
        return _whole(path)
    if (1, *stored.shape) == want:
        return _whole(path)[np.newaxis]
    raise DatasetError(
        f"{path} has shape {_spelled(stored.shape)}; the network takes {_spelled(want)}.", _hint(stored.shape, want)
    )


def read_raw(path: Path, stored: tuple[int, ...], dtype: str, want: tuple[int, ...]) -> np.ndarray:
    """The bytes of the file as an array of `stored` shape and `dtype`, brought to the shape `want`.

    The stored shape was stated, so data in the other memory layout is transposed; both have as many elements.
    """
    kind = np.dtype(dtype)
    expected = math.prod(stored) * kind.itemsize
    try:
        found = path.stat().st_size
        if found != expected:
            spelled = f"{_spelled(stored)} of {kind.name}"
            hint = "Give the shape and the type that the file was written with."
            raise DatasetError(f"{path} has {found} bytes; {spelled} are {expected} bytes.", hint)
        values = np.fromfile(path, kind).reshape(stored)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    swap = _swap(stored, want)
    if swap is not None:
        return values.reshape((1,) * (4 - len(stored)) + stored).transpose(_SWAPS[swap])
    if _without_ones(stored) != _without_ones(want):
        hint = "Give the shape in the file's own order of dimensions."
        raise DatasetError(f"{path}: shape {_spelled(stored)} does not become {_spelled(want)}.", hint)
    return values.reshape(want)


def cast(values: np.ndarray, dtype: np.dtype, path: Path) -> np.ndarray:
    """The values in `dtype`, contiguous; integers are rounded half to even. What does not fit is an error."""
    if values.dtype == dtype or not values.size:
        return np.ascontiguousarray(values, dtype)
    if dtype.kind == "f":
        return _cast_float(values, dtype, path)
    whole = np.rint(values) if values.dtype.kind == "f" else values
    low, high = (0, 1) if dtype.kind == "b" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
    least, most = whole.min().item(), whole.max().item()
    if not (low <= least and most < high + 1):  # written so that NaN fails
        raise _outside(path, f"{least:g} to {most:g}", f"{dtype.name}, {low} to {high}")
    return np.ascontiguousarray(whole, dtype)


def _cast_float(values: np.ndarray, dtype: np.dtype, path: Path) -> np.ndarray:
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(values, dtype)
    if np.count_nonzero(np.isinf(result)) > np.count_nonzero(np.isinf(values)):
        raise _outside(path, f"{np.nanmin(values):g} to {np.nanmax(values):g}", dtype.name)
    return result


def _outside(path: Path, found: str, wanted: str) -> DatasetError:
    hint = "Check mean, std and scale: they are applied to the values of the file."
    return DatasetError(f"{path} gives values from {found}, outside the input's type {wanted}.", hint)


def _open_npy(path: Path) -> np.ndarray:
    """Mapped, not read: a file of the wrong shape costs nothing, however large."""
    try:
        if path.stat().st_size == 0:
            raise DatasetError(f"{path} is empty.", "Write the array again.")
        return np.lib.format.open_memmap(path, mode="r")
    except FileNotFoundError as error:
        raise DatasetError(f"{path} does not exist.", "Check the path.") from error
    except _UNREADABLE as error:
        raise DatasetError(
            f"{path} cannot be read: {_reason(error)}.", "Write the array again with numpy.save."
        ) from error


def _whole(path: Path) -> np.ndarray:
    """All of it in memory: what is mapped ends the process where its drive goes away."""
    try:
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except _UNREADABLE as error:
        raise DatasetError(
            f"{path} cannot be read: {_reason(error)}.", "Write the array again with numpy.save."
        ) from error


def _reason(error: BaseException) -> str:
    text = str(error).lower()
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if "mmap length" in text or "eof" in text or "reading array header" in text or "cannot reshape" in text:
        return "it is cut off"
    if "python objects" in text or "object array" in text or "allow_pickle" in text:
        return "it holds Python objects, which are never loaded"
    return "it is not a .npy file"


def _spelled(shape: tuple[int, ...]) -> str:
    return "x".join(str(size) for size in shape) or "()"


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _swap(stored: tuple[int, ...], want: tuple[int, ...]) -> str | None:
    """The layout of `stored` when `want` is the same data in the other one; None when the order agrees."""
    if len(want) != 4 or len(stored) not in (3, 4):
        return None
    full = (1,) * (4 - len(stored)) + stored
    if full == want:
        return None
    for layout, axes in _SWAPS.items():
        if tuple(full[axis] for axis in axes) == want:
            return layout
    return None


def _hint(stored: tuple[int, ...], want: tuple[int, ...]) -> str:
    swap = _swap(stored, want)
    if swap is not None:
        axes = _SWAPS[swap] if len(stored) == 4 else tuple(axis - 1 for axis in _SWAPS[swap][1:])
        return f"It looks like {swap} data: save numpy.transpose(x, {axes}) instead."
    if len(stored) == len(want) and stored[1:] == want[1:] and want[:1] == (1,):
        return f"It holds {stored[0]} samples: save each in a file of its own."
    return "Arrays are never resized or reshaped: save it in the network's own layout."
