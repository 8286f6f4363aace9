"""What a network's input is made of: from a file to the array that is fed.

`feed = ((x * scale) - mean) / std` in float64, then cast to the input's type, as the vendor's toolkit computes it.
It holds for arrays as for pictures, because in a deployed network mean and std are part of the network. Channel order
and resizing are for pictures only: arrays come in the network's own layout.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.foundation.errors import DatasetError, ModelError, SettingsError
from workbench.graph.graph import Tensor
from workbench.preprocess import arrays, images

ORDERS = ("rgb", "bgr", "gray")
LAYOUTS = ("nchw", "nhwc")
RESIZES = ("stretch", "letterbox", "crop", "none")
SUFFIXES = (*images.SUFFIXES, ".npy", ".bin")
RAW_TYPES = (
    "float32",
    "float16",
    "float64",
    "uint8",
    "int8",
    "uint16",
    "int16",
    "uint32",
    "int32",
    "uint64",
    "int64",
    "bool",
)
PICTURE_CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class Preprocess:
    """How files become one input; a single mean or std counts for every channel.

    `layout` is where the network has its channels. `shape` and `dtype` describe raw `.bin` files only; by default they
    are the input's.
    """

    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)
    scale: float = 1.0
    order: str = "rgb"
    layout: str = "nchw"
    resize: str = "stretch"
    shape: tuple[int, ...] | None = None
    dtype: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The picture that fits into an input."""

    height: int
    width: int
    channels: int


def guess(tensor: Tensor) -> Preprocess:
    """What the input's shape tells: layout, and gray when it has one channel; values unchanged."""
    layout = _guess_layout(tensor.shape or ())
    frame = _frame(tensor.shape or (), layout)
    order = "gray" if frame is not None and frame[2] == 1 else "rgb"
    return Preprocess(order=order, layout=layout)


def channels(tensor: Tensor, settings: Preprocess) -> int:
    """How many channels the input has for a list of mean or std; 1 where nothing is known."""
    axis = _channel_axis(tensor.shape or (), settings.layout)
    size = tensor.shape[axis] if tensor.shape and axis is not None else 1
    return size if isinstance(size, int) else 1


def problems(tensor: Tensor, settings: Preprocess) -> list[str]:
    """Why the settings cannot be used for this input, whatever the files; a sentence each, [] when they can."""
    who = f"The input {tensor.name!r}"
    found = [
        f"{who}: {option} is {value!r}; it must be one of {', '.join(choices)}."
        for option, value, choices in (
            ("order", settings.order, ORDERS),
            ("layout", settings.layout, LAYOUTS),
            ("resize", settings.resize, RESIZES),
        )
        if value not in choices
    ]
    return (
        found
        + _number_problems(who, settings)
        + _length_problems(who, tensor, settings)
        + _raw_problems(who, tensor, settings)
    )


def frame(tensor: Tensor, settings: Preprocess) -> Frame:
    """The size and channels of pictures for this input; an error where it takes none, or not in this order."""
    shape = fixed_shape(tensor)
    sizes = _frame(shape, settings.layout)
    if sizes is None:
        raise _no_picture(tensor, shape, settings.layout)
    height, width, count = (int(size) for size in sizes if isinstance(size, int))
    if (settings.order == "gray") != (count == 1):
        fitting = "gray" if count == 1 else "rgb or bgr"
        plural = "channel" if count == 1 else "channels"
        raise SettingsError(
            f"The input {tensor.name!r} has {count} {plural}; order {settings.order} does not fit.",
            f"Set its order to {fitting}.",
        )
    return Frame(height, width, count)


def feed(path: Path, tensor: Tensor, settings: Preprocess) -> np.ndarray:
    """The file as the network takes it: in the input's shape and type, contiguous."""
    _refuse(tensor, settings)
    return arrays.cast(normalised(unscaled(path, tensor, settings), settings), input_type(tensor), path)


