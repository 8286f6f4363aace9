"""The variables of the environment that other processes are started with."""

import os
from collections.abc import Mapping, MutableMapping

LIBRARIES = "LD_LIBRARY_PATH"
OF_OPENCV = "/cv2/../../lib64"


def for_others(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """`environment`, or that of this process, so that another program loads its own libraries."""
    result = dict(os.environ if environment is None else environment)
    forget_libraries(result)
    return result


def forget_libraries(environment: MutableMapping[str, str]) -> None:
    """Take out of LD_LIBRARY_PATH what OpenCV puts in when it is imported: `…/cv2/../../lib64:`.

    The empty item behind the colon means the current folder to the loader (ld.so(8)): a library that a stranger put
    beside a session would run.
    """
    before = environment.get(LIBRARIES)
    if before is None:
        return
    kept = ":".join(item for item in before.split(":") if item and not item.endswith(OF_OPENCV))
    if not kept:
        del environment[LIBRARIES]
    elif kept != before:
        environment[LIBRARIES] = kept
