"""Room on the disk, taken before it is written to: HDF5 crashes the process when it finds a disk full at its close."""

import errno
import os

SPARE = 1 << 18  # for what HDF5 writes about the tensors
AHEAD = 1 << 26  # taken at once, at most: asking for every tensor costs as much as writing a small one
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC)


class Room:
    """The room that an open file has on the disk; without effect where the system cannot reserve any."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._taken = 0

    def reserve(self, size: int) -> None:
        """Take room for `size` bytes and some more; an `OSError` when there is none."""
        needed = size + SPARE
        if needed <= self._taken or not hasattr(os, "posix_fallocate"):
            return
        if not self._take(needed + min(AHEAD, max(SPARE, self._taken))):
            self._take(needed, is_last=True)

    def _take(self, size: int, is_last: bool = False) -> bool:
        try:
            os.posix_fallocate(self._file, self._taken, size - self._taken)
        except OSError as error:
            if error.errno in NO_ROOM:
                if is_last:
                    raise
                return False
        self._taken = size
        return True
