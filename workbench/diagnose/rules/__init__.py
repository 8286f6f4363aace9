"""The rules, in the order of the vendor's troubleshooting path: float16, quantization, board; the input first.

A rule is a function of a `Case` that gives findings, and may run trials: `def rule(case: Case) -> Steps[Findings]`.
"""

from collections.abc import Callable

from workbench.diagnose.case import Case
from workbench.diagnose.findings import Finding
from workbench.diagnose.rules import float16
from workbench.foundation.steps import Steps

Rule = Callable[[Case], Steps[tuple[Finding, ...]]]
RULES: tuple[Rule, ...] = (*float16.RULES,)
