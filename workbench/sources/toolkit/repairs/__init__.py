"""Repairs of files that the toolkit refuses: always a copy, with a preview, never in place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.foundation.files import atomic_path
from workbench.sources.toolkit.repairs import (
    caffe,
    caffe_names,
    cfg_layers,
    darknet,
    dataset_lines,
    integers,
    opset,
    torch_view,
)
from workbench.sources.toolkit.repairs.patched import Patched, RepairError, read

NOTHING = "There is nothing to repair in this way."


@dataclass(frozen=True)
class Repair:
    """One way to mend files of a kind; `mend` takes the file, and the weights that belong to it where there are any."""

    key: str
    title: str
    suffixes: tuple[str, ...]
    mend: Callable[[Path, Path | None], tuple[Patched, ...]]


@dataclass(frozen=True)
class Proposal:
    """What a repair would write; `notes` say what it leaves to the user."""

    repair: Repair
    files: tuple[Patched, ...]

    @property
    def diff(self) -> str:
        """The preview: what is taken out (-) and put in (+), file by file."""
        return "".join(file.diff for file in self.files)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user has to know or do besides."""
        return tuple(note for file in self.files for note in file.notes)


PROTOTXT = (".prototxt",)
REPAIRS: tuple[Repair, ...] = (
    Repair("caffe-old-input", "Describe the inputs as Input layers.", PROTOTXT, caffe.input_layers),
    Repair("caffe-round-mode", "Say ceil_mode instead of round_mode.", PROTOTXT, caffe.ceil_modes),
    Repair("caffe-layer-names", "Give layers names that the toolkit allows.", PROTOTXT, caffe_names.valid_names),
    Repair("caffe-cpu-layers", "Leave out layers that decode boxes.", PROTOTXT, caffe.without_decoders),
    Repair("onnx-integers", "Store integers as lists of numbers.", (".onnx",), integers.listed),
    Repair("onnx-opset", "Convert down to opset 19.", (".onnx",), opset.to_19),
    Repair("onnx-opset-12", "Convert down to opset 12, for toolkit 1.", (".onnx",), opset.to_12),
    Repair("darknet-defaults", "Write out what sections leave to their default.", (".cfg",), darknet.stated),
    Repair("cfg-layers", "Keep the layers that step 2 takes.", (cfg_layers.END,), cfg_layers.known),
    Repair("torch-view", "Make sizes in view and reshape numbers.", (".py",), torch_view.numbers),
    Repair("dataset-lines", "Keep the lines of the dataset that name samples.", (".txt",), dataset_lines.usable),
)


def repair_of(key: str) -> Repair:
    """The repair of a key; a `RepairError` names those that there are."""
    for repair in REPAIRS:
        if repair.key == key:
            return repair
    keys = ", ".join(repair.key for repair in REPAIRS)
    raise RepairError(f"There is no repair {key!r}.", f"Choose one of {keys}.")


def repairs_of(path: Path, weights: Path | None = None) -> tuple[Repair, ...]:
    """The repairs that would change something in a file."""
    return tuple(repair for repair in REPAIRS if _fits(repair, path) and _changes(repair, path, weights))


def propose(path: Path, key: str, weights: Path | None = None) -> Proposal:
    """What a repair would write for a file; only reads. A `RepairError` says why it does not help."""
    repair = repair_of(key)
    if not _fits(repair, path):
        kinds = " or ".join(repair.suffixes)
        raise RepairError(f"{path.name} is no {kinds} file.", "Give the file that the message is about.")
    files = repair.mend(path, weights)
    if all(file.content == read(file.source) for file in files):
        raise RepairError(f"{path.name}: {NOTHING}", "Look at the message again: it may be about another file.")
    return Proposal(repair, files)


def write(proposal: Proposal, target: Path) -> tuple[Path, ...]:
    """Write the copies: the first file as `target`, what belongs to it beside it under the same stem."""
    targets = [target if at == 0 else target.with_suffix(file.source.suffix) for at, file in enumerate(proposal.files)]
    for path in targets:
        if any(path.resolve() == file.source.resolve() for file in proposal.files):
            raise RepairError(f"{path} is the file itself.", "Give the copy another name: repairs never work in place.")
    for path, file in zip(targets, proposal.files, strict=True):
        with atomic_path(path) as part:
            part.write_bytes(file.content)
    return tuple(targets)


def _fits(repair: Repair, path: Path) -> bool:
    return path.name.lower().endswith(repair.suffixes)


def _changes(repair: Repair, path: Path, weights: Path | None) -> bool:
    try:
        propose(path, repair.key, weights)
    except RepairError:
        return False
    return True
