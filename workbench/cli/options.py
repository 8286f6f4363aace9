"""Options that several commands share, in groups, and how the command line is read.

A command takes a group as one parameter; `grouped` shows typer the options inside it.
"""

import dataclasses
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.foundation import cores

LISTS = ("-i", "--tensors")


@dataclass(frozen=True)
class Common:
    """What every command takes."""

    json: Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")] = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress lines.")] = False
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=0, help="Cores to use; 0 means all.")] = 0


@dataclass(frozen=True)
class Limits:
    """Limits whose miss is exit status 1."""

    fail_under: Annotated[
        list[str] | None,
        typer.Option("--fail-under", metavar="METRIC=X", help="Exit with 1 when a layer's entire value is below X."),
    ] = None
    fail_over: Annotated[
        list[str] | None,
        typer.Option("--fail-over", metavar="METRIC=X", help="Exit with 1 when a layer's entire value is above X."),
    ] = None


@dataclass(frozen=True)
class Inputs:
    """What the network is fed with, and the second file that some networks have."""

    files: Annotated[
        list[Path] | None,
        typer.Option("-i", metavar="INPUT…", help="Files to analyse, one an input; they calibrate, too, if alone."),
    ] = None
    dataset: Annotated[Path | None, typer.Option(metavar="FILE|DIR", help="Calibration: dataset.txt, or a folder.")] = (
        None
    )
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The second file of a Caffe or Darknet network, if not beside.")
    ] = None


@dataclass(frozen=True)
class Preprocessing:
    """How files become feeds; without --input they count for every input."""

    mean: Annotated[str, typer.Option(metavar="M,M,M", help="Subtracted, per channel.")] = ""
    std: Annotated[str, typer.Option(metavar="S,S,S", help="Divided by, per channel.")] = ""
    scale: Annotated[float | None, typer.Option(metavar="X", help="Multiplied by before mean and std.")] = None
    order: Annotated[str, typer.Option(metavar="rgb|bgr|gray", help="Channel order of the network.")] = ""
    layout: Annotated[str, typer.Option(metavar="nchw|nhwc", help="Where the network has its channels.")] = ""
    resize: Annotated[
        str, typer.Option(metavar="stretch|letterbox|crop|none", help="How pictures of another size are fitted.")
    ] = ""
    channel_mean_value: Annotated[str, typer.Option(metavar='"M0 M1 M2 S0"', help="Rockchip's older spelling.")] = ""
    reorder_channel: Annotated[str, typer.Option(metavar='"2 1 0"', help="Rockchip's older spelling of bgr.")] = ""
    input: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="NAME:KEY=VALUE,…", help="Settings of one input; lists with /."),
    ] = None
    shape: Annotated[
        list[str] | None,
        typer.Option("--shape", metavar="NAME:1,3,224,224", help="The shape of an input with open dimensions."),
    ] = None


@dataclass(frozen=True)
class Quantization:
    """What is simulated."""

    dtype: Annotated[
        str,
        typer.Option(metavar="w8a8|w8a16|w4a16|w16a16i_dfp|fp16|fp32|…", help="Types of weights and activations."),
    ] = "w8a8"
    method: Annotated[
        str, typer.Option(metavar="channel|layer|groupN", help="How finely weights are encoded; the finest if absent.")
    ] = ""
    algorithm: Annotated[str, typer.Option(metavar="normal|kl_divergence|mmse", help="How ranges are chosen.")] = (
        "normal"
    )
    target: Annotated[str, typer.Option(metavar="CHIP", help="The chip, rk3588 for example.")] = "rk3588"
    optimization_level: Annotated[int, typer.Option(min=0, max=3, help="As in the toolkit.")] = 3
    float_tensors: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME,…", help="Outputs of layers that are kept in float16."),
    ] = None
    int16_tensors: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME,…", help="Outputs of layers that are kept in int16 (w8a8)."),
    ] = None
    ranges: Annotated[
        list[str] | None,
        typer.Option("--range", metavar="NAME:LOW,HIGH", help="The range of one tensor, instead of the calibrated."),
    ] = None
    cfg: Annotated[
        Path | None,
        typer.Option("--cfg", "--plan", metavar="FILE", help="Take the plan from a file: nothing is calibrated."),
    ] = None


@dataclass(frozen=True)
class VendorOptions:
    """The vendor's toolkit, and what it is told besides the quantization."""

    toolkit: Annotated[
        str, typer.Option(metavar="NAME", help="A described toolkit, see doctor; the first if absent.")
    ] = ""
    config: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="An option of the toolkit, single_core_mode=true for example."),
    ] = None


def grouped(command: Callable[..., int]) -> Callable[..., int]:
    """`command` as typer sees it: the fields of its group parameters are options of their own."""
    parameters = inspect.signature(command, eval_str=True).parameters
    annotations: dict[str, type[Any]] = {name: item.annotation for name, item in parameters.items()}
    groups = {name: item for name, item in annotations.items() if hasattr(item, "__dataclass_fields__")}

    @functools.wraps(command)
    def flat(**values: Any) -> int:
        for name, group in groups.items():
            values[name] = group(**{item.name: values.pop(item.name) for item in dataclasses.fields(group)})
        with cores.limited(_jobs(values)):
            return command(**values)

    shown = [item for name, item in parameters.items() if name not in groups]
    shown += [option for group in groups.values() for option in inspect.signature(group).parameters.values()]
    shown = [item.replace(kind=inspect.Parameter.KEYWORD_ONLY) for item in shown]
    flat.__signature__ = inspect.Signature(shown, return_annotation=int)  # type: ignore[attr-defined]
    flat.__annotations__ = {item.name: item.annotation for item in shown} | {"return": int}
    return flat


def _jobs(values: Mapping[str, Any]) -> int:
    return next((item.jobs for item in values.values() if isinstance(item, Common)), 0)


def spread(arguments: Sequence[str]) -> list[str]:
    """`MODEL -i a b` as `MODEL -i a -i b`: after the command's first argument a list option takes all that follows."""
    found: list[str] = []
    option = ""  # the list option that takes what comes
    positional = expects_value = False
    for index, word in enumerate(arguments):
        if word == "--":
            return [*found, *arguments[index:]]
        if word.startswith("-") and len(word) > 1 and not expects_value:
            option = word if word in LISTS and positional else ""
            expects_value = "=" not in word and word not in _FLAGS
            found.append(word)
            continue
        if option and not expects_value:
            found.append(option)
        positional = positional or not (expects_value or index == 0)
        expects_value = False
        found.append(word)
    return found


_FLAGS = (
    "--json",
    "--quiet",
    "-q",
    "--headless",
    "--help",
    "--version",
    "--proposal",
    "--native",
    "--no-times",
    "--dry-run",
    "--setup-toolkit",
    "--tensorflow",
    "--list",
)
