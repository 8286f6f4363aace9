"""The rules, in the order of the vendor's troubleshooting path: float16, quantization, board; the input first.

A rule is a function of a `Case` that gives findings, and may run trials: `def rule(case: Case) -> Steps[Findings]`.
"""

from collections.abc import Callable

from workbench.diagnose.case import Case
from workbench.diagnose.findings import Finding
from workbench.diagnose.rules import (
    board_operator,
    float16,
    float16_nan,
    input_board,
    input_golden,
    input_presumed,
    quant,
    versions,
)
from workbench.foundation.steps import Steps

Rule = Callable[[Case], Steps[tuple[Finding, ...]]]
RULES: tuple[Rule, ...] = (
    *input_golden.RULES,
    *input_board.RULES,
    *input_presumed.RULES,
    *float16.RULES,
    *float16_nan.RULES,
    *quant.RULES,
    *board_operator.RULES,
    *versions.RULES,
)
