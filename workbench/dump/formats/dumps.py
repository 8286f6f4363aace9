"""What every format gives: tensors by name, read when they are asked for."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from workbench.dump.layouts import LayoutError, to_network
from workbench.foundation.errors import DumpError
from workbench.quantize.encoding import Encoding


@dataclass(frozen=True, slots=True)
class Item:
    """One tensor in a file of somebody: `read` gives the stored array and may raise a `DumpError`.

    `shape` is the network's where the file's name tells it, `layout` that of the values where the format has its own.
    """

    file: Path
    read: Callable[[], np.ndarray]
    op: str = ""
    encoding: Encoding | None = None
    shape: tuple[int, ...] | None = None
    layout: str = ""


@dataclass(slots=True)
class Found:
    """What a format found in a path; `notes` are sentences for the user.

    `unscaled` are sentences about tensors that are integers of which the format does not tell the scale.
    """

    description: str
    items: dict[str, Item]
    notes: list[str] = field(default_factory=list)
    resource: AbstractContextManager[object] | None = None
    unscaled: dict[str, str] = field(default_factory=dict)


class Dumps(Mapping[str, np.ndarray]):
    """The tensors of a folder or file, float32; a context manager, used by one thread at a time."""

    def __init__(self, path: Path, found: Found, layout: str = "") -> None:
        """`layout` is that of all tensors for which `raw` is told no other."""
        self.path = path
        self.description = found.description
        self.notes = (*found.notes, *found.unscaled.values())
        self.unscaled = found.unscaled
        self._items = found.items
        self._layout = layout
        self._open = ExitStack()
        if found.resource is not None:
            self._open.enter_context(found.resource)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open."""
        self._open.close()

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __getitem__(self, name: str) -> np.ndarray:
        stored, encoding = self.raw(name)
        return np.array(stored, np.float32) if encoding is None else encoding.dequantize(stored)

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of the format, or sorted."""
        return tuple(self._items)

    def shape(self, name: str) -> tuple[int, ...]:
        """As it is stored; opens the file."""
        return self.raw(name)[0].shape

    def op(self, name: str) -> str:
        """The operator, where the format knows it; "" otherwise."""
        return self._items[name].op

    def told_shape(self, name: str) -> tuple[int, ...] | None:
        """The network's shape where the file's name tells it, or the stored one where that is cheap to know."""
        item = self._items[name]
        return item.shape or (self.shape(name) if item.file.suffix == ".npy" else None)

    def layout(self, name: str) -> str:
        """The memory layout of a tensor, as far as the format or who opened the dumps knows."""
        return self._items[name].layout or self._layout

    def encoding(self, name: str) -> Encoding | None:
        """Where the format knows it."""
        return self._items[name].encoding

    def file(self, name: str) -> Path:
        """Where the tensor is stored."""
        return self._items[name].file

    def raw(
        self, name: str, shape: tuple[int, ...] | None = None, layout: str = ""
    ) -> tuple[np.ndarray, Encoding | None]:
        """The stored array and its encoding; brought into the network's layout when its `shape` there is given.

        Values whose number does not fit `shape` come as they are stored. `layout` is that of this tensor, where it is
        another one than that of the rest.
        """
        item = self._items[name]
        values = item.read()
        if shape is None:
            return values, item.encoding
        try:
            return to_network(values, layout or self.layout(name), shape), item.encoding
        except LayoutError as error:
            size = "×".join(map(str, shape))
            raise DumpError(
                f"{item.file} cannot be brought into the network's layout {size} ({math.prod(shape)} values): {error}.",
                "Give it as an array of five dimensions N, C1, H, W, C2.",
            ) from error


def unreadable(path: Path, reason: str) -> DumpError:
    """The sentence for a file that is not what its name says."""
    return DumpError(f"{path} cannot be read: {reason}.", "Write it again with numpy.save, or leave it out.")