def picture(path: Path, tensor: Tensor, settings: Preprocess) -> np.ndarray:
    """What the network sees before normalisation, H x W x 3 uint8: its first channels as red, green and blue.

    So a picture fed as BGR shows red and blue exchanged.
    Arrays: values of 0..255 are shown as they are, 0..1 times 255, all others stretched from least to most.
    """
    _refuse(tensor, settings)
    if images.is_picture(path):
        return images.to_rgb(images.arrange(_sized(path, tensor, settings), settings.order), "rgb")
    shown = frame(tensor, settings)
    values = unscaled(path, tensor, settings)
    if settings.layout == "nchw" and values.ndim > 2:
        values = np.moveaxis(values.reshape(shown.channels, shown.height, shown.width), 0, 2)
    image = _visible(values.reshape(shown.height, shown.width, shown.channels))
    return images.to_rgb(image, "rgb")


def feed_range(array: np.ndarray) -> tuple[float, float]:
    """The least and the greatest value, NaN left out; NaN twice when there is none."""
    values = array[~np.isnan(array)] if array.dtype.kind == "f" else array
    if not values.size:
        return math.nan, math.nan
    return float(values.min()), float(values.max())


def fixed_shape(tensor: Tensor) -> tuple[int, ...]:
    """The input's shape in numbers; an error where a dimension is open."""
    shape = tensor.static_shape
    if shape is None:
        raise ModelError(
            f"The input {tensor.name!r} has no fixed shape.", f"Give one: --shape {tensor.name}:1,3,224,224"
        )
    return shape


def input_type(tensor: Tensor) -> np.dtype:
    """The type to be fed, float32 where the network does not say."""
    if (tensor.dtype or "float32") not in RAW_TYPES:
        raise ModelError(
            f"The input {tensor.name!r} takes {tensor.dtype}, which files cannot feed.", "Export it with a float input."
        )
    return np.dtype(tensor.dtype or "float32")


def unscaled(path: Path, tensor: Tensor, settings: Preprocess) -> np.ndarray:
    """The file in the input's shape, not normalised yet."""
    shape, kind = fixed_shape(tensor), path.suffix.lower()
    if images.is_picture(path):
        image = images.arrange(_sized(path, tensor, settings), settings.order)
        return (image.transpose(2, 0, 1) if settings.layout == "nchw" else image).reshape(shape)
    if kind == ".npy":
        return arrays.read_npy(path, shape)
    if kind == ".bin":
        return arrays.read_raw(path, settings.shape or shape, settings.dtype or input_type(tensor).name, shape)
    raise DatasetError(f"{path} is no file that can be fed.", f"Give {', '.join(SUFFIXES)}.")


def _sized(path: Path, tensor: Tensor, settings: Preprocess) -> np.ndarray:
    wanted = frame(tensor, settings)
    return images.resize(images.read(path, max(3, wanted.channels)), wanted.height, wanted.width, settings.resize, path)


def normalised(values: np.ndarray, settings: Preprocess) -> np.ndarray:
    """Scale, mean and std applied, in float64; the values themselves where these change nothing."""
    if settings.scale == 1 and not any(settings.mean) and all(std == 1 for std in settings.std):
        return values
    axis = _channel_axis(values.shape, settings.layout)
    result = values.astype(np.float64)
    if settings.scale != 1:
        result *= settings.scale
    result -= _along(settings.mean, values.ndim, axis)
    result /= _along(settings.std, values.ndim, axis)
    return result


def _along(numbers: tuple[float, ...], rank: int, axis: int | None) -> np.ndarray:
    if len(numbers) == 1 or axis is None:
        return np.float64(numbers[0]) * np.ones((1,) * rank)
    return np.array(numbers, np.float64).reshape([-1 if index == axis else 1 for index in range(rank)])


def _visible(values: np.ndarray) -> np.ndarray:
    low, high = feed_range(values)
    numbers = np.nan_to_num(values.astype(np.float64), nan=low, posinf=high, neginf=low)
    if math.isnan(low) or not math.isfinite(high - low):
        return np.zeros(values.shape, np.uint8)
    if low < 0 or high > 255:
        numbers = (numbers - low) * (255 / (high - low))
    elif high <= 1 and values.dtype.kind == "f":
        numbers = numbers * 255
    return np.rint(numbers).astype(np.uint8)


