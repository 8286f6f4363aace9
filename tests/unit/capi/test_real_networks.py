"""Order, layout and state of what is fed are told apart on real networks and pictures, all at once."""

import itertools
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.unit.capi.inputs import IMAGENET, as_fed, buffer_of, network
from workbench.capi.expected import Expected
from workbench.capi.input_check import Declared, check_input
from workbench.foundation.errors import ModelError
from workbench.graph.graph import Tensor
from workbench.graph.read import guess_shapes, read_inputs
from workbench.preprocess.preprocess import Preprocess

NETWORKS = {
    "ultraface_rfb_320": Preprocess((127.0,), (128.0,)),
    "yolox_nano_416": Preprocess(order="bgr", resize="letterbox"),
    "fsanet_1x1": Preprocess((127.5,), (128.0,), order="bgr"),
    "deeplab_v3_quant": Preprocess((127.5,), (127.5,), layout="nhwc"),
    "ppocr_det_v3": IMAGENET,
    "retinaface_mobile320": Preprocess((104.0, 117.0, 123.0), (1.0,), order="bgr"),
    "fastestdet_352": Preprocess((0.0,), (255.0,), order="bgr"),
    "yunet_n_320": Preprocess(order="bgr", resize="crop"),
    "mnist": Preprocess((33.0,), (78.0,), order="gray"),
    "superpoint_lite_480_640": Preprocess((0.0,), (255.0,), order="gray", layout="nhwc"),
}
PICTURES = ("misc/bus.jpg", "misc/goldfish_224x224.jpg", "misc/cat_224x224.jpg")
PASSED = {"pixels": 0, "normalised": 0, "stored": 1}


@pytest.mark.parametrize("name", NETWORKS)
def test_that_what_was_done_to_a_picture_is_told_and_nothing_else(shared: Path, name: str) -> None:
    (tensor, *_) = read_inputs(shared / "models" / f"{name}.onnx")
    settings = NETWORKS[name]
    shape = tensor.static_shape or guess_shapes([tensor])[tensor.name]
    for picture in PICTURES:
        one = Expected(network(shape, settings), shared / "images" / picture)
        arrays = {"pixels": one.pixels, "normalised": one.feed, "stored": one.stored}
        other = one.swapped
        exchanged = {"pixels": other.pixels, "normalised": other.feed, "stored": other.stored}
        has_colours = one.input.channels == 3
        for is_exchanged, is_planar, state in itertools.product((False, True), (False, True), PASSED):
            values = (exchanged if is_exchanged and has_colours else arrays)[state]
            assert values is not None
            fed = as_fed(values, one).transpose(0, 3, 1, 2) if is_planar else as_fed(values, one)
            checked = check_input(buffer_of(fed), [one], Declared(pass_through=PASSED[state]))
            wanted = {"order"} if is_exchanged and has_colours else set()
            wanted |= {"layout"} if is_planar and has_colours else set()
            wanted |= {"normalised"} if state == "normalised" and settings.std + settings.mean != (1.0, 0.0) else set()
            found = {finding.key for finding in checked.findings if finding.level in ("bad", "doubt")}
            assert found == wanted, (picture, is_exchanged, is_planar, state)


@pytest.mark.parametrize("name", ["ultraface_rfb_320", "deeplab_v3_quant"])
def test_that_another_interpolation_is_no_other_picture(shared: Path, name: str) -> None:
    (tensor, *_) = read_inputs(shared / "models" / f"{name}.onnx")
    one = Expected(network(tensor.static_shape or (), NETWORKS[name]), shared / "images" / PICTURES[0])
    height, width = as_fed(one.pixels, one).shape[1:3]
    image = cv2.imread(str(one.file))
    for rule in (cv2.INTER_AREA, cv2.INTER_CUBIC, cv2.INTER_NEAREST):
        fed = cv2.resize(image, (width, height), interpolation=rule)[:, :, ::-1]
        checked = check_input(buffer_of(fed), [one], Declared("uint8", "NHWC", 0))
        bad = {finding.key for finding in checked.findings if finding.level == "bad"}
        assert bad == set(), rule


def test_that_a_tensor_without_a_fixed_shape_is_a_sentence(shared: Path) -> None:
    one = network((1, 3, 8, 8), IMAGENET)
    dynamic = replace(one, tensor=Tensor("x", (1, 3, "h", 8), "float32"))
    with pytest.raises(ModelError, match="no fixed shape"):
        check_input(buffer_of(np.zeros(192, np.uint8)), [Expected(dynamic, shared / "images" / PICTURES[0])])
