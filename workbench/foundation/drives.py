"""Which drives are the system's own."""

import os
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
FIXED = frozenset({"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})
"""File systems of disks and of memory; what sticks and networks use is not among them."""


def is_fixed(device: int) -> bool:
    """Whether the file system with this number (`st_dev`) is known to stay as long as the system runs.

    Linux alone tells (proc(5), mountinfo); anything else is taken for something that may go away.
    """
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    number = f"{os.major(device)}:{os.minor(device)}"
    kinds = [
        after.split()[:1]
        for before, _, after in (line.partition(" - ") for line in lines)
        if before.split()[2:3] == [number]
    ]
    return bool(kinds) and all(kind and kind[0] in FIXED for kind in kinds)
