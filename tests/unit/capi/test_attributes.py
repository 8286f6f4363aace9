"""Printed attributes of tensors, as programs of both generations print them."""

import time

import numpy as np
import pytest

from workbench.capi.attributes import TensorAttr, read_attrs
from workbench.capi.explain import explained
from workbench.capi.findings import LEVELS
from workbench.foundation.errors import SettingsError
from workbench.quantize.encoding import Encoding

ZOO = (
    "index=0, name=data, n_dims=4, dims=[1, 112, 112, 3], n_elems=37632, size=37632, w_stride = 0, "
    "size_with_stride = 0, fmt=NHWC, type=INT8, qnt_type=AFFINE, zp=0, scale=0.007843"
)
FIRST = (
    "index=1 name=conv9 n_dims=4 dims=[1 255 20 20] n_elems=102000 size=102000 fmt=0 type=3 qnt_type=2 fl=0 zp=136 "
    "scale=4.625256"
)


def keys(text: str, *levels: str) -> set[str]:
    (attr,) = read_attrs(text)
    return {finding.key for finding in explained(attr) if finding.level in (levels or LEVELS)}


def bad(text: str) -> set[str]:
    return keys(text, "bad", "doubt")


def test_that_the_model_zoos_form_is_read() -> None:
    (attr,) = read_attrs(ZOO)
    assert attr == TensorAttr(
        index=0,
        name="data",
        dims=(1, 112, 112, 3),
        n_elems=37632,
        size=37632,
        w_stride=0,
        size_with_stride=0,
        fmt="NHWC",
        type="int8",
        qnt_type="AFFINE",
        zp=0,
        scale=0.007843,
    )
    assert attr.encoding == Encoding("int8", (0.007843,), (0,))


def test_that_numbers_of_the_enumerations_are_read() -> None:
    (attr,) = read_attrs(FIRST)
    assert (attr.index, attr.name, attr.dims, attr.fmt) == (1, "conv9", (1, 255, 20, 20), "NCHW")
    assert attr.encoding == Encoding("uint8", (4.625256,), (136,))


def test_that_the_value_of_the_guide_comes_out() -> None:
    (attr,) = read_attrs(FIRST)
    assert attr.encoding is not None
    assert attr.encoding.dequantize(np.array([124], np.uint8))[0] == pytest.approx(-55.503072)


def test_that_words_with_the_headers_prefix_are_read() -> None:
    (attr,) = read_attrs("index=0 name=a dims=[1,3] type=RKNN_TENSOR_FLOAT16 fmt=RKNN_TENSOR_UNDEFINED "
                         "qnt_type=RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC zp=0 scale=1.000000")  # fmt: skip
    assert (attr.type, attr.fmt, attr.qnt_type) == ("float16", "UNDEFINED", "AFFINE")


def test_that_short_names_of_float_types_are_read() -> None:
    assert read_attrs("index=0, dims=[1], type=FP16")[0].type == "float16"


@pytest.mark.parametrize("quantization", ["qnt_type=NONE", "qnt_type=AFFINE, zp=0, scale=1.000000"])
def test_that_both_forms_of_a_float16_tensor_are_not_quantised(quantization: str) -> None:
    (attr,) = read_attrs(f"index=0, name=x, dims=[1, 3], type=FP16, {quantization}")
    assert attr.encoding == Encoding("float16")
    assert "formula" not in keys(f"index=0, name=x, dims=[1, 3], type=FP16, {quantization}")


@pytest.mark.parametrize("length", [-2, 0, 3, 7])
def test_that_dynamic_fixed_point_is_a_power_of_two(length: int) -> None:
    (attr,) = read_attrs(f"index=0, name=x, dims=[1, 3], type=INT8, qnt_type=DFP, fl={length}, zp=0, scale=0.0")
    assert attr.encoding == Encoding("int8", (2.0**-length,), (0,))
    assert f"value = q / 2^{length}:" in next(item.text for item in explained(attr) if item.key == "formula")


def test_that_a_scale_beside_fl_is_doubted_where_they_differ() -> None:
    text = "index=0, name=x, dims=[1, 3], type=INT16, qnt_type=DFP, fl=7, zp=0, scale="
    assert bad(f"{text}0.0078740157") == {"fixed-point"}
    assert bad(f"{text}0.0078125") == set()


def test_that_tensors_below_headings_know_whether_they_are_inputs() -> None:
    text = f"model input num: 1, output num: 2\ninput tensors:\n  {ZOO}\noutput tensors:\n  {FIRST}\n  {FIRST}\n"
    assert [attr.kind for attr in read_attrs(text)] == ["input", "output", "output"]


def test_that_logs_around_the_lines_are_passed_over() -> None:
    text = f"[12:00:01] I RKNN: [api] version=2.3.2\nI  {ZOO}  \nsize of all: 3\n"
    assert [attr.name for attr in read_attrs(text)] == ["data"]


def test_that_a_name_that_looks_like_fields_is_kept() -> None:
    (attr,) = read_attrs("index=0, name=/a, type=INT8 x, n_dims=1, dims=[5], type=UINT8, zp=3, scale=0.5")
    assert (attr.name, attr.type) == ("/a, type=INT8 x", "uint8")


