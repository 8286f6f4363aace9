"""Fingerprints of computed values: the hash of everything that a value is computed from.

Two values with one fingerprint are equal bit for bit, as long as the graphs' inputs of one name hold the same values.
So a graph that differs from an earlier one in a few places shows by itself what has to be computed again.
"""

import hashlib
import weakref
from collections.abc import Mapping, Sequence

import numpy as np
import onnx

from workbench.graph.normalise import captured

SIZE = 12  # bytes; two of 2^40 values are alike by chance once in 2^16 tries
KEPT = 4096  # bytes from which an array's digest is kept


class Digests:
    """Digests of arrays; those of large ones are kept as long as the array lives, so that each is read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[weakref.ref[np.ndarray], bytes]] = {}

    def of(self, array: np.ndarray) -> bytes:
        """The digest of type, shape and values; the array must not change afterwards."""
        known = self._known.get(id(array))
        if known is not None and known[0]() is array:
            return known[1]
        hashed = hashlib.blake2b(f"{array.dtype} {array.shape}".encode(), digest_size=SIZE)
        hashed.update(array.tobytes() if array.dtype == object else np.ascontiguousarray(array).data)
        if array.nbytes >= KEPT:
            self._known[id(array)] = weakref.ref(array), hashed.digest()
        return hashed.digest()


def fingerprints(
    nodes: Sequence[onnx.NodeProto], constants: Mapping[str, np.ndarray], digests: Digests
) -> dict[str, bytes]:
    """The fingerprint of every value that `nodes`, in execution order, compute.

    What is neither computed nor a constant is an input, which counts by its name. Names of nodes and values count not.
    """
    known: dict[str, bytes] = {}

    def taken(name: str) -> bytes:
        if name not in known:
            is_constant = name in constants
            known[name] = digests.of(np.asarray(constants[name])) if is_constant else b"input:" + name.encode()
        return known[name]

    computed: dict[str, bytes] = {}
    for node in nodes:
        parts = [f"{node.domain} {node.op_type} {len(node.output)}".encode()]
        attributes = sorted(node.attribute, key=lambda item: item.name)
        parts += (item.SerializeToString(deterministic=True) for item in attributes)
        for name in (*node.input, *(captured(node) if node.attribute else ())):
            parts += b"|", taken(name) if name else b"none"
        digest = hashlib.blake2b(b"".join(parts), digest_size=SIZE).digest()
        for position, name in enumerate(node.output):
            known[name] = computed[name] = digest + str(position).encode()
    return computed
