"""What an earlier dump of the simulator has already, so that only what differs is computed again.

A tensor is taken from it when its fingerprint is the same: when everything that it is computed from is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import onnx

from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.graph.execute import inputs_of

FINGERPRINTS = "fingerprints"  # of a dump's tensors, in its `info`
Key = tuple[str, str]
"""A branch of the simulator and a tensor."""


class Earlier:
    """Complete dumps of one run, one a branch."""

    def __init__(self, dumps: Mapping[str, Dump]) -> None:
        self._dumps = dumps

    def holds(self, wanted: Mapping[Key, str]) -> frozenset[Key]:
        """Which of the wanted tensors, with their fingerprints, are there."""
        prints = {branch: fingerprints_of(dump) for branch, dump in self._dumps.items()}
        found = set()
        for (branch, tensor), fingerprint in wanted.items():
            is_same = prints.get(branch, {}).get(tensor) == fingerprint
            if is_same and tensor in self._dumps[branch]:
                found.add((branch, tensor))
        return frozenset(found)

    def stored(self, key: Key) -> np.ndarray:
        """A tensor as it was stored, mapped."""
        return self._dumps[key[0]].raw(key[1])[0]

    def name(self, branch: str) -> str:
        """The name of a branch's file."""
        return self._dumps[branch].path.name

    def release(self) -> None:
        """Let the system take back the memory of what was read."""
        for dump in self._dumps.values():
            dump.release()


@contextmanager
def opened(paths: Mapping[str, Path], golden: str) -> Iterator[Earlier | None]:
    """The dumps at `paths` by branch, of an overlay its base; None where they are no complete run on these `golden`."""
    with ExitStack() as stack:
        try:
            dumps = {branch: stack.enter_context(Dump(path)) for branch, path in paths.items()}
            based = {branch: dump.base for branch, dump in dumps.items() if dump.base is not None}
            dumps |= {branch: stack.enter_context(Dump(path)) for branch, path in based.items()}
        except DumpError:  # it cannot be used: everything is computed
            dumps = {}
        usable = all(dump.info.get("golden") == golden and fingerprints_of(dump) for dump in dumps.values())
        yield Earlier(dumps) if golden and dumps and usable else None


def fingerprints_of(dump: Dump) -> Mapping[str, str]:
    """Tensor -> fingerprint; {} for dumps that have none."""
    found = dump.info.get(FINGERPRINTS)
    return found if isinstance(found, dict) else {}


def needed(nodes: Sequence[onnx.NodeProto], wanted: Collection[str], given: Collection[str]) -> list[onnx.NodeProto]:
    """The nodes that compute `wanted` where the values of `given` are there already, in their order."""
    producers = {name: number for number, node in enumerate(nodes) for name in node.output if name}
    kept: set[int] = set()
    waiting = list(wanted)
    while waiting:
        number = producers.get(name := waiting.pop())
        if number is not None and number not in kept and name not in given:
            kept.add(number)
            waiting.extend(inputs_of(nodes[number]))
    return [nodes[number] for number in sorted(kept)]


def taken(nodes: Sequence[onnx.NodeProto], given: Collection[str]) -> set[str]:
    """Which of the values that are `given` some nodes read and do not compute themselves."""
    read = {name for node in nodes for name in inputs_of(node)}
    return (read & set(given)) - {name for node in nodes for name in node.output}
