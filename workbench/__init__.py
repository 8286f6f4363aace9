"""RKNN Workbench: find out where and why a network's numbers part on a Rockchip NPU.

`import workbench` gives what `workbench.api` has; that is imported when it is first used.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = (
    "Diagnosis", "Event", "Finding", "Goal", "Log", "Mixing", "Point", "Preprocess", "Progress", "QuantSettings",
    "Results", "Session", "Warn", "Wish", "WorkbenchError", "analyze", "diagnosis", "export", "load_results",
    "load_session", "new_session", "search", "values", "write_layers",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("workbench.api"), name)
    raise AttributeError(f"module 'workbench' has no attribute {name!r}")
