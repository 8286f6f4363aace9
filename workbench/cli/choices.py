"""From options to a session: what this version offers, and which file feeds what."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.options import Preprocessing, Quantization, VendorOptions
from workbench.foundation.errors import SettingsError

if TYPE_CHECKING:
    from workbench.graph.graph import Tensor
    from workbench.preprocess.preprocess import Preprocess
    from workbench.quantize.schemes import QuantSettings

SIMULATORS = ("embedded", "toolkit", "none")
Shapes = dict[str, tuple[int, ...]]


def check_simulator(name: str, toolkit: str = "") -> None:
    """Refuse what this version cannot run; `toolkit` is the name of a described one."""
    if name not in SIMULATORS:
        raise _unknown("--simulator", name, SIMULATORS)
    if name == "toolkit":
        from workbench.sources.toolkit.configured import toolkit_called

        toolkit_called(toolkit)


def told_toolkit(vendor: VendorOptions) -> dict[str, Any]:
    """What a session holds of the toolkit: its name and the options that are not as they are by default."""
    from workbench.sources.toolkit.option_values import checked

    return {"toolkit": vendor.toolkit, "toolkit_options": checked(toolkit_options(vendor.config or ()))}


def toolkit_options(texts: Sequence[str]) -> dict[str, Any]:
    """`NAME=VALUE` as options of the toolkit; the last counts."""
    from workbench.sources.toolkit.option_values import parsed
    from workbench.sources.toolkit.options import option_of

    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise SettingsError(f"--config is {text!r}.", "It must be NAME=VALUE, for example single_core_mode=true.")
        found[name] = parsed(option_of(name), value)
    return found


def check_network(path: Path, simulator: str, weights: Path | None) -> None:
    """Refuse a network that nothing or not this simulator computes, and a second file that it has no use for."""
    from workbench.graph.foreign.kinds import PAIRS, framework_of
    from workbench.project.references import refuse_embedded, refuse_toolkits_graph

    refuse_toolkits_graph(path)
    if weights is not None and framework_of(path) not in PAIRS:
        raise SettingsError(f"--weights: {path.name} has no second file.", "Leave the option away.")
    if simulator == "embedded":
        refuse_embedded(path)


def quant_settings(options: Quantization) -> "QuantSettings":
    """The settings, when this version offers them all."""
    from workbench.quantize.platforms import check, finest_method
    from workbench.quantize.schemes import QuantSettings

    settings = QuantSettings(
        dtype=options.dtype,
        method=options.method or finest_method(options.dtype),
        algorithm=options.algorithm,
        target=options.target,
        optimization_level=options.optimization_level,
        float_tensors=tuple(_names(options.float_tensors)),
        int16_tensors=tuple(_names(options.int16_tensors)),
        ranges=tuple(map(_range, options.ranges or ())),
    )
    check(settings, "--")
    if options.cfg is not None and not settings.type.calibrates:
        raise SettingsError(
            f"--dtype {options.dtype} keeps activations in float, so --cfg says nothing.", "Give one of them, not both."
        )
    return settings


def _range(text: str) -> tuple[str, float, float]:
    """`NAME:LOW,HIGH`, a name may hold colons."""
    name, colon, ends = text.rpartition(":")
    try:
        low, high = map(float, ends.split(","))
    except ValueError:
        low, high = 0.0, 0.0
    if not colon or not name or not -math.inf < low < high < math.inf:
        raise SettingsError(f"--range is {text!r}.", "It must be NAME:-1.5,6 with the lowest value first.")
    return name, low, high


def read_shapes(texts: Sequence[str], inputs: "Sequence[Tensor]") -> Shapes:
    """`NAME:1,3,224,224`, a name may hold colons."""
    shapes: Shapes = {}
    for text in texts:
        name, colon, sizes = text.rpartition(":")
        try:
            shape = tuple(int(size) for size in sizes.replace("x", ",").split(","))
        except ValueError:
            shape = ()
        if not colon or not shape or min(shape) < 1:
            raise SettingsError(f"--shape is {text!r}.", "It must be NAME:1,3,224,224.")
        shapes[_known_input(name, inputs, "--shape")] = shape
    return shapes


def preprocessing(options: Preprocessing, inputs: "Sequence[Tensor]") -> "dict[str, Preprocess]":
    """Per input: what its shape suggests, then the options for all, then its own `--input`."""
    from workbench.preprocess.notation import parse_input_option, with_options
    from workbench.preprocess.preprocess import guess
    from workbench.project.making import refuse_impossible

    everywhere = _overrides(options)
    settings = {item.name: with_options(guess(item), **everywhere) for item in inputs}
    for name, older in zip(settings, _older_spelling(options, inputs, settings), strict=True):
        settings[name] = with_options(settings[name], **older)
    for text in options.input or ():
        name, own = parse_input_option(text)
        name = _known_input(name, inputs, "--input")
        settings[name] = with_options(settings[name], **own)
    refuse_impossible(inputs, settings)
    return settings


def _overrides(options: Preprocessing) -> dict[str, Any]:
    from workbench.preprocess.notation import parse_numbers

    return {
        "mean": parse_numbers(options.mean, "--mean") if options.mean else None,
        "std": parse_numbers(options.std, "--std") if options.std else None,
        "scale": options.scale,
        "order": options.order.lower() or None,
        "layout": options.layout.lower() or None,
        "resize": options.resize.lower() or None,
    }


def _older_spelling(
    options: Preprocessing, inputs: "Sequence[Tensor]", settings: "dict[str, Preprocess]"
) -> "Sequence[dict[str, Any]]":
    from workbench.preprocess.notation import from_toolkit1
    from workbench.preprocess.preprocess import channels

    older = (options.channel_mean_value, options.reorder_channel)
    for text, option, newer in zip(older, ("--channel-mean-value", "--reorder-channel"), _CLASHES, strict=True):
        clash = [name for name in newer if getattr(options, name)]
        if text and clash:
            raise SettingsError(f"{option} and --{clash[0]} say the same thing twice.", "Give one of them.")
    counts = [channels(item, settings[item.name]) for item in inputs]
    means, orders = (text if "#" in text or not text else "#".join([text] * len(inputs)) for text in older)
    return from_toolkit1(means, orders, counts)


_CLASHES = (("mean", "std"), ("order",))


def _known_input(name: str, inputs: "Sequence[Tensor]", option: str) -> str:
    names = [item.name for item in inputs]
    if name not in names:
        raise SettingsError(f"{option}: the network has no input {name!r}.", f"Its inputs are {', '.join(names)}.")
    return name


def _names(texts: Sequence[str] | None) -> list[str]:
    return [name.strip() for text in texts or () for name in text.split(",") if name.strip()]


def _unknown(option: str, value: str, choices: Sequence[str]) -> SettingsError:
    return SettingsError(f"{option} {value!r} is not in this version.", f"Choose one of {', '.join(choices)}.")
