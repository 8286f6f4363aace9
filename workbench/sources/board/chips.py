"""Which chip a board has, and what the vendor's software is like on it. Source: rknn_facts §3.2, §6.1."""

import re
from collections.abc import Iterable

from workbench.quantize.platforms import TARGETS

NAMED = re.compile(r"^rockchip,((?:rk|rv)\d{4}\w*)", re.IGNORECASE)
OLD = ("rk1808", "rk3399pro", "rv1126", "rv1109")
"""Chips of toolkit 1: another driver (galcore) and another runtime."""
SMALL = ("rv1103", "rv1103b", "rv1106", "rv1106b")
"""Chips with little memory and the small runtime (librknnmrt.so)."""
ANDROID_DUMPS, LINUX_DUMPS, SMALL_DUMPS = "/data/dumps", "/userdata/dumps", "/tmp/dumps"


def chip_of(compatible: Iterable[str]) -> str:
    """The chip by what the device tree is compatible with; "" for other boards.

    The last entry names the chip itself; boards add letters of variants, `rk3588s`, `rv1106g3`.
    """
    for entry in reversed(tuple(compatible)):
        found = NAMED.match(entry.strip())
        if found and (chip := _known(found[1].lower())):
            return chip
    return ""


def dumps_folder(chip: str, is_android: bool) -> str:
    """Where the runtime writes the dumps of layers unless RKNN_DUMP_DIR says otherwise."""
    if chip in SMALL:
        return SMALL_DUMPS
    return ANDROID_DUMPS if is_android else LINUX_DUMPS


def _known(name: str) -> str:
    """The longest name of a chip that a name begins with."""
    return max((chip for chip in TARGETS if name.startswith(chip)), key=len, default="")
