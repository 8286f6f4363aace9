"""What times on the board say about where they could be saved."""

from collections.abc import Iterator, Sequence

from workbench.sources.board.times import ENDS, INPUTS, OUTPUTS, RUN, LayerTime, Times

MUCH = 0.25  # of a run: from here on feeding or reading is worth a change of the program
NOTICED = 0.05  # of all layers: from here on those of the CPU are told
NAMED = 5  # layers in a sentence
FEEDING = (
    "Feeding the input takes {0} of {1} ms: give it in the network's own type and layout (pass_through=1), or use zero "
    "copy (rknn_create_mem, rknn_set_io_mem)."
)
READING = (
    "Reading the outputs takes {0} of {1} ms: take them as they are (want_float=0) and dequantise only what is used, "
    "or use zero copy (rknn_create_mem, rknn_set_io_mem)."
)
ON_CPU = "Layers on the CPU take {0} of {1} ms: {2}. Replace their operators, or cut the network before them."


def advice(times: Times) -> tuple[str, ...]:
    """A sentence for each thing that takes much of the time and can be spared."""
    return (*_ends(times), *_on_cpu(times.layers))


def _ends(times: Times) -> Iterator[str]:
    """Feeding and reading, by the calls of the C API where they were measured, else by their operators."""
    whole = sum(times.io.values()) if RUN in times.io and len(times.io) > 1 else times.summed
    for call, op, text in ((INPUTS, ENDS[0], FEEDING), (OUTPUTS, ENDS[1], READING)):
        operators = times.of(op)
        taken = times.io.get(call, operators) if RUN in times.io else operators
        if whole and taken >= MUCH * whole:
            yield text.format(_ms(taken), _ms(whole))


def _on_cpu(layers: Sequence[LayerTime]) -> Iterator[str]:
    ours = [layer for layer in layers if layer.target == "CPU" and not layer.is_end]
    taken, whole = sum(layer.microseconds for layer in ours), sum(layer.microseconds for layer in layers)
    if ours and taken >= NOTICED * whole:
        slowest = sorted(ours, key=lambda layer: -layer.microseconds)[:NAMED]
        names = ", ".join(layer.tensor or layer.op for layer in slowest) + (", …" if len(ours) > NAMED else "")
        yield ON_CPU.format(_ms(taken), _ms(whole), names)


def _ms(micros: float) -> str:
    return f"{micros / 1000:.3g}"
