"""What RKNN-Toolkit2 2.5.0 can be told besides what the session's settings say: which options, and who needs them.

Source: rknn_facts §1.1; `touches_numbers` and the chips as tried with the release 2.5.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.foundation.errors import SettingsError
from workbench.quantize.schemes import QuantSettings

CONFIG, BUILD = "config", "build"
FLAG, CHOICE, TEXT, NUMBER, COUNT = "flag", "choice", "text", "number", "count"
NAMES, PLACES, SHAPES, FORMATS = "names", "places", "shapes", "formats"
SAID = {
    "target_platform": "target", "quantized_dtype": "dtype", "quantized_algorithm": "algorithm",
    "quantized_method": "method", "optimization_level": "optimization_level", "mean_values": "mean",
    "std_values": "std", "quant_img_RGB2BGR": "order", "do_quantization": "dtype", "dataset": "dataset",
}  # fmt: skip
"""Arguments of the toolkit that settings of the session say, and which."""


@dataclass(frozen=True)
class Option:
    """An argument of `config` or `build`. Its `kind` says what values it takes, `choices` which ones where few do.

    The toolkit's simulation is given those with `touches_numbers`; the others only change the .rknn.
    """

    name: str
    kind: str
    default: Any
    meaning: str
    touches_numbers: bool = False
    call: str = CONFIG
    choices: tuple[str, ...] = ()


OPTIONS = (
    Option("compress_weight", FLAG, False, "Weights are stored compressed, which can make the .rknn smaller."),
    Option("single_core_mode", FLAG, False, "The .rknn is for one core of the rk3588, which makes it smaller."),
    Option("model_pruning", FLAG, False, "Channels without influence are cut off, which gives a smaller .rknn.", True),
    Option("remove_weight", FLAG, False, "The .rknn lacks the weights of convolutions and shares a complete one's."),
    Option("remove_reshape", FLAG, False, "A Reshape at an input or output is left to the caller.", True),
    Option("sparse_infer", FLAG, False, "Weights that are sparse already are computed as such (rk3576).", True),
    Option("enable_flash_attention", FLAG, False, "An attention is computed in pieces, which needs less memory.", True),
    Option("quantize_weight", FLAG, False, "A float network stores some weights as integers; will be withdrawn.", True),
    Option(
        "op_target", PLACES, {}, "Where single layers run, by output or type of operator: cpu, npu, gpu, auto.", True,
        choices=("cpu", "npu", "gpu", "auto"),
    ),
    Option("disable_rules", NAMES, [], "Rules of the toolkit's optimisation that are left out, by name.", True),
    Option("dynamic_input", SHAPES, [], "Sets of input shapes that the .rknn takes; the first is the largest.", True),
    Option(
        "inputs_yuv_fmt", FORMATS, [], "The format of each input that is a YUV picture on the board, for example nv12."
    ),
    Option("mini_rknn", FLAG, False, "The .rknn is for the small runtime of boards with little memory."),
    Option(
        "memory_plan_strategy", CHOICE, "BestFit", "How the memory of the tensors is planned.",
        choices=("BestFit", "GreedyBySize", "GreedyByLifetime", "SlowPeakGrowth"),
    ),
    Option("custom_string", TEXT, "", "A text that programs on the board can read from the .rknn."),
    Option("auto_hybrid", FLAG, False, "Layers beyond the thresholds below are kept more precise.", True, BUILD),
    Option("auto_hybrid_cos_thresh", NUMBER, 0.98, "Below this cosine auto_hybrid keeps a layer in float16.", True),
    Option("auto_hybrid_euc_thresh", NUMBER, None, "Above this distance auto_hybrid keeps a layer in float16.", True),
    Option("rknn_batch_size", COUNT, 0, "How many inputs the .rknn computes at once.", call=BUILD),
)  # fmt: skip
BY_NAME = {option.name: option for option in OPTIONS}


def option_of(name: str) -> Option:
    """The option of a name."""
    if name in SAID:
        raise SettingsError(f"{name} is said by the settings already.", "Change it there.")
    if name not in BY_NAME:
        known = ", ".join(BY_NAME)
        raise SettingsError(f"The toolkit's option {name!r} is not known.", f"There are {known}.")
    return BY_NAME[name]


def arguments(options: Mapping[str, Any], call: str, *, simulated: bool = False) -> dict[str, Any]:
    """Those options that go to `config` or to `build`; of a simulation those that touch its numbers."""
    wanted = numeric(options) if simulated else options
    return {name: value for name, value in wanted.items() if option_of(name).call == call}


def numeric(options: Mapping[str, Any]) -> dict[str, Any]:
    """Those options that touch the numbers of a simulation."""
    return {name: value for name, value in options.items() if option_of(name).touches_numbers}


def check_together(options: Mapping[str, Any], quant: QuantSettings, *, is_mixed: bool, is_quantized: bool) -> None:
    """Refuse options that do not go with the settings, in one sentence, before the toolkit runs."""
    if options.get("auto_hybrid") and is_mixed:
        raise SettingsError(
            "auto_hybrid cannot be chosen together with layers of another precision.",
            "Let the toolkit propose them, or reset the option.",
        )
    if options.get("quantize_weight") and is_quantized:
        raise SettingsError("quantize_weight is for networks that stay in float.", "Choose fp16, or reset the option.")
    if options.get("single_core_mode") and quant.target != "rk3588":
        raise SettingsError(
            f"single_core_mode is for the rk3588 only, not for the {quant.target}.",
            "Choose that target, or reset the option.",
        )