def _guess_layout(shape: tuple[int | str | None, ...]) -> str:
    if len(shape) == 4 and shape[3] in PICTURE_CHANNELS and shape[1] not in PICTURE_CHANNELS:
        return "nhwc"
    if len(shape) == 3 and shape[2] in PICTURE_CHANNELS and shape[0] not in PICTURE_CHANNELS:
        return "nhwc"
    return "nchw"


def _frame(shape: tuple[int | str | None, ...], layout: str) -> tuple[int | str | None, ...] | None:
    """(height, width, channels) where the shape is that of one picture."""
    if len(shape) == 4 and (shape[0] == 1 or not isinstance(shape[0], int)):
        shape = shape[1:]
    if len(shape) == 2 and shape[0] != 1 and shape[1] != 1:
        return (*shape, 1)
    if len(shape) != 3:
        return None
    sizes = (shape[1], shape[2], shape[0]) if layout == "nchw" else shape
    return sizes if sizes[2] in PICTURE_CHANNELS and 0 not in sizes else None


def _channel_axis(shape: tuple[int | str | None, ...], layout: str) -> int | None:
    """Where a list of mean or std runs along; None for a scalar."""
    if len(shape) < 3:
        return len(shape) - 1 if shape else None
    if layout == "nhwc":
        return len(shape) - 1
    return 0 if len(shape) == 3 and shape[0] != 1 else 1  # CHW, or a batch of one sequence


def _refuse(tensor: Tensor, settings: Preprocess) -> None:
    found = problems(tensor, settings)
    if found:
        raise SettingsError(" ".join(found), "Change the preprocessing of this input.")


def _number_problems(who: str, settings: Preprocess) -> list[str]:
    found = []
    numbers = (*settings.mean, *settings.std, settings.scale)
    if not all(math.isfinite(number) for number in numbers):
        found.append(f"{who}: mean, std and scale must be finite numbers.")
    if 0 in settings.std:
        found.append(f"{who}: std is a divisor and must not be 0.")
    if settings.scale == 0:
        found.append(f"{who}: scale must not be 0.")
    return found


def _length_problems(who: str, tensor: Tensor, settings: Preprocess) -> list[str]:
    count = channels(tensor, settings)
    has = f"{who} has {count} channel{'s' if count > 1 else ''} ({settings.layout})"
    return [
        f"{has}, but {option} has {len(values)} values."
        for option, values in (("mean", settings.mean), ("std", settings.std))
        if len(values) not in (1, count)
    ]


def _raw_problems(who: str, tensor: Tensor, settings: Preprocess) -> list[str]:
    found = []
    if settings.dtype and settings.dtype not in RAW_TYPES:
        found.append(f"{who}: dtype is {settings.dtype!r}; it must be one of {', '.join(RAW_TYPES)}.")
    want, given = tensor.static_shape, settings.shape
    if want is not None and given is not None and (min(given, default=1) < 0 or math.prod(given) != math.prod(want)):
        found.append(
            f"{who}: shape {given} has {math.prod(given)} elements; the network takes {math.prod(want)}, {want}."
        )
    return found


def _no_picture(tensor: Tensor, shape: tuple[int, ...], layout: str) -> DatasetError:
    spelled = "x".join(map(str, shape)) or "()"
    other = "nhwc" if layout == "nchw" else "nchw"
    if _frame(shape, other) is not None:
        message = f"The input {tensor.name!r} ({spelled}) is no picture in layout {layout}."
        return DatasetError(message, f"Set its layout to {other}.")
    if len(shape) == 4 and _frame((1, *shape[1:]), layout) is not None:
        return DatasetError(
            f"The input {tensor.name!r} ({spelled}) takes {shape[0]} pictures at once.",
            "Export the network with batch 1, or give .npy files.",
        )
    return DatasetError(f"The input {tensor.name!r} ({spelled}) takes no pictures.", "Give .npy or .bin files for it.")
