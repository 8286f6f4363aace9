"""`rknn_tensor_attr` as programs print it, read from pasted text.

The model zoo's `dump_tensor_attr` prints words (`fmt=NHWC, type=INT8`); programs of the first generation print the
numbers of the header's enumerations (`fmt=0 type=3`). Source: rknn_api.h 2.3.2 (rknn_facts §6.2).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from workbench.foundation.errors import SettingsError
from workbench.quantize.encoding import RANGES, Encoding

TYPES = (
    "float32",
    "float16",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "bool",
    "int4",
    "bfloat16",
)
"""By the numbers of `rknn_tensor_type`."""
FORMATS = ("NCHW", "NHWC", "NC1HWC2", "UNDEFINED")
QUANTIZATIONS = ("NONE", "DFP", "AFFINE")
BITS = {"int4": 4, "int8": 8, "uint8": 8, "bool": 8, "float32": 32, "int32": 32, "uint32": 32, "int64": 64}
MOST_TEXT, MOST_OF_ONE, MOST_LOOKED_AT = 1 << 22, 1 << 16, 4000  # characters
MOST_DIMS = 16

_START = re.compile(r"\bindex\s*[=:]\s*\d+")
_NAME = re.compile(r"\bname\s*[=:]\s*([^\n]{0,300}?)[\s,]*\b(?:n_dims|dims)\s*[=:]")
_DIMS = re.compile(r"\bdims\s*[=:]\s*[\[({]([^\])}]{0,400})[\])}]")
_FIELD = re.compile(r"\b(\w+)\s*[=:]\s*([^\s,;\[\](){}]+)")
_HEADING = re.compile(
    r"\b(input|output)s?\b[^\n]{0,40}\b(?:tensors?|attr\w*)\b|RKNN_QUERY\w*_(INPUT|OUTPUT)\w*_ATTR", re.I
)


@dataclass(frozen=True)
class TensorAttr:
    """What the text says; None and "" where it says nothing.

    `dims` are as printed; `type` is numpy's name, `fmt` and `qnt_type` the header's words; `kind` is "input" or
    "output" where a heading stands above.
    """

    index: int = 0
    name: str = ""
    dims: tuple[int, ...] = ()
    n_elems: int | None = None
    size: int | None = None
    w_stride: int | None = None
    h_stride: int | None = None
    size_with_stride: int | None = None
    fmt: str = ""
    type: str = ""
    qnt_type: str = ""
    fl: int | None = None
    zp: int | None = None
    scale: float | None = None
    pass_through: int | None = None
    kind: str = ""

    @property
    def bits(self) -> int:
        """Of one element; 0 where the type is unknown."""
        return BITS.get(self.type, 16) if self.type else 0

    @property
    def encoding(self) -> Encoding | None:
        """What the integers stand for; one without a scale for floats, None where the text does not say enough.

        An fp16 tensor is printed with qnt_type NONE or with AFFINE, zp 0 and scale 1 (rknn_facts §6.2).
        """
        if self.type not in RANGES:
            return Encoding(self.type) if self.type in ("float16", "float32") else None
        if self.qnt_type == "DFP" and self.fl is not None:
            return Encoding(self.type, (2.0**-self.fl,), (0,))
        if self.qnt_type == "NONE" or self.scale is None or not 0 < self.scale < math.inf:
            return None
        return Encoding(self.type, (self.scale,), (self.zp or 0,))

    @property
    def byte_size(self) -> int | None:
        """What all elements take, without padding; None where number or type are not told."""
        count = math.prod(self.dims) if self.dims else self.n_elems
        return None if count is None or not self.bits else (count * self.bits + 7) // 8


def read_attrs(text: str) -> tuple[TensorAttr, ...]:
    """Every tensor of a pasted text, in its order; an error where there is none."""
    if len(text) > MOST_TEXT:
        raise SettingsError(
            f"The text has {len(text)} characters, too many for attributes of tensors.",
            "Paste only the lines with index=, dims= and type=.",
        )
    found = tuple(_attrs(text))
    if not found:
        raise SettingsError(
            "The text holds no printed rknn_tensor_attr.",
            "Paste lines like: index=0, name=data, n_dims=4, dims=[1, 112, 112, 3], … type=INT8, zp=0, scale=0.007843",
        )
    return found


def _attrs(text: str) -> Iterator[TensorAttr]:
    starts = [match.start() for match in _START.finditer(text)]
    kind, end_before = "", 0
    for start, end in pairwise([*starts, len(text)]):
        headings = _HEADING.findall(text[end_before:start])
        kind = (headings[-1][0] or headings[-1][1]).lower() if headings else kind
        part = " ".join(
            text[start : min(end, start + MOST_OF_ONE)].split()
        )  # patterns must not see long runs of blanks
        attr = _attr(part[:MOST_LOOKED_AT], kind)
        if attr.dims or attr.n_elems is not None or attr.type:
            yield attr
        end_before = start


def _attr(text: str, kind: str) -> TensorAttr:
    name, dims = _NAME.search(text), _DIMS.search(text)
    rest = text if name is None else text[: name.start(1)] + text[name.end(1) :]  # a name may look like a field
    fields = {key.lower(): value for key, value in reversed(_FIELD.findall(rest))}  # the first one counts
    return TensorAttr(
        index=_whole(fields.get("index")) or 0,
        name=name[1].strip(" \"',") if name else "",
        dims=_used(_dims(dims[1] if dims else ""), _whole(fields.get("n_dims")) or 0),
        n_elems=_whole(fields.get("n_elems")),
        size=_whole(fields.get("size")),
        w_stride=_whole(fields.get("w_stride")),
        h_stride=_whole(fields.get("h_stride")),
        size_with_stride=_whole(fields.get("size_with_stride")),
        fmt=_word(fields.get("fmt", ""), FORMATS, "RKNN_TENSOR_"),
        type=_word(fields.get("type", "").replace("FP", "FLOAT"), tuple(map(str.upper, TYPES)), "RKNN_TENSOR_").lower(),
        qnt_type=_quantization(fields.get("qnt_type", "")),
        fl=_whole(fields.get("fl")),
        zp=_whole(fields.get("zp")),
        scale=_number(fields.get("scale")),
        pass_through=_whole(fields.get("pass_through")),
        kind=kind,
    )


def _dims(text: str) -> tuple[int, ...]:
    """The numbers; none where one of them cannot be a size: half a shape would be a wrong one."""
    words = re.findall(r"[^\s,x×]+", text)[:MOST_DIMS]
    return tuple(map(int, words)) if all(re.fullmatch(r"[0-9]{1,12}", word) for word in words) else ()


def _used(dims: tuple[int, ...], count: int) -> tuple[int, ...]:
    """The `count` dimensions that are meant: programs print all four, unused ones as 0 behind or, turned, before."""
    surplus = len(dims) - count
    if not 0 < surplus < len(dims):
        return dims
    if not any(dims[count:]):
        return dims[:count]
    return dims if any(dims[:surplus]) else dims[surplus:]


def _quantization(text: str) -> str:
    word = text.upper().removeprefix("RKNN_TENSOR_QNT_")
    long = {"AFFINE_ASYMMETRIC": "AFFINE", "ASYMMETRIC": "AFFINE", "DYNAMIC_FIXED_POINT": "DFP"}
    return _word(long.get(word, word), QUANTIZATIONS, "")


def _word(text: str, known: tuple[str, ...], prefix: str) -> str:
    """One of the known words, given as such or by its number; "" for anything else."""
    word = text.upper().removeprefix(prefix)
    if word.isdecimal() and len(word) < 3 and int(word) < len(known):
        return known[int(word)]
    return word if word in known else ""


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[+-]?\d{1,18}", text) else None


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
