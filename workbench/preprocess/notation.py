"""Rockchip's spellings of preprocessing, and the command line's, to and from `Preprocess`.

toolkit2: `mean_values`, `std_values` (a list an input), `quant_img_RGB2BGR`. toolkit1 before 1.4: `channel_mean_value
"M0 M1 M2 S0"` and `reorder_channel "2 1 0"`, several inputs joined by `#`. In all of them the channels are ordered
first, so means come in the network's order, and x' = (x - mean) / std. What is read are overrides for `with_options`.
"""

import ast
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workbench.foundation.errors import SettingsError
from workbench.preprocess.preprocess import LAYOUTS, ORDERS, RAW_TYPES, RESIZES, Preprocess

Overrides = dict[str, Any]
Preset = tuple[tuple[float, ...], tuple[float, ...], float, str]

_REORDERED = {"0 1 2": "rgb", "2 1 0": "bgr"}
_CHOICES = {"order": ORDERS, "layout": LAYOUTS, "resize": RESIZES, "dtype": ("", *RAW_TYPES)}
_KEYS = ("mean", "std", "scale", "order", "layout", "resize", "shape", "dtype")


def presets() -> dict[str, Preset]:
    """Title -> (mean, std, scale, order) of the usual normalisations, for pixels of 0..255."""
    return {
        "0\u20131": ((0.0,), (255.0,), 1.0, "rgb"),
        "\u22121\u20131": ((127.5,), (127.5,), 1.0, "rgb"),
        "ImageNet": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375), 1.0, "rgb"),
        "Caffe BGR": ((103.939, 116.779, 123.68), (1.0,), 1.0, "bgr"),
        "raw": ((0.0,), (1.0,), 1.0, "rgb"),
    }


def parse_numbers(text: str, option: str = "numbers") -> tuple[float, ...]:
    """ "123.675,116.28,103.53" as numbers; blanks, semicolons and brackets are taken too."""
    words = [word for word in re.split(r"[\s,;\uff0c]+", text.strip().strip("[]()")) if word]
    try:
        numbers = tuple(float(word) for word in words)
    except ValueError as error:
        raise _bad(option, text, "numbers separated by commas, like 123.675,116.28,103.53") from error
    if not numbers or not all(math.isfinite(number) for number in numbers):
        raise _bad(option, text, "at least one finite number")
    return numbers


def parse_input_option(text: str) -> tuple[str, Overrides]:
    """`NAME:mean=127.5/127.5/127.5,order=bgr` -> (NAME, overrides); NAME may hold colons ("input_image:0")."""
    starts = [match.start() for match in re.finditer(r":(?=\s*[A-Za-z_]+\s*=)", text)]
    if not starts or not text[: starts[-1]].strip():
        raise _bad("--input", text, "NAME:mean=127.5/127.5/127.5,std=128/128/128,order=bgr")
    overrides: Overrides = {}
    for part in filter(str.strip, text[starts[-1] + 1 :].split(",")):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or key not in _KEYS:
            raise _bad("--input", part.strip(), f"one of {', '.join(_KEYS)}, then = and a value; lists with /")
        if key in overrides:
            raise _bad("--input", text, f"{key} once only")
        overrides[key] = _value(key, value)
    return text[: starts[-1]].strip(), overrides


def with_options(base: Preprocess, **overrides: Any) -> Preprocess:
    """`base` with what is not None replaced; values are checked by themselves (`problems` checks them together)."""
    values = {key: value for key, value in overrides.items() if value is not None}
    for key, value in values.items():
        if key not in _KEYS:
            raise _bad(key, value, f"one of the options {', '.join(_KEYS)}")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise _bad(f"--{key}", value, f"one of {', '.join(filter(None, _CHOICES[key]))}")
    for key in {"mean", "std"} & values.keys():
        values[key] = tuple(float(number) for number in values[key])
    if "shape" in values:
        values["shape"] = tuple(int(size) for size in values["shape"])
    return replace(base, **values)


