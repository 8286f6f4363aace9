"""The snippet in C++ (11 and later), for rknn_api.h and OpenCV; OpenCV's constants as numbers."""

from collections.abc import Iterator, Sequence

from workbench.capi.findings import shifted
from workbench.capi.outputs import NetworkOutput
from workbench.capi.snippets import Feeding, harmless, spelled
from workbench.preprocess.images import PADDING

TYPES = {"int8": "int8_t", "uint8": "uint8_t", "int16": "int16_t", "uint16": "uint16_t", "int32": "int32_t"}
DEPTHS = {"uint8": 0, "int8": 1, "uint16": 2, "int16": 3, "int32": 4, "float32": 5, "float16": 7}
COLOURS = {("rgb", 3): (4, "COLOR_BGR2RGB"), ("rgb", 4): (5, "COLOR_BGRA2RGBA"), ("gray", 1): (6, "COLOR_BGR2GRAY")}
HALF = """\
// float16 as float
static inline float half_to_float(uint16_t half) {
    const int exponent = (half >> 10) & 31, fraction = half & 1023;
    float value = exponent == 31 ? (fraction ? NAN : INFINITY)
                  : exponent     ? std::ldexp(1024.0f + fraction, exponent - 25)
                                 : std::ldexp(static_cast<float>(fraction), -24);
    return half & 0x8000 ? -value : value;
}
"""


def text(feedings: Sequence[Feeding], outputs: Sequence[NetworkOutput]) -> str:
    """The whole text; it compiles by itself."""
    parts = [_head(feedings), *map(_prepare, feedings), *_quantise_all(feedings), _feed(feedings)]
    if any(_kind(output) == "float16" for output in outputs):
        parts.append(HALF)
    parts += [_output(index, output) for index, output in enumerate(outputs)]
    return "\n".join([*parts, _read(outputs)])


def _head(feedings: Sequence[Feeding]) -> str:
    lines = ["#include <cmath>", "#include <cstdint>", "#include <cstring>", "#include <vector>", ""]
    if any(feeding.takes_picture for feeding in feedings):
        lines.append("#include <opencv2/opencv.hpp>")
    return "\n".join([*lines, '#include "rknn_api.h"', ""])


def _prepare(feeding: Feeding) -> str:
    network, settings = feeding.network, feeding.network.settings
    title = f'// Input {feeding.index} "{harmless(network.tensor.name)}"'
    if not feeding.takes_picture:
        return f"{title}: {feeding.count} floats in the order of the network, N, H, W, C of four dimensions.\n"
    height, width = feeding.size
    order = harmless(settings.order.upper())
    lines = [
        f"{title}: {order}, {width} x {height}, from a picture as cv::imread gives it",
        f"static cv::Mat prepare_{feeding.index}(const cv::Mat& picture) {{",
        "    cv::Mat sized, ordered;",
        *_resized(settings.resize, height, width),
    ]
    code = COLOURS.get((settings.order, network.channels))
    if code is None:
        return "\n".join([*lines, "    ordered = sized;", "    return ordered;", "}", ""])
    lines.append(f"    cv::cvtColor(sized, ordered, {code[0]} /* {code[1]} */);")
    return "\n".join([*lines, "    return ordered;", "}", ""])


def _resized(rule: str, height: int, width: int) -> Iterator[str]:
    size = f"cv::Size({width}, {height})"
    if rule == "letterbox":
        yield f"    const double factor = std::fmin({height}.0 / picture.rows, {width}.0 / picture.cols);"
        yield "    const int rows = static_cast<int>(std::nearbyint(picture.rows * factor));"
        yield "    const int columns = static_cast<int>(std::nearbyint(picture.cols * factor));"
        yield "    cv::Mat inner;"
        yield "    cv::resize(picture, inner, cv::Size(columns, rows), 0, 0, 1 /* INTER_LINEAR */);"
        yield f"    const int top = ({height} - rows) / 2, left = ({width} - columns) / 2;"
        yield f"    cv::copyMakeBorder(inner, sized, top, {height} - rows - top, left, {width} - columns - left,"
        grey = ", ".join([str(PADDING)] * 3)
        yield f"                       0 /* BORDER_CONSTANT */, cv::Scalar({grey}));"
    elif rule == "crop":
        yield f"    const double factor = std::fmax({height}.0 / picture.rows, {width}.0 / picture.cols);"
        yield f"    const int rows = std::fmax({height}, std::nearbyint(picture.rows * factor));"
        yield f"    const int columns = std::fmax({width}, std::nearbyint(picture.cols * factor));"
        yield "    cv::Mat whole;"
        yield "    cv::resize(picture, whole, cv::Size(columns, rows), 0, 0, 1 /* INTER_LINEAR */);"
        place = f"cv::Rect((columns - {width}) / 2, (rows - {height}) / 2, {width}, {height})"
        yield f"    sized = whole({place}).clone();  // in one piece: rknn_inputs_set knows no rows of a larger picture"
    elif rule == "none":
        yield f"    sized = picture;  // it has to be {width} x {height}"
    else:
        yield f"    cv::resize(picture, sized, {size}, 0, 0, 1 /* INTER_LINEAR */);"


