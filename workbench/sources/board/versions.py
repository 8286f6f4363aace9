"""Versions of the vendor's libraries and programs on a board: found in the bytes of the files, and compared."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from workbench.foundation.scratch import scratch_folder
from workbench.foundation.steps import Progress, Steps
from workbench.sources.board.links import Link, LinkError
from workbench.sources.board.paths import shown
from workbench.sources.board.probe import STAGE, rooted

NUMBER = rb"(\d+\.\d+\.\d+[0-9A-Za-z.]{0,12})"
NAMED = re.compile(rb"(?:librknn\w{0,12}|rknn_server) version:? ?" + NUMBER)
"""As the runtime of toolkit 2 has it; `librknn_runtime version 1.4.0 (4c92df0 build: …)` is toolkit 1's."""
BUILT = re.compile(NUMBER + rb" \(\w{6,40} ?(?:build|@)")
"""A version with its commit, which servers have without a name before it."""
PARTS = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


def version_in(content: bytes) -> str:
    """The version of a library or program, "" where its bytes tell none."""
    found = NAMED.search(content) or BUILT.search(content)
    return found[1].decode("ascii").rstrip(".") if found else ""


def version_of(link: Link, path: str, root: str = "") -> Steps[str]:
    """The version of a file on the board, which is brought here and read; "" where it tells none."""
    with scratch_folder() as folder:
        local = folder / "file"
        steps = link.pull(rooted(root, path), local)
        try:
            while True:
                event = next(steps)
                if isinstance(event, Progress):
                    yield Progress(STAGE, event.done, event.total, shown(PurePosixPath(path).name))
        except StopIteration:
            return version_in(local.read_bytes())
        except LinkError:  # what cannot be read tells no version
            return ""
        finally:
            steps.close()


def numbers(version: str) -> tuple[int, int, int]:
    """A version to compare by, `0.9.8` or `2.0.0b0`; (0, 0, 0) for what is none."""
    found = PARTS.search(version)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 0, 0)


def first_version(lines: Iterable[str]) -> str:
    """The first version that stands in some lines; "" without one."""
    return next((found[0] for line in lines if (found := PARTS.search(line))), "")
