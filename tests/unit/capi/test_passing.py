"""Whether raw pixels may pass through: over all values, and on a picture."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.capi.inputs import IMAGENET, NETWORKS, expected, network
from workbench.capi.passing import CLOSE, EQUAL, UNEQUAL, Proof, constants, prove
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.encoding import Encoding


def keys(proof: Proof | None, *levels: str) -> set[str]:
    assert proof is not None
    return {finding.key for finding in proof.findings if finding.level in (levels or ("bad", "doubt"))}


def verdict(proof: Proof | None) -> str:
    assert proof is not None
    return proof.verdict


@pytest.mark.parametrize("std", [128.0, 127.5, 255.0, 1.0, 58.0])
def test_that_equal_mean_and_std_pass_on_a_chip_of_uint8(std: float) -> None:
    one = network((1, 3, 8, 8), Preprocess((128.0,), (std,)), "rv1126", "uint8")
    assert verdict(prove(one)) == EQUAL


def test_that_the_picture_proves_it_element_by_element(tmp_path: Path) -> None:
    one = expected(tmp_path, "rv1126")
    proof = prove(one.input, one)
    assert proof is not None
    assert proof.on_picture == (3 * 24 * 24, 0, 0)
    assert np.array_equal(one.pixels, one.stored)


def test_that_int8_needs_128_less() -> None:
    proof = prove(network((1, 3, 8, 8), Preprocess((0.0,), (255.0,))))
    assert proof is not None
    assert (proof.verdict, proof.shift, proof.alpha, proof.beta) == (EQUAL, 128, (1.0, 1.0, 1.0), (-128.0,) * 3)


def test_that_halves_are_one_step_away() -> None:
    """(p - 127.5) / 127.5 in steps of 2 / 255 is p - 127.5, a half for every pixel: rounding to even loses half."""
    proof = prove(replace(NETWORKS["nhwc"], encoding=Encoding("int8", (2 / 255,), (0,))))
    assert proof is not None
    assert (proof.verdict, proof.worst) == (CLOSE, 1)


@pytest.mark.parametrize("name", ["rgb", "bgr"])
def test_that_numbers_for_each_channel_do_not_pass(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    proof = prove(one.input, one)
    assert verdict(proof) == UNEQUAL
    assert {"pass-through", "channels-differ"} <= keys(proof, "bad")
    assert proof is not None
    assert proof.on_picture is not None
    assert proof.on_picture[1] > 0


def test_that_a_calibration_without_black_and_white_does_not_pass() -> None:
    one = replace(NETWORKS["rv1126"], encoding=Encoding("uint8", (0.006,), (130,)))
    proof = prove(one)
    assert verdict(proof) == UNEQUAL
    assert "encoding-differs" in keys(proof, "bad")


def test_that_without_an_encoding_one_is_assumed() -> None:
    proof = prove(replace(NETWORKS["rv1126"], encoding=None))
    assert proof is not None
    assert (proof.verdict, proof.is_assumed, proof.encoding.dtype) == (EQUAL, True, "uint8")
    other = prove(replace(NETWORKS["rgb"], encoding=None))
    assert other is not None
    assert other.encoding.dtype == "int8"


def test_that_floats_and_wide_integers_never_pass() -> None:
    assert prove(NETWORKS["float16"]) is None
    assert prove(replace(NETWORKS["rgb"], encoding=Encoding("int16", (0.01,), (0,)))) is None


def test_that_groups_of_channels_never_pass() -> None:
    proof = prove(network((1, 16, 8, 8), Preprocess((0.0,), (255.0,))))
    assert verdict(proof) == UNEQUAL
    assert "grouped" in keys(proof, "bad")


def test_that_the_order_is_the_programs_where_nothing_is_converted() -> None:
    settings = replace(NETWORKS["rv1126"].settings, order="bgr")
    assert "pass-through-order" in keys(prove(replace(NETWORKS["rv1126"], settings=settings)))


@pytest.mark.parametrize("name", ["rgb", "bgr", "nhwc", "grey", "rv1126"])
def test_that_alpha_and_beta_give_what_is_stored(tmp_path: Path, name: str) -> None:
    one = expected(tmp_path, name)
    assert one.input.encoding is not None
    assert one.stored is not None
    alpha, beta = constants(one.input, one.input.encoding)
    shape = [1] * 4
    shape[one.input.channel_axis] = -1
    real = one.pixels * np.reshape(alpha, shape) + np.reshape(beta, shape)
    assert np.abs(real - one.stored).max() <= 0.5 + 1e-4


def test_that_a_scale_before_mean_and_std_is_kept() -> None:
    settings = Preprocess((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), scale=1 / 255)
    other = replace(IMAGENET, mean=(0.485 * 255, 0.456 * 255, 0.406 * 255), std=(0.229 * 255, 0.224 * 255, 0.225 * 255))
    one, two = network((1, 3, 8, 8), settings), network((1, 3, 8, 8), other)
    assert one.encoding is not None
    assert two.encoding is not None
    assert constants(one, one.encoding) == (
        pytest.approx(constants(two, two.encoding)[0]),
        pytest.approx(constants(two, two.encoding)[1]),
    )