def _quantise_all(feedings: Sequence[Feeding]) -> Iterator[str]:
    for feeding in feedings:
        if feeding.is_passed:
            yield _quantise_picture(feeding) if feeding.takes_picture else _quantise_floats(feeding)


def _quantise_picture(feeding: Feeding) -> str:
    encoding, channels = feeding.stored, feeding.network.channels
    depth = DEPTHS[encoding.dtype]
    kind = depth + 8 * (channels - 1)
    lines = [*_about(feeding), f"static cv::Mat stored_{feeding.index}(const cv::Mat& ordered) {{"]
    if encoding.dtype == "float16":
        return "\n".join([*lines, *_to_half(feeding, channels), "}", ""])
    if len(feeding.alpha) == 1:
        alpha, beta = spelled(feeding.alpha), spelled(feeding.beta)
        lines += [
            "    cv::Mat stored;",
            f"    ordered.convertTo(stored, {kind} /* {encoding.dtype} */, {alpha}, {beta});",
        ]
        return "\n".join([*lines, "    return stored;", "}", ""])
    return "\n".join([*lines, *_by_channel(feeding, depth, encoding.dtype), "    return stored;", "}", ""])


def _by_channel(feeding: Feeding, depth: int, name: str) -> Iterator[str]:
    yield f"    const double alpha[] = {{{spelled(feeding.alpha)}}};"
    yield f"    const double beta[] = {{{spelled(feeding.beta)}}};"
    yield "    std::vector<cv::Mat> planes;"
    yield "    cv::split(ordered, planes);"
    yield "    for (size_t c = 0; c < planes.size(); ++c) {"
    yield "        cv::Mat plane;"
    yield f"        planes[c].convertTo(plane, {depth} /* {name} */, alpha[c], beta[c]);"
    yield "        planes[c] = plane;"
    yield "    }"
    yield "    cv::Mat stored;"
    yield "    cv::merge(planes, stored);"


def _to_half(feeding: Feeding, channels: int) -> Iterator[str]:
    if len(feeding.alpha) == 1:
        yield "    cv::Mat stored;"
        kind = DEPTHS["float32"] + 8 * (channels - 1)
        alpha, beta = spelled(feeding.alpha), spelled(feeding.beta)
        yield f"    ordered.convertTo(stored, {kind} /* float32 */, {alpha}, {beta});"
    else:
        yield from _by_channel(feeding, DEPTHS["float32"], "float32")
    yield "    cv::Mat half;"
    yield f"    stored.convertTo(half, {DEPTHS['float16'] + 8 * (channels - 1)} /* float16 */, 1, 0);"
    yield "    return half;"


def _about(feeding: Feeding) -> Iterator[str]:
    encoding = feeding.stored
    yield "// Normalised and quantised in one step, for pass_through=1: stored = pixel * alpha + beta."
    if encoding.is_quantized:
        yield f"// {encoding.dtype}, scale {encoding.scale[0]!r}, zero point {encoding.zero_point[0]}."
    if feeding.apart:
        count = 256 * feeding.network.channels
        yield f"// {feeding.apart} of {count} pixel values round an exact half unlike the driver."


def _quantise_floats(feeding: Feeding) -> str:
    encoding = feeding.stored
    if not encoding.is_quantized:
        return f"// Input {feeding.index} is stored as {encoding.dtype}: convert the floats yourself.\n"
    kind, (low, high) = TYPES[encoding.dtype], encoding.limits
    channels = f"i % {len(feeding.alpha)}" if len(feeding.alpha) > 1 else "0"
    return "\n".join(
        [
            f"static std::vector<{kind}> stored_{feeding.index}(const float* values) {{",
            f"    const double alpha[] = {{{spelled(feeding.alpha)}}}, beta[] = {{{spelled(feeding.beta)}}};",
            f"    std::vector<{kind}> stored({feeding.count});",
            "    for (size_t i = 0; i < stored.size(); ++i) {",
            f"        const double value = std::nearbyint(values[i] * alpha[{channels}] + beta[{channels}]);",
            f"        stored[i] = static_cast<{kind}>(std::fmin(std::fmax(value, {low}), {high}));",
            "    }",
            "    return stored;",
            "}",
            "",
        ]
    )


def _feed(feedings: Sequence[Feeding]) -> str:
    arguments = [
        f"const cv::Mat& picture_{feeding.index}" if feeding.takes_picture else f"const float* values_{feeding.index}"
        for feeding in feedings
    ]
    lines = [f"static int feed(rknn_context context, {', '.join(arguments)}) {{"]
    lines += [line for feeding in feedings for line in _made(feeding)]
    lines += [f"    rknn_input inputs[{len(feedings)}];", "    memset(inputs, 0, sizeof(inputs));"]
    lines += [line for feeding in feedings for line in _input(feeding)]
    return "\n".join([*lines, f"    return rknn_inputs_set(context, {len(feedings)}, inputs);", "}", ""])


