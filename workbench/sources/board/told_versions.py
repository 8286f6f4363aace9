"""Versions that logs and networks tell: of the runtime, the driver, the server, and of the toolkit that converted.

Source of the lines: what librknnrt 1.3 to 2.3 prints when a network is loaded, `get_sdk_version`, rknn_benchmark.
"""

import re
from collections.abc import Mapping
from pathlib import Path

RUNTIME, DRIVER, SERVER, CONVERTED_BY = "runtime", "driver", "server", "converted by"
NUMBER = r"v?(\d+\.\d+\.\d+[0-9A-Za-z.]{0,8})"
LINES = (
    (RUNTIME, re.compile(rf"(?:librknn\w{{0,12}}|rknn_api/rknnrt|DRV: rknnrt)(?: version)?: ?{NUMBER}")),
    (RUNTIME, re.compile(rf"API version: {NUMBER}")),
    (DRIVER, re.compile(rf"(?:RKNN Driver Information[:,] version|driver version): {NUMBER}")),
    (SERVER, re.compile(rf"rknn_server(?: version)?: {NUMBER}")),
    (CONVERTED_BY, re.compile(rf"RKNN Model Information[:,].{{0,40}}toolkit version: {NUMBER}")),
)
BUILT_BY = re.compile(rb"(\d+\.\d+\.\d+[0-9A-Za-z.]{0,12})\(compiler version: ")
WRITTEN_BY = re.compile(rb'"version": ?"(\d+\.\d+\.\d+[0-9A-Za-z.]{0,12})"')
ENDS = 1 << 20  # bytes at both ends of a .rknn, where it says who made it
MOST = 1 << 22  # bytes of a log


def told(text: str) -> dict[str, str]:
    """The versions that a log tells, the last ones where it tells several."""
    found: dict[str, str] = {}
    for name, pattern in LINES:
        numbers = pattern.findall(text)
        if numbers and name not in found:
            found[name] = numbers[-1].rstrip(".")
    return found


def told_in(path: Path) -> Mapping[str, str]:
    """The versions that a log file tells; none where there is no such file."""
    try:
        with path.open("rb") as file:
            return told(file.read(MOST).decode("utf-8", "replace"))
    except OSError:
        return {}


def converted_by(rknn: Path) -> str:
    """The version of the toolkit that made a .rknn; "" where the file does not tell."""
    try:
        with rknn.open("rb") as file:
            begin = file.read(ENDS)
            size = file.seek(0, 2)
            file.seek(max(0, size - ENDS))
            end = file.read(ENDS)
    except OSError:
        return ""
    found = BUILT_BY.search(begin) or WRITTEN_BY.search(end)
    return found[1].decode("ascii").rstrip(".") if found else ""
