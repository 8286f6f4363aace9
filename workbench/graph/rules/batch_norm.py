"""BatchNormalization disappears in the Conv before it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, rewired
from workbench.graph.draft import Draft


def fold_batch_norm(draft: Draft, norm: DeployedLayer) -> bool:
    """Conv + BatchNormalization -> Conv, with the toolkit's float32 arithmetic (bit-identical weights and biases).

    w' = w·(γ/√(σ²+ε)); b' = b·(γ/√(σ²+ε)) + (β − μ·γ/√(σ²+ε)). The result is named as BatchNormalization's output.
    """
    conv = draft.producer(norm.inputs[0]) if norm.op == "BatchNormalization" else None
    if conv is None or not _folds(draft, conv, norm):
        return False
    values = _folded(draft.constants, conv, norm)
    ends = zip(("weight", "bias"), values, strict=True)
    inputs = (conv.inputs[0], *(draft.constant(f"{norm.outputs[0]}_{end}", value) for end, value in ends))
    proto = rewired(conv.proto, inputs, norm.outputs[:1])
    folded = replace(conv, inputs=inputs, outputs=norm.outputs[:1], origins=(*conv.origins, *norm.origins), proto=proto)
    draft.replace([conv, norm], [folded])
    return True


def _folds(draft: Draft, conv: DeployedLayer, norm: DeployedLayer) -> bool:
    return (
        conv.op in ("Conv", "ConvTranspose")
        and draft.is_float(norm.outputs[0])
        and len([name for name in norm.outputs if name]) == 1
        and all(name in draft.constants for name in (*conv.inputs[1:], *norm.inputs[1:]) if name)
        and draft.sole_consumer(conv.outputs[0]) is norm
        and (conv.op == "Conv" or conv.attributes.get("group", 1) == 1)
    )


def _folded(
    constants: Mapping[str, np.ndarray], conv: DeployedLayer, norm: DeployedLayer
) -> tuple[np.ndarray, np.ndarray]:
    weight = constants[conv.inputs[1]]
    gamma, beta, mean, variance = (constants[name] for name in norm.inputs[1:5])
    bias = constants[conv.inputs[2]] if len(conv.inputs) > 2 and conv.inputs[2] else np.float32(0)
    deviation = np.sqrt(variance + np.float32(norm.attributes.get("epsilon", 1e-5)))
    shape = [1] * weight.ndim
    shape[0 if conv.op == "Conv" else 1] = -1
    return weight * (gamma / deviation).reshape(shape), bias * (gamma / deviation) + (beta - mean * gamma / deviation)
