"""How wrong values look beside those that they should be."""

from collections.abc import Iterator

import numpy as np

from workbench.diagnose.readings import is_shuffled, order_of, reading_of


def symptoms(values: np.ndarray, wanted: np.ndarray) -> Iterator[tuple[str, str]]:
    """What is remarkable about wrong values, and the view that shows it."""
    lost = int(values.size - np.count_nonzero(np.isfinite(values)))
    if lost:
        yield f"{lost} of {values.size} values are NaN or infinite", "nan"
        return
    if np.ptp(values) == 0 and values.size > 1:
        yield f"all values are {float(values.flat[0]):g}", "histogram"
        return
    order = order_of(values, wanted)
    if order is not None:
        yield f"it lies as {order.said}", "scatter"
    elif (read := reading_of(values, wanted, None)) is not None:
        yield f"it is {read.said}", "scatter"
    elif is_shuffled(values, wanted):
        yield "it has the right values in another order", "scatter"
    elif values.ndim == 4:
        yield from _places(values, wanted)


def _places(values: np.ndarray, wanted: np.ndarray) -> Iterator[tuple[str, str]]:
    """Which channels, and whether only the border."""
    energy = ((values - wanted).astype(np.float64) ** 2).sum(axis=(0, 2, 3))
    strong = np.flatnonzero(energy > 1e-3 * energy.sum())
    if len(strong) <= values.shape[1] // 2:
        shown = ", ".join(map(str, strong[:6])) + (", …" if len(strong) > 6 else "")
        if not values[:, strong].any():
            yield f"{len(strong)} of {values.shape[1]} channels are zero ({shown})", "channels"
        else:
            yield f"{len(strong)} of {values.shape[1]} channels are wrong ({shown})", "channels"
    if min(values.shape[2:]) > 4:
        inner = ((values - wanted)[:, :, 1:-1, 1:-1].astype(np.float64) ** 2).sum()
        if inner < 0.05 * energy.sum():
            yield "it is wrong at the border only, as with another padding", "worst"
