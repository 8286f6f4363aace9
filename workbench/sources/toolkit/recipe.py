"""What the toolkit shall do, as plain values, and the calls of its API that do it. Source: rknn_facts §1.1, §2, §4."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.foundation.errors import SettingsError
from workbench.foundation.files import write_text

FRAMEWORKS = ("onnx", "pytorch", "tensorflow", "tflite", "caffe", "darknet")
START, LOAD, BUILD, ANALYSE, EXPORT = "start", "load", "build", "analyse", "export"
MEASURE = "measure"
DATASET = "dataset.txt"


@dataclass(frozen=True)
class Network:
    """The files of a network and how they are read: weights after the network where there are two.

    `inputs`, `input_shapes` and `outputs` are needed for TensorFlow, shapes for PyTorch; for ONNX they cut or fix it.
    `options` are other arguments of the toolkit's `load_…`, such as `input_is_nchw`.
    """

    framework: str
    files: tuple[Path, ...]
    inputs: tuple[str, ...] = ()
    input_shapes: tuple[tuple[int, ...], ...] = ()
    outputs: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Export:
    """Write the .rknn."""

    out: Path


@dataclass(frozen=True)
class Analyse:
    """Run one row of inputs, a file each, and write the snapshot of it into `folder`.

    With a `target` (a chip) also on the board that adb knows as `device`, "" for the only one.
    """

    inputs: tuple[Path, ...]
    folder: Path
    target: str = ""
    device: str = ""


@dataclass(frozen=True)
class Infer:
    """Give the outputs of row after row, as they are asked for in `folder` (see `many`)."""

    folder: Path


@dataclass(frozen=True)
class Measure:
    """Time of each layer on a connected board, or the memory that is used there, and the versions of its software."""

    target: str
    device: str = ""
    is_memory: bool = False


@dataclass(frozen=True)
class HybridFirst:
    """Step 1 of hybrid quantization, in the place of a build: its three files go to the run's folder.

    `proposal`: it also proposes layers; may take very long. `sub_graphs` are (input, output) names of its .model.
    """

    proposal: bool = False
    sub_graphs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class HybridSecond:
    """Step 2 of hybrid quantization from the three files of step 1, in the place of load and build."""

    model: Path
    data: Path
    cfg: Path


Action = Export | Analyse | Infer | HybridFirst | HybridSecond


@dataclass(frozen=True)
class Recipe:
    """What is loaded, configured and done. `config` are arguments of the toolkit's `config`.

    `dataset` is a file of the toolkit's form, a row a line (`write_dataset`); `build` are other arguments of `build`.
    """

    network: Network
    config: Mapping[str, Any]
    quantize: bool = True
    dataset: Path | None = None
    actions: tuple[Action, ...] = ()
    build: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call of the toolkit's API, and the stage it belongs to; `gives`: its result is wanted."""

    stage: str
    method: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    gives: bool = False


LIST_DEVICES = Call(START, "list_devices", gives=True)


def measuring(rknn: Path, actions: Sequence[Measure]) -> tuple[Call, ...]:
    """What the toolkit is called with to measure a .rknn that is there already."""
    load = Call(LOAD, "load_rknn", {"path": _plain(rknn)})
    return (load, *(call for action in actions for call in _measured(action)))


def calls(recipe: Recipe) -> tuple[Call, ...]:
    """What the toolkit is called with, in order; values that JSON can carry."""
    _check(recipe)
    return tuple(replace(call, arguments=_plain(call.arguments)) for call in _calls(recipe))


def as_json(made: Sequence[Call]) -> dict[str, Any]:
    """The request of the worker."""
    return {"calls": [asdict(call) for call in made]}


def write_dataset(rows: Sequence[Sequence[Path]], path: Path) -> Path:
    """A dataset in the toolkit's form: a row a line, the files of several inputs with spaces between them."""
    lines = [" ".join(str(file.absolute()) for file in row) for row in rows]
    spaced = next((file for row in rows for file in row if any(map(str.isspace, str(file.absolute())))), None)
    if spaced is not None:
        raise SettingsError(
            f"The toolkit cannot read {spaced.absolute()}: it takes spaces for the end of a name.",
            "Choose a folder without spaces in its path.",
        )
    write_text(path, "".join(f"{line}\n" for line in lines))
    return path


