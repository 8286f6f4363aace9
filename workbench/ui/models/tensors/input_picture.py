"""The analysed picture as the network sees it, to lie under a map of a tensor. No Qt; runs on the reading thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.foundation.errors import WorkbenchError
from workbench.graph.graph import Tensor
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess, frame, guess, picture
from workbench.ui.look import shrunk
from workbench.ui.models.tensors.data import Shelf

LONGEST_SIDE = 1024
WEIGHTS = (0.299, 0.587, 0.114)
"""Of red, green and blue in the brightness; Rec. ITU-R BT.601."""


@dataclass(frozen=True)
class PictureWish:
    """What is known of the inputs; `dumps` are the simulator's, which tell the file that each was fed."""

    inputs: tuple[Tensor, ...]
    settings: Mapping[str, Preprocess]
    samples: tuple[Sample, ...]
    number: int
    dumps: tuple[Path, ...] = ()

    @property
    def place(self) -> int | None:
        """Which input takes the largest picture; None when none takes one."""
        sizes = {at: size for at, tensor in enumerate(self.inputs) if (size := self._size(tensor))}
        return max(sizes, key=sizes.__getitem__) if sizes and self.samples else None

    def settings_of(self, tensor: Tensor) -> Preprocess:
        """The session's, or those that the input's shape suggests."""
        return self.settings.get(tensor.name) or guess(tensor)

    def _size(self, tensor: Tensor) -> int:
        try:
            found = frame(tensor, self.settings_of(tensor))
        except WorkbenchError:  # this input takes no picture
            return 0
        return found.height * found.width


def input_picture(shelf: Shelf, wish: PictureWish) -> np.ndarray | None:
    """Rows x columns of grey, so that only the map over it has colours; None where no picture was fed."""
    sample, place = analysed(shelf, wish), wish.place
    if sample is None or place is None or place >= len(sample.files):
        return None
    tensor = wish.inputs[place]
    image = picture(sample.files[place], tensor, wish.settings_of(tensor))
    grey: np.ndarray = image @ np.array(WEIGHTS, np.float32)
    return shrunk(grey.astype(np.uint8), LONGEST_SIDE)


def analysed(shelf: Shelf, wish: PictureWish) -> Sample | None:
    """The sample that the dumps were made of: the list of inputs may be another by now."""
    if wish.number < len(wish.dumps):
        fed = shelf.dump(wish.dumps[wish.number]).info.get("input")
        if fed is not None:
            return next((sample for sample in wish.samples if sample.files and str(sample.files[0]) == fed), None)
    return wish.samples[wish.number] if wish.number < len(wish.samples) else None
