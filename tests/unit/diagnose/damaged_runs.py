"""Analysed sessions of real networks where one layer is stored in a range that is far too narrow."""

from dataclasses import replace
from pathlib import Path

from tests.unit.diagnose.real_runs import analysed
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.session import load_session

LAYERS = {"mnist": ("ReLU32_Output_0", 30.0), "tinycnn_cifar10": ("hardtanh_5", 0.4), "ultraface_slim": ("229", 0.8)}
"""By network: a tensor in its middle, and the greatest value that is left of it."""


def damaged(shared: Path, name: str, folder: Path) -> Path:
    """The session of a network with its damaged layer."""
    session = load_session(analysed(shared, name, folder))
    tensor, most = LAYERS[name]
    quant = replace(session.quant, ranges=((tensor, 0.0, most),))
    drain(analyze(replace(session, quant=quant), folder / "session"))
    return folder / "session"