@pytest.mark.parametrize("text", ["", "hello", "index=0", "index=1, name=x"])
def test_that_a_text_without_attributes_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        read_attrs(text)


def test_that_a_text_without_end_is_refused() -> None:
    with pytest.raises(SettingsError, match="too many"):
        read_attrs("index=0 " * (1 << 20))


def test_that_hostile_numbers_do_no_harm() -> None:
    text = (
        "index=99999999999999999999999, name=x, dims=[9999999999999999999 0 1], n_elems=3, size=1e9, type=77, "
        "scale=nan, zp=1"
    )
    (attr,) = read_attrs(text)
    assert (attr.index, attr.size, attr.type, attr.encoding) == (0, None, "", None)
    explained(attr)


@pytest.mark.parametrize("dims", ["1, -3, 4", "1, 99999999999999999999", "1, 2.5", "1, ../x", "1, ４"])
def test_that_a_shape_with_a_number_that_is_no_size_is_no_shape(dims: str) -> None:
    (attr,) = read_attrs(f"index=0, name=x, dims=[{dims}], n_elems=12, type=INT8")
    assert attr.dims == ()


@pytest.mark.parametrize("dims", ["1,2,3", "1 2 3", "1, 2, 3,", "1x2x3"])
def test_that_all_ways_to_write_a_shape_are_read(dims: str) -> None:
    (attr,) = read_attrs(f"index=0, name=x, dims=[{dims}], type=INT8")
    assert attr.dims == (1, 2, 3)


@pytest.mark.parametrize(
    ("count", "printed", "meant"),
    [
        (2, "1, 10, 0, 0", (1, 10)),
        (2, "0, 0, 10, 1", (10, 1)),
        (4, "1, 10, 0, 0", (1, 10, 0, 0)),
        (2, "1, 10, 3, 4", (1, 10, 3, 4)),
        (0, "1, 10", (1, 10)),
        (5, "1, 10", (1, 10)),
    ],
)
def test_that_unused_dimensions_are_left_out(count: int, printed: str, meant: tuple[int, ...]) -> None:
    (attr,) = read_attrs(f"index=0, name=y, n_dims={count}, dims=[{printed}], n_elems=10, type=INT8")
    assert attr.dims == meant


@pytest.mark.parametrize(("zero_point", "told"), [(-128, "(q + 128)"), (12, "(q - 12)"), (0, "q")])
def test_that_formulas_are_written_as_one_would(zero_point: int, told: str) -> None:
    text = f"index=0, dims=[1, 10], type=INT8, qnt_type=AFFINE, zp={zero_point}, scale=0.5"
    assert any(finding.text.startswith(f"value = {told} * 0.5:") for finding in explained(*read_attrs(text)))


def test_that_blanks_without_end_are_read_at_once() -> None:
    started = time.process_time()
    assert read_attrs(f"index=0 name={' ' * 60_000} dims=[1 3] type=INT8")[0].dims == (1, 3)
    assert read_attrs(f"index=0 type=INT8 name={',' * 1_000_000}")[0].dims == ()
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("n_elems=37632", "n_elems=150528"), "n-elems"),
        (("size=37632,", "size=150528,"), "size"),
        (("zp=0", "zp=200"), "zero-point"),
        (("scale=0.007843", "scale=0.0"), "scale"),
        (("scale=0.007843", "scale=inf"), "scale"),
        (("w_stride = 0", "w_stride = 128"), "stride"),
        (("dims=[1, 112, 112, 3], ", ""), "dims-missing"),
        (("type=INT8, ", ""), "type-missing"),
    ],
)
def test_that_contradictions_are_found(change: tuple[str, str], key: str) -> None:
    assert bad(ZOO) == set()
    assert key in bad(ZOO.replace(*change))


def test_that_a_stride_is_counted_in_the_bytes_of_zero_copy() -> None:
    text = ZOO.replace("w_stride = 0, size_with_stride = 0", "w_stride = 128, size_with_stride = {}")
    assert bad(text.format(128 * 112 * 3)) == {"stride"}
    assert bad(text.format(112 * 112 * 3)) == {"stride", "size-with-stride"}
    (attr,) = read_attrs(text.format(128 * 112 * 3))
    assert "43008 bytes" in next(item.text for item in explained(attr) if item.key == "zero-copy-size")


def test_that_the_native_layout_is_explained() -> None:
    text = (
        "index=0, name=x, n_dims=5, dims=[1, 2, 4, 4, 8], n_elems=256, size=256, fmt=NC1HWC2, type=INT8, zp=0, scale=1"
    )
    assert {"layout", "native"} <= keys(text)
    assert bad(text) == set()
    assert bad("index=0, name=x, dims=[1, 13, 4, 4], fmt=NC1HWC2, type=INT8, zp=0, scale=1.5") == {"dims-grouped"}


def test_that_int4_takes_half_a_byte() -> None:
    assert bad("index=0, name=x, dims=[1, 3, 3], n_elems=9, size=5, type=INT4, zp=0, scale=1.5") == set()