def from_mean_values(mean_values: Any, std_values: Any, quant_img_RGB2BGR: Any = None) -> tuple[Overrides, ...]:  # noqa: N803
    """toolkit2's arguments -> overrides, one an input. A flat list is that of a single input; None changes nothing."""
    means, stds = _rows("mean_values", mean_values), _rows("std_values", std_values)
    swaps = _swaps(quant_img_RGB2BGR)
    count = max(len(means), len(stds), len(swaps))
    if any(len(rows) not in (0, count) for rows in (means, stds)) or len(swaps) not in (0, 1, count):
        raise _bad("mean_values", mean_values, "as many lists as std_values and quant_img_RGB2BGR, one an input")
    swaps = swaps * count if len(swaps) == 1 else swaps
    return tuple(_overrides(means[i : i + 1], stds[i : i + 1], swaps[i : i + 1]) for i in range(count))


def from_toolkit2(text: str) -> tuple[Overrides, ...]:
    """Overrides from pasted Python that holds `mean_values=…`, `std_values=…`, `quant_img_RGB2BGR=…`."""
    found = {name: _keyword(text, name) for name in ("mean_values", "std_values", "quant_img_RGB2BGR")}
    if all(value is None for value in found.values()):
        raise _bad("mean_values", text, "mean_values=[[…]], std_values=[[…]] as in rknn.config")
    return from_mean_values(found["mean_values"], found["std_values"], found["quant_img_RGB2BGR"])


def to_toolkit2(settings: Sequence[Preprocess], channels: Sequence[int] = ()) -> str:
    """The keyword lines for `rknn.config`, inputs in the network's order, `scale` divided out.

    `channels`: how many each input has; without it a single number stands for three channels, or one when gray.
    """
    counts = list(channels) or [1 if one.order == "gray" else max(3, len(one.mean), len(one.std)) for one in settings]
    means = [_folded(one.mean, one.scale, count) for one, count in zip(settings, counts, strict=True)]
    stds = [_folded(one.std, one.scale, count) for one, count in zip(settings, counts, strict=True)]
    swaps = [one.order == "bgr" for one in settings]
    swap = repr(swaps) if len(set(swaps)) > 1 else repr(any(swaps))
    lines = [f"mean_values={means!r},", f"std_values={stds!r},", f"quant_img_RGB2BGR={swap},"]
    if any(one.resize != "stretch" for one in settings):
        lines.append(
            "# the toolkit stretches pictures of another size: give it .npy files or pictures of the right size"
        )
    return "\n".join(lines)


def from_toolkit1(channel_mean_value: str, reorder_channel: str, channels: Sequence[int]) -> tuple[Overrides, ...]:
    """`"M0 M1 M2 S0"` and `"2 1 0"` -> overrides for inputs of that many channels; either text may be empty."""
    means = _shared_out("channel_mean_value", channel_mean_value, len(channels))
    orders = _shared_out("reorder_channel", reorder_channel, len(channels))
    return tuple(
        {**_mean_and_divisor(mean, count), **_reordered(order, count)}
        for mean, order, count in zip(means, orders, channels, strict=True)
    )


def to_channel_mean_value(settings: Sequence[Preprocess]) -> str:
    """toolkit1's `"M0 M1 M2 S0"`, inputs joined by `#`; an error where channels have different divisors."""
    return "#".join(_spelled_mean(one) for one in settings)


def to_reorder_channel(settings: Sequence[Preprocess]) -> str:
    """toolkit1's `"2 1 0"` for BGR, else `"0 1 2"`, inputs joined by `#`."""
    return "#".join("2 1 0" if one.order == "bgr" else "0 1 2" for one in settings)


def _value(key: str, text: str) -> Any:
    if key in _CHOICES:
        if text.lower() not in _CHOICES[key] or not text:
            raise _bad(f"--input {key}", text, f"one of {', '.join(filter(None, _CHOICES[key]))}")
        return text.lower()
    if key == "scale":
        return _scale(text)
    numbers = parse_numbers(text.replace("/", ","), f"--input {key}")
    if key != "shape":
        return numbers
    if not all(number >= 1 and number == int(number) for number in numbers):
        raise _bad("--input shape", text, "whole numbers above 0, like 1/3/224/224")
    return tuple(int(number) for number in numbers)


def _scale(text: str) -> float:
    """A number, or a fraction like 1/255."""
    numbers = parse_numbers(text.replace("/", ","), "--input scale")
    if len(numbers) > 2 or 0 in numbers:
        raise _bad("--input scale", text, "one number other than 0, or a fraction like 1/255")
    return numbers[0] / numbers[1] if len(numbers) == 2 else numbers[0]


