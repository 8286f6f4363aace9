"""Tiles side by side in one image, and back from a place in it to a tile. No Qt."""

import math
from dataclasses import dataclass

import numpy as np

from workbench.ui.models.tensors.heat_image import GAP

PROPORTION = 1.25  # width to height of the room that a mosaic mostly has
LINES = 160  # a gap is as wide as this part of the mosaic, at least one element


@dataclass(frozen=True)
class Mosaic:
    """`count` tiles beginning with channel `first`; of a tile every `step`-th row and column is shown."""

    first: int
    count: int
    rows: int
    columns: int
    step: int = 1

    @property
    def across(self) -> int:
        """How many tiles stand side by side."""
        return max(1, min(self.count, round(math.sqrt(self.count * PROPORTION * self.rows / self.columns))))

    @property
    def gap(self) -> int:
        """Rows and columns between tiles."""
        return max(1, round(self.across * self.columns / LINES))

    def lay(self, tiles: np.ndarray) -> np.ndarray:
        """Images of the tiles, count x rows x columns of uint8, as one image."""
        across, gap = self.across, self.gap
        down = -(-self.count // across)
        whole = np.full((across * down, *tiles.shape[1:]), GAP, np.uint8)
        whole[: self.count] = tiles
        room = np.full((down, self.rows + gap, across, self.columns + gap), GAP, np.uint8)
        grid = whole.reshape(down, across, self.rows, self.columns)
        room[:, : self.rows, :, : self.columns] = grid.transpose(0, 2, 1, 3)
        image = room.reshape(down * (self.rows + gap), across * (self.columns + gap))
        return np.ascontiguousarray(image[:-gap, :-gap])

    def locate(self, row: int, column: int) -> tuple[int, int, int] | None:
        """Number of the tile on this page, row and column in it; None in a gap."""
        down, y = divmod(row, self.rows + self.gap)
        right, x = divmod(column, self.columns + self.gap)
        tile = down * self.across + right
        inside = y < self.rows and x < self.columns and right < self.across and tile < self.count
        return (tile, y, x) if inside else None

    def frame(self, channel: int) -> tuple[int, int, int, int] | None:
        """Left, top, width and height of a channel's tile; None when it is on another page."""
        tile = channel - self.first
        if not 0 <= tile < self.count:
            return None
        down, right = divmod(tile, self.across)
        return right * (self.columns + self.gap), down * (self.rows + self.gap), self.columns, self.rows
