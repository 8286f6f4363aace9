"""The system's lock on an open file: it is its process's for as long as that lives, however it ends."""

import errno
import os
import sys

OTHERS = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What a system says where another has the lock; anything else means that there are no locks."""
FAR = 1 << 30
"""The byte that is locked on Windows, where nobody can read what is locked: behind all that is written."""


def lock(handle: int) -> None:
    """Lock a file or raise the OSError that says why not; nothing is waited for. Closing the file unlocks it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