def _rows(option: str, values: Any) -> list[tuple[float, ...]]:
    if values is None:
        return []
    try:
        nested = isinstance(values[0], Sequence) and not isinstance(values[0], str)
        rows = [tuple(float(number) for number in row) for row in (values if nested else [values])]
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise _bad(option, values, "a list of numbers for each input, like [[127.5, 127.5, 127.5]]") from error
    if not all(row and all(math.isfinite(number) for number in row) for row in rows):
        raise _bad(option, values, "a list of finite numbers for each input")
    return rows


def _swaps(value: Any) -> list[bool]:
    swaps = [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(swap, bool) for swap in swaps):
        raise _bad("quant_img_RGB2BGR", value, "True, False or a list of them")
    return swaps


def _overrides(means: Sequence[Any], stds: Sequence[Any], swaps: Sequence[bool]) -> Overrides:
    overrides: Overrides = {"scale": 1.0} if means or stds else {}
    if means:
        overrides["mean"] = means[0]
    if stds:
        overrides["std"] = stds[0]
    if swaps and all(len(row) != 1 for row in (*means, *stds)):  # one channel has no order to swap
        overrides["order"] = "bgr" if swaps[0] else "rgb"
    return overrides


def _keyword(text: str, name: str) -> Any:
    match = re.search(rf"\b{name}\s*=\s*(\[[\[\](){{}}\s\d.,eE+\-/*TrueFals]*\]|True|False|None|\([\d.,\s]*\))", text)
    if match is None:
        return None
    try:
        return ast.literal_eval(match[1])
    except (ValueError, SyntaxError) as error:
        raise _bad(name, match[1], "numbers in brackets, like [[127.5, 127.5, 127.5]]") from error


def _folded(values: Sequence[float], scale: float, count: int) -> list[float]:
    """Per channel; ((x * s) - m) / d is (x - m / s) / (d / s)."""
    folded = [value if scale == 1 else float(f"{value / scale:.12g}") for value in values]
    return folded * count if len(folded) == 1 else folded


def _shared_out(option: str, text: str, inputs: int) -> list[str]:
    parts = [part.strip() for part in text.split("#")] if text.strip() else [""] * inputs
    if len(parts) != inputs:
        raise _bad(option, text, f"one group for each of the {inputs} inputs, joined by #")
    return parts


def _mean_and_divisor(text: str, channels: int) -> Overrides:
    if not text:
        return {}
    *mean, divisor = parse_numbers(text, "channel_mean_value")
    if channels == 1 and len(mean) in (1, 3):
        mean = mean[:1]  # only M0 and S0 count
    elif len(mean) == 3 and len(set(mean)) == 1:
        mean = mean[:1] * channels
    if len(mean) != channels:
        raise _bad("channel_mean_value", text, f'"M0 M1 M2 S0" that fits {channels} channels')
    if not divisor:
        raise _bad("channel_mean_value", text, "a last number (S0, the divisor) other than 0")
    return {"mean": tuple(mean), "std": (divisor,), "scale": 1.0}


def _reordered(text: str, channels: int) -> Overrides:
    if not text or channels == 1:
        return {}
    order = _REORDERED.get(" ".join(re.split(r"[\s,]+", text)))
    if order is None:
        raise _bad("reorder_channel", text, '"0 1 2" (RGB) or "2 1 0" (BGR)')
    return {"order": order}


def _spelled_mean(settings: Preprocess) -> str:
    mean, std = (_folded(values, settings.scale, 1) for values in (settings.mean, settings.std))
    if len(set(std)) > 1 or len(mean) not in (1, 3):
        message = "channel_mean_value has three means and one divisor for all channels."
        raise SettingsError(message, "Use mean_values and std_values (toolkit 1.4 and later).")
    return " ".join(f"{value:.12g}" for value in (*(mean * 3 if len(mean) == 1 else mean), std[0]))


def _bad(option: str, value: object, wanted: str) -> SettingsError:
    return SettingsError(f"{option} is {str(value)!r}.", f"It must be {wanted}.")
