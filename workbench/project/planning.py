"""The plan of a session's network: from a file, from the network itself, or from its calibrated ranges."""

from dataclasses import replace

from workbench.compare.head_room import FLOAT16_LIMIT
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Steps, Warn
from workbench.graph.dead_channels import without_dead_channels
from workbench.graph.deployed import CONVERT, Deployed
from workbench.project.session import Session
from workbench.quantize.configs.matching import planned as planned_by_file
from workbench.quantize.configs.read import read_plan
from workbench.quantize.given import range_of
from workbench.quantize.own import own_golden
from workbench.quantize.plan import Plan
from workbench.quantize.planner import given_encodings, make_plan
from workbench.quantize.ranges import Range
from workbench.quantize.schemes import FLOAT32


def takes_plan(session: Session) -> bool:
    """Whether the plan comes from a file; one is of no use where nothing is quantised."""
    return session.plan is not None and session.quant.type.calibrates and session.simulator != "none"


def float_plan(graph: Deployed) -> Plan:
    """The plan of a network that is not quantised at all."""
    return Plan({}, {layer.outputs[0]: FLOAT32 for layer in graph.layers})


def network_plan(session: Session, graph: Deployed, ranges: dict[str, Range]) -> Steps[tuple[Deployed, Plan]]:
    """The plan, and the graph that it is for; `graph` has its converts where its own quantization gives it none."""
    if session.simulator == "none":
        return graph, float_plan(graph)
    if takes_plan(session):
        plan = yield from _file_plan(session, graph)
        return without_dead_channels(graph, _bounds(graph, plan)), plan
    if graph.is_quantized:
        yield Warn(_about_own(graph, session.quant.dtype))
    graph = _pruned(graph, ranges, session.quant.dtype)
    plan = make_plan(graph, ranges, session.quant)
    return own_golden(graph, plan), plan


def _pruned(graph: Deployed, ranges: dict[str, Range], dtype: str) -> Deployed:
    """Without dead channels, as far as the inputs are bounded: by calibration, or by what float16 holds."""
    if dtype == "fp32" or graph.is_quantized:
        return graph
    names = [tensor.name for tensor in graph.model.graph.inputs if graph.is_float(tensor.name)]
    if not ranges:
        return without_dead_channels(graph, dict.fromkeys(names, (-FLOAT16_LIMIT, FLOAT16_LIMIT)))
    return without_dead_channels(
        graph, {name: (ranges[name].low, ranges[name].high) for name in names if name in ranges}
    )


def _file_plan(session: Session, graph: Deployed) -> Steps[Plan]:
    assert session.plan is not None
    if graph.is_quantized and not graph.grids:
        raise SettingsError(
            "A network that quantizes dynamically takes no plan from a file.",
            "Export it without its own quantization, or remove the plan.",
        )
    plan, notes = plan_in_file(session, graph)
    for note in notes:
        yield Warn(f"{session.plan.name}: {note}")
    return plan


def plan_in_file(session: Session, graph: Deployed) -> tuple[Plan, tuple[str, ...]]:
    """The plan that a session's file says for the graph, and sentences about what it leaves open."""
    assert session.plan is not None
    plan, notes = planned_by_file(graph, read_plan(session.plan), session.quant)
    return replace(plan, encodings={**plan.encodings, **given_encodings(plan.encodings, session.quant)}), notes


def _bounds(graph: Deployed, plan: Plan) -> dict[str, tuple[float, float]]:
    """What the plan's encodings can hold of the network's inputs."""
    found = {}
    for layer in graph.layers:
        encoding = plan.encodings.get(layer.outputs[0])
        if layer.op == CONVERT and layer.inputs[0] not in graph.producers and encoding is not None:
            seen = range_of(encoding)
            found[layer.inputs[0]] = (seen.low, seen.high)
    return found


def _about_own(graph: Deployed, dtype: str) -> str:
    """What happens to a network that brings its own quantization."""
    if not graph.grids:
        return (
            "The network quantizes in a way that the NPU has not (dynamic quantization, for one; the toolkit refuses "
            "it): it is simulated as it is."
        )
    if dtype == "fp32":
        return "The network brings its own quantization; the simulator computes it without, in float."
    return "The network brings its own quantization; the simulator keeps it and adds none."
