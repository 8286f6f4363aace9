"""Which fixes help against which cause, the simplest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.findings import Finding, Fix
from workbench.diagnose.fixes import calibration, correcting, cutting, equalising, rescaling, settings
from workbench.foundation.steps import Steps

Layers = tuple[str, ...]
Maker = Callable[[Case, Layers], Steps[Fix | None]]
Offer = Callable[[Case, Finding], Fix | None]

MAKERS: Mapping[str, Maker] = {
    "cut-tail": lambda case, layers: cutting.cut_tail(case),
    "split-outputs": lambda case, layers: cutting.split_outputs(case),
    "rescale": rescaling.rescale,
    "fold-norms": rescaling.fold_norms,
    "equalise": lambda case, layers: equalising.equalise(case),
    "smooth": equalising.smooth,
    "correct-biases": lambda case, layers: correcting.correct_biases(case),
    "leave-out": lambda case, layers: calibration.leave_out(case),
}
"""What takes long or writes a network, when it is asked for: by the key of the fix."""
TEXTS = {
    "cut-tail": "Cut the last operators off, and compute them outside the NPU.",
    "split-outputs": "Split the output into its parts, and put them together outside the NPU.",
    "rescale": "Scale these tensors by powers of two in the weights around them, so that float16 holds them.",
    "fold-norms": "Fold the constants of batch normalisations together, so that float16 holds them.",
    "equalise": "Equalise the ranges of weights across layers.",
    "smooth": "Bring the channels of these tensors closer together, and the next weights the other way round.",
    "correct-biases": "Correct the biases by the mean error that quantization leaves.",
    "leave-out": "Calibrate without the inputs that stretch the ranges.",
}


def fixes_of(case: Case, finding: Finding) -> Iterator[Fix]:
    """What can help against a finding's cause in this session; nothing is written or run."""
    if not case.model.is_onnx or case.graph is None:
        return
    for offer in CAUSES.get(finding.cause, ()):
        fix = offer(case, finding)
        if fix is not None:
            yield fix


def _made(key: str) -> Offer:
    """An offer of what `MAKERS` makes, where the network is one that it can be made of."""

    def offer(case: Case, finding: Finding) -> Fix | None:
        is_quantized = case.graph is not None and case.graph.is_quantized
        return None if is_quantized or not _fits(key, case, finding) else Fix(TEXTS[key], key=key)

    return offer


def _fits(key: str, case: Case, finding: Finding) -> bool:
    """Whether it can be done here, as far as can be told without running or writing anything."""
    if key in ("cut-tail", "split-outputs"):
        return cutting.can_cut(case, cutting.LIGHT if key == "cut-tail" else cutting.MOVING)
    if key == "leave-out":
        return case.quant.type.calibrates and calibration.is_stretched(case)
    if key == "correct-biases":
        return case.quant.type.is_quantized and bool(case.dataset) and case.own_golden
    if case.reference is not None or not case.own_golden:
        return False
    match key:
        case "equalise":
            return equalising.can_equalise(case.model)
        case "smooth":
            return equalising.can_smooth(case, finding.layers)
        case "rescale":
            return rescaling.can_rescale(case, finding.layers)
    return rescaling.can_fold(case.model)


def _in_float16(most: int) -> Offer:
    return lambda case, finding: settings.in_float16(case, finding.layers[:most])


def _through_float16(most: int) -> Offer:
    """Where it is the stored values that are bad: whoever takes them must not round them again."""
    return lambda case, finding: settings.in_float16(case, finding.layers[:most], through=True)


def _in_int16(most: int) -> Offer:
    return lambda case, finding: settings.in_int16(case, finding.layers[:most])


def _algorithm(name: str) -> Offer:
    return lambda case, finding: settings.algorithm(case, name)


def _channelwise(case: Case, finding: Finding) -> Fix | None:
    return settings.channelwise(case)


def _in_integers(case: Case, finding: Finding) -> Fix | None:
    return settings.in_integers(case, finding.layers)


def _compiler(case: Case, finding: Finding) -> Fix | None:
    return settings.optimization_level(case)


def _whole_range(case: Case, finding: Finding) -> Fix | None:
    """The range that the golden values of the first layer need, over all inputs that were analysed."""
    row = case.by_tensor.get(finding.layers[0]) if finding.layers else None
    found = [] if row is None else [case.golden(row, sample) for sample in range(len(case.samples))]
    arrays = [array for array in found if array is not None and array.size and np.isfinite(array).all()]
    if row is None or not arrays:
        return None
    low, high = (float(end([end(array) for array in arrays])) for end in (np.min, np.max))
    return settings.with_range(case, row.tensor, low, high)


def _more_inputs(case: Case, finding: Finding) -> Fix:
    return Fix("Calibrate with more typical inputs: `diagnose SESSION --calibrate-from FOLDER` chooses from many.")


FEW, MORE = 4, 12  # layers that get another precision
CAUSES: Mapping[str, Sequence[Offer]] = {
    "weights-range": (_channelwise, _made("equalise"), _in_float16(FEW), _algorithm("mmse")),
    "weights-outlier": (_channelwise, _in_float16(FEW), _made("equalise"), _algorithm("mmse")),
    "activation-outlier": (
        _made("leave-out"),
        _made("smooth"),
        _through_float16(FEW),
        _algorithm("kl_divergence"),
        _algorithm("mmse"),
    ),
    "activation-saturation": (_algorithm("normal"), _whole_range, _through_float16(FEW), _in_int16(FEW)),
    "calibration-range": (_algorithm("normal"), _whole_range, _through_float16(FEW)),
    "calibration-few": (_more_inputs,),
    "calibration-untypical": (_more_inputs, _algorithm("kl_divergence")),
    "dead-channels": (_made("smooth"), _through_float16(FEW), _in_int16(FEW)),
    "concat-ranges": (_made("split-outputs"), _made("cut-tail"), _made("smooth"), _through_float16(FEW)),
    "add-ranges": (_through_float16(FEW), _in_int16(FEW)),
    "activation-tail": (_made("cut-tail"), _through_float16(FEW), _in_int16(FEW)),
    "norm-sum": (_through_float16(FEW),),
    "large-reduction": (_in_float16(FEW), _in_int16(FEW)),
    "depthwise": (_channelwise, _made("equalise"), _made("correct-biases"), _in_float16(FEW)),
    "quantization": (_in_float16(MORE), _in_int16(MORE), _made("correct-biases"), _algorithm("mmse"), _compiler),
    "nan": (_made("rescale"), _in_integers),
    "fp16-overflow": (_made("rescale"), _in_integers),
    "fp16-constant-overflow": (_made("fold-norms"), _in_integers),
    "fp16-underflow": (_made("rescale"), _in_integers),
    "board-operator": (_in_float16(FEW), _compiler),
}
"""By the cause's key; the first one is run by a diagnosis itself, so what takes long comes last."""
