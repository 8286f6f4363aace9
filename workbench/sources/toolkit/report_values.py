"""What a report of the vendor's accuracy analysis says, whatever version wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

FORMS: Mapping[str, str] = {
    "quant_error": "rknn-toolkit2 1.4 or older",
    "cosine": "rknn-toolkit2 up to 1.5.2",
    "pairs": "rknn-toolkit2 1.5.3 to 2.3",
    "pairs5": "rknn-toolkit2 2.5 or newer, or rknn3-toolkit",
    "toolkit1": "rknn-toolkit 1.x",
}
"""The forms of a report, and the versions that write them as far as they are known."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A layer of a report; `op` is "" where the report names no operators.

    `values` are the errors by column and metric. Columns are those of `compare.COLUMNS`, and of older forms
    "runtime.entire_sim" (whole run on the board against that of the simulator; quant_error's `simu_err`) and
    "runtime.single" (toolkit 1: the board with float inputs of the layer, against golden). Metrics are "cos", "euc"
    and of toolkit 1 also "cos_norm" and "euc_norm" (√(2 (1 − cos))). What the report leaves empty is absent.
    `texts` are the same as printed, words like `q_nan` included. `bits` is toolkit 1's type, `shape` the network's
    where the name tells it, `line` counts from 1, `note` is what people or we wrote behind the numbers.
    """

    op: str
    tensor: str
    values: Mapping[str, Mapping[str, float]]
    texts: Mapping[str, Mapping[str, str]]
    line: int
    note: str = ""
    bits: str = ""
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Report:
    """`form` is a key of `FORMS`, `version` what the text says of the toolkit's, `notes` are sentences for the user."""

    rows: tuple[ReportRow, ...]
    form: str
    version: str = ""
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=())

    @property
    def version_guess(self) -> str:
        """The toolkit that wrote it: as the text says, else by the form."""
        return f"rknn-toolkit2 {self.version}" if self.version else FORMS[self.form]

    @cached_property
    def by_tensor(self) -> Mapping[str, ReportRow]:
        """The first row of each name."""
        found: dict[str, ReportRow] = {}
        for row in self.rows:
            found.setdefault(row.tensor, row)
        return found
