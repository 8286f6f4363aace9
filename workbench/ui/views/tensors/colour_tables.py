"""The tables of colours that planes are painted with: values, differences, and what is no number."""

import numpy as np
import pyqtgraph as pg

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.tensors.heat_image import (
    GAP,
    INFINITE,
    INFINITE_COLOUR,
    LEVELS,
    NAN,
    NAN_COLOUR,
    NEGATIVE,
    NEGATIVE_COLOUR,
)  # fmt: skip

VALUES, LIGHT_DIFFERENCES, DARK_DIFFERENCES = "viridis", "CET-D1", "CET-D4"
CLEAR_PART = 0.25
"""Over a picture, differences below this part of the range let it through."""


def colour_table(difference: bool) -> np.ndarray:
    """256 colours: the map in the theme's variant, then what is no number."""
    return TABLES[differences_map() if difference else VALUES]


def veil_table() -> np.ndarray:
    """Differences that lie over a picture: the smaller, the clearer."""
    table = colour_table(difference=True).copy()
    distance = np.abs(np.linspace(-1, 1, LEVELS))
    table[:LEVELS, 3] = np.clip(distance / CLEAR_PART, 0, 1) * 255
    return table


def strange_table() -> np.ndarray:
    """Numbers recede into the background."""
    shown = theme.active()
    table = TABLES[VALUES].copy()
    table[:LEVELS] = mix(shown.surface, shown.text, 0.12).getRgb()
    return table


def differences_map() -> str:
    """Diverging, with its middle near the background."""
    return DARK_DIFFERENCES if theme.active().name == "dark" else LIGHT_DIFFERENCES


def _table(name: str) -> np.ndarray:
    table = np.zeros((256, 4), np.uint8)
    table[:LEVELS] = pg.colormap.get(name).getLookupTable(nPts=LEVELS, alpha=True)
    table[GAP] = (0, 0, 0, 0)
    table[NAN], table[INFINITE], table[NEGATIVE] = NAN_COLOUR, INFINITE_COLOUR, NEGATIVE_COLOUR
    return table


TABLES = {name: _table(name) for name in (VALUES, LIGHT_DIFFERENCES, DARK_DIFFERENCES)}
