"""What a diagnosis says, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.diagnose.divergence import Divergence
from workbench.diagnose.findings import Finding
from workbench.diagnose.gate import Hurt
from workbench.diagnose.parts import LayerBlame
from workbench.project.findings.path import Step


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a session's run, the likeliest cause first.

    `guide` is the path with the state of its steps, `blame` what conversion, quantization and the board do to each
    layer, `divergence` where the numbers part and which layers cost most, `hurt` the outputs that are spoilt.
    """

    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    guide: tuple[Step, ...] = ()
    blame: tuple[LayerBlame, ...] = ()
    divergence: Divergence | None = None
    hurt: tuple[Hurt, ...] = ()
