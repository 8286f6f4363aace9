"""Our own dump files."""

from functools import partial
from pathlib import Path

import numpy as np

from workbench.dump.formats.dumps import Found, Item
from workbench.dump.store import Dump


def find_dump(path: Path) -> Found:
    """The tensors of a dump, with their operators and encodings."""
    dump = Dump(path)
    items = {name: Item(path, partial(_read, dump, name), dump.op(name), dump.encoding(name)) for name in dump.names}
    return Found(f"dump {path.name}", items, resource=dump)


def _read(dump: Dump, name: str) -> np.ndarray:
    return dump.raw(name)[0]
