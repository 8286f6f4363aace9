"""Dumps that were computed elsewhere, brought into a session."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.compare.match import Matching, match, unknown_names
from workbench.dump.store import DumpWriter
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.graph.deployed import Deployed
from workbench.graph.foreign.torchscript import MODULE
from workbench.graph.graph import Graph
from workbench.project.session import ImportedDumps

WHICH = {"golden": "golden", "simulator": "simulator", "runtime": "runtime"}


def convert(
    imported: ImportedDumps,
    kind: str,
    shapes: Mapping[str, tuple[int, ...] | None],
    out: Path,
    modules: Mapping[str, str] | None = None,
) -> Steps[Path]:
    """Write a session's dump of the tensors whose names fit a tensor of the network (`shapes`).

    The dump's info says how each was matched ("matched": tensor -> [their name, rule]) and what was left over
    ("unmatched"). A dump that fits nothing at all is refused. `modules` are names that hooks give (`modules_of`).
    """
    from workbench.dump.formats import open_dumps  # many readers; only needed here

    with open_dumps(imported.path, WHICH[kind], layout=imported.layout) as dumps:
        for note in dumps.notes:
            yield Warn(note)
        matching = match(tuple(shapes), dumps.names, {**(modules or {}), **imported.names})
        _refuse_strangers(imported.path, matching, dumps.names)
        for entry in unknown_names(imported.names, shapes, dumps.names):
            yield Warn(f"The map of names has {entry}, which names a tensor that is not there.")
        info = {
            "source": kind,
            "from": str(imported.path),
            "matched": {pair.golden: [pair.other, pair.by] for pair in matching.pairs},
            "unmatched": list(matching.only_other),
        }
        with DumpWriter(out, info) as writer:
            for done, pair in enumerate(matching.pairs):
                yield Progress("import", done, len(matching.pairs), pair.other)
                array, encoding = dumps.raw(pair.other, shapes[pair.golden])
                writer.add(pair.golden, array, encoding=encoding)
    return out


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
        raise DumpError(
            f"{path}: none of its {len(names)} tensors has the name of a tensor of the network "
            f"(theirs begin with {', '.join(names[:3])}).",
            "Give a map of names (on the command line: --map), or choose dumps of this network.",
        )
