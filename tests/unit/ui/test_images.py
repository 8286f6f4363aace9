"""The images of planes."""

import numpy as np
import pytest

from tests.unit.networks import random
from workbench.ui.models.tensors import images
from workbench.ui.models.tensors.cut import Cut
from workbench.ui.models.tensors.planes import Choice, Planes


def test_that_large_planes_have_the_images_that_they_have_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"golden": random(4, 5), "simulator": random(4, 5, seed=1)}
    planes = Planes(Cut((4, 5)), 0, values, gap=values["simulator"] - values["golden"])
    expected = images.painted(planes, Choice()).images

    monkeypatch.setattr(images, "SMALL", 1)

    found = images.painted(planes, Choice()).images
    assert list(found) == list(expected)
    for source, image in found.items():
        np.testing.assert_array_equal(image, expected[source])
