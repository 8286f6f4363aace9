"""A printed tensor attribute in sentences: what it says, what it means for the program, and what contradicts itself."""

import math
from collections.abc import Iterator

from workbench.capi.attributes import TensorAttr
from workbench.capi.findings import Finding, shifted, spelled
from workbench.quantize.encoding import RANGES, Encoding

PRINTED_DIGITS = 5e-7  # scales are printed with %f


def explained(attr: TensorAttr) -> tuple[Finding, ...]:
    """What the attribute says, in the order in which a program needs it."""
    return (*_shape(attr), *_numbers(attr), *_sizes(attr), *_values(attr), *_for_the_program(attr))


def _shape(attr: TensorAttr) -> Iterator[Finding]:
    if not attr.dims:
        yield Finding("dims-missing", "doubt", "No dims are printed.", "Print attr.dims up to attr.n_dims.")
        return
    told = _axes(attr)
    if told:
        yield Finding("layout", "note", f"Layout {attr.fmt}: {told}; the last one lies next to each other in memory.")
    elif attr.fmt == "NC1HWC2":
        yield from _grouped(attr)
    else:
        yield Finding(
            "layout-own",
            "note",
            f"Shape {spelled(attr.dims)}: the order of dimensions is the network's own, as in ONNX.",
        )


def _axes(attr: TensorAttr) -> str:
    """The four dimensions by their names; "" of another layout."""
    if len(attr.dims) != 4 or attr.fmt not in ("NCHW", "NHWC"):
        return ""
    batch, one, two, three = attr.dims
    if attr.fmt == "NCHW":
        return f"batch {batch}, channels {one}, height {two}, width {three}"
    return f"batch {batch}, height {one}, width {two}, channels {three}"


def _grouped(attr: TensorAttr) -> Iterator[Finding]:
    if len(attr.dims) != 5:
        shape = spelled(attr.dims)
        text = f"The layout NC1HWC2 has five dimensions, and {len(attr.dims)} are printed ({shape})."
        yield Finding("dims-grouped", "doubt", text, "Query RKNN_QUERY_NATIVE_OUTPUT_ATTR: that one has all five.")
        return
    c1, c2 = attr.dims[1], attr.dims[4]
    text = f"Layout NC1HWC2: {c1} groups of {c2} channels, {c1 * c2} lanes, those behind the last channel are padding."
    yield Finding("layout", "note", text)


def _numbers(attr: TensorAttr) -> Iterator[Finding]:
    count = math.prod(attr.dims)
    if attr.dims and attr.n_elems is not None and attr.n_elems != count:
        text = f"n_elems is {attr.n_elems}, but {spelled(attr.dims)} are {count} elements."
        yield Finding("n-elems", "bad", text, "Print the attribute again: dims and n_elems are of two tensors.")
    if not attr.type:
        yield Finding("type-missing", "doubt", "No known type is printed.", "Print attr.type.")


def _sizes(attr: TensorAttr) -> Iterator[Finding]:
    wanted, padded = attr.byte_size, _with_stride(attr)
    if wanted is not None and attr.size is not None and attr.size not in (wanted, padded):
        text = f"size is {attr.size}, but the elements take {wanted} bytes as {attr.type}."
        yield Finding("size", "bad", text, "Take the type and the dims of the same query.")
    if attr.w_stride and attr.w_stride != _width(attr):
        text = f"A row has room for {attr.w_stride} elements, of which {_width(attr)} are used."
        yield Finding("stride", "doubt", text, "Copy row by row in zero-copy code; rknn_inputs_set does that itself.")
    if padded is not None and attr.size_with_stride and attr.size_with_stride < padded:
        text = f"size_with_stride is {attr.size_with_stride}, less than the {padded} bytes of the rows."
        yield Finding("size-with-stride", "bad", text, "Print the attribute again.")
    elif attr.size_with_stride and wanted is not None and attr.size_with_stride != wanted:
        text = f"Zero-copy memory needs {attr.size_with_stride} bytes (size_with_stride), not {wanted}."
        yield Finding("zero-copy-size", "note", text, "Give rknn_create_mem size_with_stride.")


