"""Dumps that were computed elsewhere, brought into a session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.compare.match import Matching, match, match_by_order, unknown_names
from workbench.dump.formats.board import BORDERS
from workbench.dump.layouts import on_chip
from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.graph.deployed import Deployed
from workbench.graph.foreign.torchscript import MODULE
from workbench.graph.graph import Graph
from workbench.project.digests import key_of_values
from workbench.project.session import ImportedDumps
from workbench.quantize.encoding import Encoding
from workbench.quantize.schemes import FLOAT16

if TYPE_CHECKING:
    from workbench.dump.formats import Dumps

BY_ORDER = "{0} tensors are matched by their order among those of their shape, such as {1} with {2}: check them."
OWN_SCALES = (
    "{0} tensors are integers without their scale, such as {1}: they are taken for those of this session's plan. "
    "Dump with RKNN_DUMP_QUANT=0 where the board runs another one."
)
Shapes = Mapping[str, tuple[int, ...] | None]
"""Of the tensors that a dump may hold."""
STORED = "stored"  # in a dump's info: which plan gave scales or groups of channels; "" where none did
WHICH = {"golden": "golden", "simulator": "simulator", "runtime": "runtime"}


class NoPartnerError(DumpError):
    """Dumps of which no tensor has the name of one of the network."""


@dataclass(frozen=True)
class Stored:
    """How a board stores the tensors of the table, in the table's order; `chip` decides on groups of channels."""

    encodings: Mapping[str, Encoding | None] = field(default_factory=dict)
    chip: str = ""

    def type_of(self, tensor: str) -> str:
        """The type in memory."""
        encoding = self.encodings.get(tensor)
        return encoding.dtype if encoding is not None else FLOAT16

    @property
    def digest(self) -> str:
        """A name for all of it."""
        return key_of_values([self.chip, sorted((name, str(item)) for name, item in self.encodings.items())])


def is_current(path: Path, stored: Stored | None) -> bool:
    """Whether dumps were converted to `path`, and not with other scales or groups of channels than `stored` says."""
    if not path.is_file():
        return False
    with Dump(path) as dump:
        made = dump.info.get(STORED, "")
    return made in ("", (stored or Stored()).digest)


def convert(
    imported: ImportedDumps,
    kind: str,
    shapes: Shapes,
    out: Path,
    modules: Mapping[str, str] | None = None,
    stored: Stored | None = None,
) -> Steps[Path]:
    """Write a session's dump of the tensors whose names fit a tensor of the network (`shapes`).

    The dump's info says how each was matched ("matched": tensor -> [their name, rule]) and what was left over
    ("unmatched"). A dump that fits nothing at all is refused. `modules` are names that hooks give (`modules_of`).
    """
    from workbench.dump.formats import open_dumps  # many readers; only needed here

    stored = stored or Stored()
    with open_dumps(imported.path, WHICH[kind], layout=imported.layout) as dumps:
        yield from map(Warn, _notes(dumps, stored))
        matching = match(tuple(shapes), dumps.names, {**(modules or {}), **imported.names})
        if kind == "runtime" and stored.encodings:
            matching, torn = _ordered(matching, shapes, stored, dumps)
            yield from map(Warn, torn if not imported.layouts else ())  # matching by content has told of them
        by_order = [pair for pair in matching.pairs if pair.by == "order"]
        if by_order:
            yield Warn(BY_ORDER.format(len(by_order), by_order[0].other, by_order[0].golden))
        _refuse_strangers(imported.path, matching, dumps.names)
        for entry in unknown_names(imported.names, shapes, dumps.names):
            yield Warn(f"The map of names has {entry}, which names a tensor that is not there.")
        info: dict[str, object] = {
            "source": kind,
            "from": str(imported.path),
            "matched": {pair.golden: [pair.other, pair.by] for pair in matching.pairs},
            "unmatched": list(matching.only_other),
        }
        taken, is_laid_out = [], False
        with DumpWriter(out, info) as writer:
            for done, pair in enumerate(matching.pairs):
                yield Progress("import", done, len(matching.pairs), pair.other)
                layout = imported.layouts.get(pair.other) or dumps.layout(pair.other)
                layout, told = on_chip(layout, stored.chip, stored.type_of(pair.golden)), layout
                is_laid_out = is_laid_out or layout != told
                array, encoding = dumps.raw(pair.other, shapes[pair.golden], layout)
                own = _own(stored, pair.golden, array) if encoding is None else None
                taken += [pair.golden] if own is not None else []
                writer.add(pair.golden, array, encoding=encoding or own)
            info[STORED] = stored.digest if taken or is_laid_out else ""
        if taken:
            yield Warn(OWN_SCALES.format(len(taken), taken[0]))
    return out


def _notes(dumps: "Dumps", stored: Stored) -> list[str]:
    """What the dumps say of themselves; integers of which the plan knows the scale are told when they are taken."""
    said = set(dumps.unscaled.values()) if stored.encodings else set()
    return [note for note in dumps.notes if note not in said]


def _own(stored: Stored, tensor: str, array: np.ndarray) -> Encoding | None:
    """The plan's encoding of a tensor that comes in its integers."""
    encoding = stored.encodings.get(tensor)
    is_it = encoding is not None and encoding.is_quantized and array.dtype.name == encoding.dtype
    return encoding if is_it else None


def _ordered(matching: Matching, shapes: Shapes, stored: Stored, dumps: "Dumps") -> tuple[Matching, list[str]]:
    """With what names left over, in order: of the table's tensors, for no other is in a dump of a board.

    And why files cannot be read that no name wants: they hide no others.
    """
    told: dict[str, tuple[int, ...] | None] = {}
    torn: list[str] = []
    for name in matching.only_other:
        if dumps.op(name) not in BORDERS:
            try:
                told[name] = dumps.told_shape(name)
            except DumpError as error:
                torn.append(error.message)
    others = {name: told.get(name) for name in dumps.names}
    shown = {name: shapes[name] for name in stored.encodings if name in shapes}
    matched = {pair.golden: None for pair in matching.pairs if pair.golden not in shown}
    return match_by_order(matching, {**matched, **shown}, others), torn


def shapes_of(graph: Deployed) -> dict[str, tuple[int, ...] | None]:
    """Every tensor that an imported dump may hold, under the deployed name first."""
    names = [name for layer in graph.layers for name in (*layer.outputs, *layer.absorbed) if name]
    names += [tensor.name for tensor in graph.model.graph.inputs]
    return {name: graph.tensors[name].static_shape if name in graph.tensors else None for name in names}


def modules_of(graph: Graph) -> dict[str, str]:
    """Modules of a PyTorch network -> the tensor that each gives: dumps written by forward hooks name the modules."""
    named = ((layer.attributes.get(MODULE), layer.outputs) for layer in graph.layers)
    return {module: outputs[0] for module, outputs in named if isinstance(module, str) and outputs}


def _refuse_strangers(path: Path, matching: Matching, names: Sequence[str]) -> None:
    if not matching.pairs:
        raise NoPartnerError(
            f"{path}: none of its {len(names)} tensors has the name of a tensor of the network "
            f"(theirs begin with {', '.join(names[:3])}).",
            "Match them by content or give a map of names (on the command line: --match content, --map), or choose "
            "dumps of this network.",
        )
