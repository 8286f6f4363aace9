"""Which chip takes which data type, with which method and algorithm.

Chips of RKNN-Toolkit2 as its release 2.5.0 builds and simulates a Conv for them (each pair tried); those of
RKNN-Toolkit by its user guide. "fp32" leaves the network as it is, for comparison.
"""

from dataclasses import dataclass

from workbench.foundation.errors import SettingsError
from workbench.quantize.encoding import asymmetric
from workbench.quantize.schemes import ALGORITHMS, DATA_TYPES, DTYPES, METHODS, QuantSettings

_COMMON = ("w8a8", "w16a16i_dfp", "fp16", "fp32")
_OLDER = ("asymmetric_quantized-u8", "dynamic_fixed_point-8", "dynamic_fixed_point-16", "fp16", "fp32")
CHIPS = {
    "rk3588": _COMMON,
    "rk3576": ("w8a8", "w4a16", "w16a16i_dfp", "fp16", "fp32"),
    "rk3568": _COMMON,
    "rk3566": _COMMON,
    "rk3562": ("w8a8", "w8a16", "w16a16i_dfp", "fp16", "fp32"),
    "rv1126b": ("w8a8", "w4a16", "w16a16i_dfp", "fp16", "fp32"),
    "rv1106": ("w8a8", "w16a16i_dfp", "fp32"),
    "rv1106b": ("w8a8", "fp32"),
    "rv1103": ("w8a8", "w16a16i_dfp", "fp32"),
    "rv1103b": ("w8a8", "fp32"),
    "rk2118": ("fp16", "fp32"),
    "rk1808": _OLDER,
    "rk3399pro": _OLDER,
    "rv1126": _OLDER,
    "rv1109": _OLDER,
}
TARGETS = tuple(CHIPS)
WITH_ATTENTION = frozenset(("rk3588", "rk3576", "rk3562", "rv1126b", "rv1103", "rv1106"))
"""Chips that compute an attention in one operator. Source: quantization semantics §5.1."""


@dataclass(frozen=True)
class Refusal:
    """A setting that does not go with the others, and what does in its place."""

    setting: str
    choices: tuple[str, ...]
    reason: str


def chips_with(dtype: str) -> tuple[str, ...]:
    """The chips that take a data type."""
    return tuple(chip for chip, dtypes in CHIPS.items() if dtype in dtypes)


def methods_of(dtype: str) -> tuple[str, ...]:
    """How finely weights can be encoded; () where there are none in integers."""
    return DATA_TYPES[dtype].methods


def finest_method(dtype: str) -> str:
    """The method that most users want; one that says nothing where no weights are in integers."""
    return next(iter(DATA_TYPES[dtype].methods if dtype in DATA_TYPES else ()), METHODS[0])


def algorithms_of(dtype: str) -> tuple[str, ...]:
    """The calibrations; () where no activations are in integers. A fixed point cannot move by a fraction."""
    kind = DATA_TYPES[dtype]
    others = ALGORITHMS if kind.encode is asymmetric else tuple(name for name in ALGORITHMS if name != "mmse")
    return others if kind.calibrates else ()


def refusal(settings: QuantSettings) -> Refusal | None:
    """The first setting that is unknown or does not go with the others."""
    known = (("target", TARGETS), ("dtype", DTYPES), ("method", METHODS), ("algorithm", ALGORITHMS))
    for setting, choices in known:
        if getattr(settings, setting) not in choices:
            return Refusal(setting, choices, f"{getattr(settings, setting)!r} is not in this version")
    dtype = settings.dtype
    if dtype not in CHIPS[settings.target]:
        chips = ", ".join(chips_with(dtype))
        return Refusal("dtype", CHIPS[settings.target], f"{settings.target} does not have {dtype}, unlike {chips}")
    if methods_of(dtype) and settings.method not in methods_of(dtype):
        return Refusal("method", methods_of(dtype), f"{dtype} has no {settings.method}")
    if algorithms_of(dtype) and settings.algorithm not in algorithms_of(dtype):
        return Refusal("algorithm", algorithms_of(dtype), f"{dtype} has no {settings.algorithm}")
    if settings.int16_tensors and dtype != "w8a8":
        return Refusal("int16_tensors", ("w8a8",), f"layers of {dtype} are not kept in int16")
    return None


def check(settings: QuantSettings, prefix: str = "") -> None:
    """Refuse settings that do not go together; `prefix` stands before the name of an option of the command line."""
    found = refusal(settings)
    if found is not None:
        name = f"{prefix}{found.setting.replace('_', '-')}" if prefix else found.setting
        raise SettingsError(f"{name}: {found.reason}.", f"Choose one of {', '.join(found.choices)}.")