def _calls(recipe: Recipe) -> Iterator[Call]:
    kinds = {type(action) for action in recipe.actions}
    yield Call(START, "config", recipe.config)
    if HybridSecond not in kinds:
        yield load_call(recipe.network)
    if not kinds & {HybridFirst, HybridSecond}:
        dataset = {"dataset": recipe.dataset} if recipe.dataset is not None else {}
        yield Call(BUILD, "build", {"do_quantization": recipe.quantize, **dataset, **recipe.build})
    for action in recipe.actions:
        yield _act(action, recipe)


def load_call(network: Network) -> Call:
    """How the toolkit is given a network."""
    first, second = (*network.files, None)[:2]
    named: dict[str, Any] = {"inputs": network.inputs, "outputs": network.outputs}
    named["input_size_list"] = network.input_shapes
    arguments: dict[str, Any]
    match network.framework:
        case "tensorflow":
            arguments = {"tf_pb": first, **named}
        case "pytorch":
            arguments = {"model": first, "input_size_list": network.input_shapes}
        case "caffe":
            arguments = {"model": first, "blobs": second, "input_name": network.inputs}
        case "darknet":
            arguments = {"model": first, "weight": second}
        case "onnx":
            arguments = {"model": first, **named}
        case _:
            arguments = {"model": first}
    given = {name: value for name, value in arguments.items() if value not in ((), None)}
    return Call(LOAD, f"load_{network.framework}", {**given, **network.options})


def _measured(action: Measure) -> Iterator[Call]:
    """Each begins anew: times and memory are not to be measured in one go."""
    wish = {"eval_mem": True} if action.is_memory else {"perf_debug": True}
    yield Call(MEASURE, "init_runtime", {**_board(action), **wish})
    yield Call(MEASURE, "eval_memory" if action.is_memory else "eval_perf", gives=True)
    yield Call(MEASURE, "get_sdk_version", gives=True)


def _board(action: Analyse | Measure) -> dict[str, str]:
    device = {"device_id": action.device} if action.device else {}
    return {"target": action.target, **device} if action.target else {}


def _act(action: Action, recipe: Recipe) -> Call:
    match action:
        case Export():
            return Call(EXPORT, "export_rknn", {"export_path": action.out})
        case Analyse():
            row = {"inputs": action.inputs, "output_dir": action.folder}
            return Call(ANALYSE, "accuracy_analysis", {**row, **_board(action)})
        case Infer():
            return Call(ANALYSE, "infer_rows", {"folder": action.folder})
        case HybridFirst():
            custom = {"custom_hybrid": action.sub_graphs} if action.sub_graphs else {}
            return Call(
                BUILD,
                "hybrid_quantization_step1",
                {"dataset": recipe.dataset, "proposal": action.proposal, **custom, **recipe.build},
            )
        case HybridSecond():
            files = {"model_input": action.model, "data_input": action.data, "model_quantization_cfg": action.cfg}
            return Call(BUILD, "hybrid_quantization_step2", files)


def _check(recipe: Recipe) -> None:
    kinds = [type(action) for action in recipe.actions]
    if recipe.network.framework not in FRAMEWORKS:
        raise SettingsError(
            f"The toolkit reads no networks of {recipe.network.framework!r}.", f"It reads {', '.join(FRAMEWORKS)}."
        )
    if (recipe.quantize or HybridFirst in kinds) and recipe.dataset is None and HybridSecond not in kinds:
        raise SettingsError(
            "The toolkit has nothing to calibrate with.", "Choose a dataset of typical inputs, or a float data type."
        )
    for place, kind in enumerate(kinds):
        if kind in (HybridFirst, HybridSecond) and (place or (kind is HybridFirst and len(kinds) > 1)):
            raise ValueError(f"{kind.__name__} cannot be number {place + 1} of {len(kinds)} actions")


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value.absolute())
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
