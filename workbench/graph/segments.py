"""Where a run of a graph is cut, so that what is held at a time stays small."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import onnx

SEGMENT_BYTES = 32 * 2**20  # of the tensors that a segment gives
WEIGHT_BYTES = 256 * 2**20  # of its constants: ONNX Runtime may hold a second copy, in another order
UNKNOWN_BYTES = 2**20
MOST_NODES = 2000  # ONNX Runtime takes four times as long to open a session of twice as many


def cut(
    nodes: Sequence[onnx.NodeProto],
    wanted: Collection[str],
    sizes: tuple[Mapping[str, int], Mapping[str, int]],
    budget: int,
) -> Iterator[range]:
    """Ranges of nodes; `sizes` are the bytes of tensors and of constants."""
    tensors, constants = sizes
    start, filled, weight = 0, 0, 0
    for index, node in enumerate(nodes):
        size = sum(tensors.get(name, UNKNOWN_BYTES) for name in node.output if name in wanted)
        taken = sum(constants.get(name, 0) for name in node.input)
        is_full = (filled and filled + size > budget) or (weight and weight + taken > WEIGHT_BYTES)
        if is_full or index - start == MOST_NODES:
            yield range(start, index)
            start, filled, weight = index, 0, 0
        filled += size
        weight += taken
    yield range(start, len(nodes))


def kept_after(segments: Sequence[range], uses: Sequence[Collection[str]]) -> list[set[str]]:
    """What later segments read, after each segment; `uses` are the tensors that each node reads."""
    kept: list[set[str]] = [set() for _ in segments]
    later: set[str] = set()
    for number in range(len(segments) - 1, -1, -1):
        kept[number] = set(later)
        for index in segments[number]:
            later.update(uses[index])
    return kept
