"""BatchNormalization disappears in the convolution before or behind it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, rewired
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, float_constant, kernel_of, pads_of, with_kernel


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


def fold_batch_norm_before(draft: Draft, norm: DeployedLayer) -> bool:
    """BatchNormalization + dense Conv without padding: w' = w·γ', b' = b + Σ w·β' over what an output reads.

    γ' = γ/√(σ²+ε); β' = β − μ·γ/√(σ²+ε).
    """
    conv = draft.sole_consumer(norm.outputs[0]) if norm.op == "BatchNormalization" else None
    kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
    affine = _affine(draft, norm) if kernel is not None else None
    if conv is None or kernel is None or affine is None or norm.outputs[0] in conv.inputs[1:]:
        return False
    if conv.attributes.get("group", 1) != 1 or any(pads_of(conv, kernel.weight.shape[2:]) or (1,)):
        return False
    scale, shift = (value.reshape(1, -1, *[1] * (kernel.weight.ndim - 2)) for value in affine)
    # in the toolkit's order: over the places first, then over the channels
    added = (kernel.weight * shift).sum(tuple(range(2, kernel.weight.ndim))).sum(1)
    folded = Kernel(kernel.weight * scale, added if kernel.bias is None else kernel.bias + added)
    draft.replace([norm, conv], [with_kernel(draft, conv, folded, conv.outputs[0], source=norm.inputs[0])])
    return True


def _affine(draft: Draft, norm: DeployedLayer) -> tuple[np.ndarray, np.ndarray] | None:
    """γ' and β' of a BatchNormalization that gives one tensor; None where they are computed."""
    values = [float_constant(draft, name) for name in norm.inputs[1:5]]
    if len(norm.inputs) != 5 or any(norm.outputs[1:]) or any(value is None for value in values):
        return None
    gamma, beta, mean, variance = (np.asarray(value) for value in values)
    deviation = np.sqrt(variance + np.float32(norm.attributes.get("epsilon", 1e-5)))
    return gamma / deviation, beta - mean * gamma / deviation


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