def _width(attr: TensorAttr) -> int:
    if len(attr.dims) == 5:
        return attr.dims[3]
    if len(attr.dims) != 4:
        return 0
    return attr.dims[3] if attr.fmt == "NCHW" else attr.dims[2]


def _with_stride(attr: TensorAttr) -> int | None:
    """Bytes of all rows at their stride."""
    width, wanted = _width(attr), attr.byte_size
    if wanted is None or not width or not attr.w_stride:
        return wanted
    return wanted // width * attr.w_stride


def _values(attr: TensorAttr) -> Iterator[Finding]:
    encoding = attr.encoding
    if attr.scale is not None and not (0 < attr.scale < math.inf) and attr.qnt_type != "DFP":
        yield Finding("scale", "bad", f"The scale {attr.scale:g} cannot be used.", "Print the attribute of the model.")
    if attr.zp is not None and attr.type in RANGES and not _holds(attr.type, attr.zp):
        text = f"The zero point {attr.zp} is no value of {attr.type}."
        yield Finding("zero-point", "bad", text, "Print zp as int32_t with %d.")
    if encoding is None:
        if attr.type:
            yield Finding("plain", "note", f"Values are plain {attr.type}, nothing is quantised.")
    elif not encoding.is_quantized:
        yield from _floating(attr)
    else:
        yield _formula(attr, encoding)
        yield from _fixed_point(attr)


def _holds(dtype: str, zero_point: int) -> bool:
    low, high = RANGES[dtype]
    return low <= zero_point <= high


def _floating(attr: TensorAttr) -> Iterator[Finding]:
    text = f"Values are {attr.type}: nothing is quantised, zp and scale say nothing."
    yield Finding("float", "note", text)
    if attr.qnt_type == "AFFINE" and (attr.zp or attr.scale not in (None, 1.0)):
        text = f"A {attr.type} tensor is printed with zp={attr.zp or 0} and scale={attr.scale}."
        yield Finding("float-scaled", "doubt", text, "Do not apply them to the values.")


def _formula(attr: TensorAttr, encoding: Encoding) -> Finding:
    low, high = (float(ends.reshape(-1)[0]) for ends in encoding.held)
    if attr.qnt_type == "DFP":
        rule = f"value = q / 2^{attr.fl}"
    else:
        rule = f"value = {shifted(encoding.zero_point[0])} * {encoding.scale[0]:.9g}"
    return Finding("formula", "good", f"{rule}: {encoding.dtype} holds {low:.6g} to {high:.6g}.")


def _fixed_point(attr: TensorAttr) -> Iterator[Finding]:
    if attr.qnt_type != "DFP" or attr.scale in (None, 0.0, 1.0) or attr.fl is None or attr.scale is None:
        return
    if abs(attr.scale - 2.0**-attr.fl) > max(PRINTED_DIGITS, attr.scale * 1e-4):
        text = f"fl={attr.fl} means a step of {2.0**-attr.fl:.9g}, but the scale printed is {attr.scale:.9g}."
        yield Finding("fixed-point", "doubt", text, "Compare an output of want_float=1 with want_float=0.")


def _for_the_program(attr: TensorAttr) -> Iterator[Finding]:
    if attr.fmt == "NC1HWC2":
        text = "This is the native layout: rknn_inputs_set and rknn_outputs_get convert, zero-copy code has to do it."
        yield Finding("native", "note", text)
    if attr.kind == "output":
        if attr.encoding is not None and attr.type != "float32":
            text = f"want_float=0 gives {attr.type}, want_float=1 the same values as float32."
            yield Finding("want-float", "note", text)
        return
    if attr.type in RANGES and len(attr.dims) == 4 and _channels(attr) in (1, 3, 4):
        text = "type is the model's: with pass_through=0 a program gives pixels as UINT8, and the driver does the rest."
        yield Finding("model-type", "note", text, "Set input.type yourself: 0, what it is when unset, means FLOAT32.")


def _channels(attr: TensorAttr) -> int:
    return attr.dims[1] if attr.fmt == "NCHW" else attr.dims[3]
