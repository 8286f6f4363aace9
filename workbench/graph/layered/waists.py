"""Where a graph can be cut into parts that are drawn one below the other: nodes that no edge passes."""

import numpy as np

ROUNDS = 64  # each halves the number of labels left, so that 2^64 nodes would need more


def components(count: int, edges: np.ndarray) -> np.ndarray:
    """The connected part of every node, named by its first node; `edges` is (k, 2)."""
    label = np.arange(count)
    a, b = edges[:, 0], edges[:, 1]
    for _ in range(ROUNDS):
        low = np.minimum(label[a], label[b])
        before = label.copy()
        np.minimum.at(label, before[a], low)
        np.minimum.at(label, before[b], low)
        while (label != label[label]).any():
            label = label[label]
        if (label == before).all():
            break
    return label


def sunk_order(count: int, edges: np.ndarray) -> np.ndarray:
    """The nodes in an order in which edges lead forwards, as they do by number; what begins stands before its consumer.

    What nothing follows stands behind its source. So an input that is taken late, and an output, passes nothing.
    """
    source, target = edges[:, 0], edges[:, 1]
    follows, leads = np.zeros(count, bool), np.zeros(count, bool)
    follows[target], leads[source] = True, True
    first = np.full(count, count, np.intp)
    np.minimum.at(first, source, target)
    key = np.where(leads & ~follows, first - 0.5, np.arange(count))
    last = np.full(count, -1.0)
    np.maximum.at(last, target, key[source])
    order: np.ndarray = np.argsort(np.where(follows & ~leads, last + 0.25, key), kind="stable")
    return order


def waists(count: int, edges: np.ndarray) -> np.ndarray:
    """The nodes, without the first and the last, that no edge passes; edges lead forwards."""
    change = np.bincount(edges[:, 0] + 1, minlength=count + 1) - np.bincount(edges[:, 1], minlength=count + 1)
    passing = np.cumsum(change)[:count]
    found: np.ndarray = np.flatnonzero(passing == 0)
    return found[(found > 0) & (found < count - 1)]