def _made(feeding: Feeding) -> Iterator[str]:
    index = feeding.index
    if feeding.takes_picture:
        made = f"prepare_{index}(picture_{index})"
        yield f"    cv::Mat input_{index} = {f'stored_{index}({made})' if feeding.is_passed else made};"
    elif _is_quantised(feeding):
        yield f"    auto input_{index} = stored_{index}(values_{index});"


def _is_quantised(feeding: Feeding) -> bool:
    return feeding.is_passed and feeding.stored.is_quantized


def _input(feeding: Feeding) -> Iterator[str]:
    index, where = feeding.index, f"    inputs[{feeding.index}]"
    dtype = feeding.stored.dtype if feeding.is_passed else "uint8"
    if feeding.takes_picture:
        yield f"{where}.buf = input_{index}.data;"
    else:
        is_made = _is_quantised(feeding)
        dtype = dtype if is_made else "float32"
        yield f"{where}.buf = {f'input_{index}.data()' if is_made else f'const_cast<float*>(values_{index})'};"
    yield f"{where}.index = {index};"
    yield f"{where}.size = {feeding.count * _bytes(dtype)};"
    yield f"{where}.type = RKNN_TENSOR_{dtype.upper()};  // unset it means FLOAT32"
    yield f"{where}.fmt = RKNN_TENSOR_{'NHWC' if feeding.network.is_picture else 'UNDEFINED'};"
    yield f"{where}.pass_through = {int(feeding.is_passed and (feeding.takes_picture or _is_quantised(feeding)))};"


def _bytes(dtype: str) -> int:
    return 4 if dtype.endswith("32") else 2 if dtype.endswith("16") else 1


def _kind(output: NetworkOutput) -> str:
    return output.encoding.dtype if output.encoding is not None else "float32"


def _output(index: int, output: NetworkOutput) -> str:
    count = 1
    for side in output.shape:
        count *= side
    shape = "x".join(map(str, output.shape)) or "1"
    lines = [
        f'// Output {index} "{harmless(output.name)}": {shape}{_rule(output)}',
        f"static std::vector<float> output_{index}(const rknn_output& output) {{",
        f"    std::vector<float> values({count});",
        "    if (output.want_float) {",
        "        memcpy(values.data(), output.buf, values.size() * sizeof(float));",
        "        return values;",
        "    }",
        *_converted(output),
        "    return values;",
        "}",
        "",
    ]
    return "\n".join(lines)


def _rule(output: NetworkOutput) -> str:
    encoding = output.encoding
    if encoding is None or not encoding.is_quantized:
        return f", {_kind(output)}"
    length = fixed_length(output)
    if length is not None:
        return f", {encoding.dtype}, value = q / 2^{length}"
    return f", {encoding.dtype}, value = {shifted(encoding.zero_point[0])} * {encoding.scale[0]!r}"


def fixed_length(output: NetworkOutput) -> int | None:
    """fl of dynamic fixed point: the scale is a power of two and nothing is shifted."""
    from math import frexp

    encoding = output.encoding
    if encoding is None or not encoding.is_narrow or encoding.zero_point[0]:
        return None
    fraction, exponent = frexp(encoding.scale[0])
    return 1 - exponent if fraction == 0.5 else None


def _converted(output: NetworkOutput) -> Iterator[str]:
    encoding, kind = output.encoding, _kind(output)
    if encoding is not None and encoding.is_quantized:
        yield f"    const {TYPES[kind]}* stored = static_cast<const {TYPES[kind]}*>(output.buf);"
        length, scale, zero_point = fixed_length(output), encoding.scale[0], encoding.zero_point[0]
        if length is not None:
            value = f"std::ldexp(static_cast<float>(stored[i]), {-length})"
        else:
            value = f"static_cast<float>(stored[i] - ({zero_point})) * {scale!r}f"
    elif kind == "float16":
        yield "    const uint16_t* stored = static_cast<const uint16_t*>(output.buf);"
        value = "half_to_float(stored[i])"
    else:
        yield "    const float* stored = static_cast<const float*>(output.buf);"
        value = "stored[i]"
    yield f"    for (size_t i = 0; i < values.size(); ++i) values[i] = {value};"


def _read(outputs: Sequence[NetworkOutput]) -> str:
    count = len(outputs)
    lines = [
        "// After rknn_run(context, NULL). want_float 0 and 1 give the same numbers; 0 copies fewer bytes.",
        "static int read(rknn_context context, bool want_float, std::vector<std::vector<float>>& values) {",
        f"    rknn_output outputs[{count}];",
        "    memset(outputs, 0, sizeof(outputs));",
        f"    for (int i = 0; i < {count}; ++i) {{",
        "        outputs[i].index = i;",
        "        outputs[i].want_float = want_float;",
        "    }",
        f"    int status = rknn_outputs_get(context, {count}, outputs, NULL);",
        "    if (status != 0) return status;",
        *(f"    values.push_back(output_{index}(outputs[{index}]));" for index in range(count)),
        f"    return rknn_outputs_release(context, {count}, outputs);",
        "}",
        "",
    ]
    return "\n".join(lines)
