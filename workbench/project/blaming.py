"""Three-way blame of a session's last run: what conversion, quantization and runtime cost each layer."""

from workbench.diagnose.blame import LayerBlame, blame
from workbench.diagnose.case import Case
from workbench.foundation.steps import Steps


def blamed(case: Case, sample: int = 0) -> Steps[tuple[LayerBlame, ...]]:
    """A line for each row of the table, of one sample; the trial in float16 is kept with the session."""
    return (yield from blame(case, sample))
