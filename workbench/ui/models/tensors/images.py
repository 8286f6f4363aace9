"""The images of planes: indices into a table of colours, of every source and of the difference. No Qt."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from workbench.ui.models.tensors.heat_image import Range, indices
from workbench.ui.models.tensors.planes import DIFFERENCE, STRANGE, Choice, Planes

SMALL = 1 << 18  # elements; of fewer an image is sooner made than a thread begun


def painted(planes: Planes, choice: Choice) -> Planes:
    """With images in the choice's colours."""
    if planes.way == STRANGE or not all(values.size for values in planes.values.values()):
        return planes
    common = choice.colours.of_values(planes.values.values())
    limits, shown = dict.fromkeys(planes.values, common), dict(planes.values)
    if planes.gap is not None:
        limits[DIFFERENCE], shown[DIFFERENCE] = choice.colours.of_difference(planes.gap), planes.gap
    return replace(planes, images={} if planes.is_line else _images(planes, shown, limits), limits=limits)


def _images(planes: Planes, shown: Mapping[str, np.ndarray], limits: Mapping[str, Range]) -> dict[str, np.ndarray]:
    """By source; those of large planes at once, on as many cores as there are."""
    if max((values.size for values in shown.values()), default=0) < SMALL:
        return {source: _image(planes, shown[source], limits[source]) for source in shown}
    with ThreadPoolExecutor(len(shown)) as threads:
        images = threads.map(lambda source: _image(planes, shown[source], limits[source]), shown)
        return dict(zip(shown, images, strict=True))


def _image(planes: Planes, values: np.ndarray, limits: Range) -> np.ndarray:
    found = indices(values, limits)
    return found if planes.mosaic is None else planes.mosaic.lay(found)
