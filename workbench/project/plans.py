"""A session's plan in a file: as a QDQ network, as our own JSON, or as the toolkit's cfg."""

from dataclasses import replace
from pathlib import Path

from workbench.foundation.errors import PlanError, SettingsError
from workbench.foundation.files import atomic_path
from workbench.foundation.steps import Progress, Steps
from workbench.project.session import Session
from workbench.project.stages import Stages

FORMATS = ("qdq", "plan", "cfg")


def export_plan(session: Session, folder: Path, kind: str, path: Path) -> Steps[Path]:
    """Write the plan of a session that was run; `kind` is one of FORMATS. The network and its plan are made again."""
    from workbench.quantize.configs.own_json import write_plan
    from workbench.quantize.qdq import write_qdq

    if session.simulator == "none":
        raise SettingsError("The session has no plan: it runs without a simulator.", "Run it with the simulator.")
    if kind == "cfg":
        content = _cfg(session)
        with atomic_path(path) as part:
            part.write_bytes(content)
        return path
    inside = replace(session, tail=None)  # what is computed outside the NPU has no plan
    graph, plan = yield from Stages(inside, folder).planned()
    yield Progress("export", 0, 1)
    if kind == "qdq":
        write_qdq(graph, plan, path)
    else:
        write_plan(plan, path)
    yield Progress("export", 1, 1)
    return path


def _cfg(session: Session) -> bytes:
    """The toolkit's own cfg with the session's float16 layers: the toolkit takes no other."""
    from workbench.quantize.configs.custom_layers import patched
    from workbench.quantize.configs.read import read_plan

    file = read_plan(session.plan) if session.plan is not None else None
    if session.plan is None or file is None or file.kind != "toolkit2":
        raise PlanError(
            "A quantization.cfg can only be made of one that the toolkit wrote: its second step compares all scales.",
            "Run hybrid_quantization_step1 and import its cfg first, or export the plan as qdq or plan.",
        )
    layers = {**file.custom, **dict.fromkeys(session.quant.int16_tensors, "int16")}
    layers |= dict.fromkeys(session.quant.float_tensors, "float16")
    return patched(session.plan.read_bytes(), layers)
