"""What the toolkit takes: which chips have layers in another precision, which tensors can be named, what it does then.

Tried with rknn-toolkit2 2.5.0: both steps of hybrid quantization, an analysis and the export of a small network for
every chip and precision. Toolkit 1 calls it float32 and runs it as float16 (rknn_facts §4.2).
"""

from collections.abc import Collection, Iterator

from workbench.foundation.errors import SettingsError
from workbench.graph.deployed import CONVERT, Deployed
from workbench.quantize.groups import is_fused
from workbench.quantize.plan import Plan
from workbench.quantize.schemes import FLOAT16, INT16, QuantSettings

_BOTH = (FLOAT16, INT16)
_OLDER = (FLOAT16,)
PRECISIONS = {
    "rk3588": _BOTH, "rk3576": _BOTH, "rk3562": _BOTH, "rk3566": _BOTH, "rk3568": _BOTH, "rv1126b": _BOTH,
    "rv1103": (INT16,), "rv1106": (INT16,),  # "float16 not supported … only support int8/int16"
    "rv1103b": (), "rv1106b": (),  # float16 is refused, and the compiler dies of int16
    "rk1808": _OLDER, "rk3399pro": _OLDER, "rv1126": _OLDER, "rv1109": _OLDER,
}  # fmt: skip


def check(quant: QuantSettings, precision: str) -> None:
    """Refuse what has no mixed precision, or not this one."""
    if not quant.type.calibrates or quant.type.activations == INT16:
        raise SettingsError(
            f"A network in {quant.dtype} has no layers in 8 bits that could be spared.",
            "Choose w8a8 (or a type in 8 bits of RKNN-Toolkit) in the settings and run the session.",
        )
    known = PRECISIONS.get(quant.target, ())
    if precision in known and not (precision == INT16 and quant.dtype != "w8a8"):
        return
    hint = f"Choose {' or '.join(known)}." if known and quant.dtype == "w8a8" else "Choose another chip."
    raise SettingsError(f"On {quant.target} no single layers of {quant.dtype} can be in {precision}.", hint)


def neighbours(graph: Deployed, plan: Plan, names: Collection[str], precision: str) -> tuple[str, ...]:
    """Sentences about chosen layers, by first output, where the toolkit changes something else than one may expect."""
    return tuple(sentence for name in names for sentence in _about(graph, plan, name, frozenset(names), precision))


def _about(graph: Deployed, plan: Plan, name: str, chosen: frozenset[str], precision: str) -> Iterator[str]:
    layer = graph.producers[name]
    if layer.op == CONVERT:
        yield f"{name} only converts between types: the toolkit takes the entry, and it has no effect."
        return
    taker = graph.sole_consumer(name)
    if name in plan.unstored and taker is not None and taker.outputs[0] not in chosen:
        given = taker.outputs[0]
        yield (
            f"{name} is fused to {given} ({taker.op}) in int8. With {name} alone in {precision} the two are taken "
            f"apart, and {given} stays in int8: its row of the report still shows the type int8."
        )
    before = graph.producers.get(layer.inputs[0]) if layer.inputs else None
    if before is not None and before.outputs[0] not in chosen and is_fused(graph, before, layer):
        yield (
            f"{name} is the activation of {before.outputs[0]}, which stays in int8: the toolkit rounds that tensor to "
            f"the range that the activation lets through, and only then computes in {precision}."
        )
