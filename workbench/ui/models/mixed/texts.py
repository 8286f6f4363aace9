"""What the views of mixed precision say of costs and choices, in the language of the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.ui.models.graph.model import short_name
from workbench.ui.models.mixed.wanted import BYTES, LAYERS, MACS, TIME
from workbench.ui.numbers import real_text, value_text

if TYPE_CHECKING:
    from workbench.project.mixed.searched import Choice, Searched

translate = QCoreApplication.translate
NAMED = 6
KILO = 1024


def cost_titles() -> dict[str, str]:
    """What a choice can cost, as one chooses it."""
    return {
        LAYERS: translate("Mixed", "Number of layers"), MACS: translate("Mixed", "Share of the multiply-accumulates"),
        BYTES: translate("Mixed", "Bytes"), TIME: translate("Mixed", "Time on the chip"),
    }  # fmt: skip


def cost_axis(kind: str) -> str:
    """What stands at the axis of the cost."""
    return {
        LAYERS: translate("Mixed", "cost: layers"), MACS: translate("Mixed", "cost: % of the multiply-accumulates"),
        BYTES: translate("Mixed", "cost: bytes more"), TIME: translate("Mixed", "cost: µs more"),
    }[kind]  # fmt: skip


def cost_text(kind: str, cost: float) -> str:
    """A cost with its unit."""
    if kind == BYTES:
        return bytes_text(cost)
    if kind == LAYERS:
        return translate("Mixed", "layers: {0}").format(round(cost))
    return f"{real_text(cost, 3)} %" if kind == MACS else f"{real_text(cost, 3)} µs"


def bytes_text(count: float) -> str:
    """A number of bytes, in kilobytes and megabytes where there are many."""
    for unit, size in (("MB", KILO * KILO), ("kB", KILO)):
        if count >= size:
            return f"{real_text(count / size, 3)} {unit}"
    return f"{round(count)} B"


def head_of(searched: "Searched", choice: "Choice") -> str:
    """How much a choice spares, and what that forces."""
    point, goal = choice.point, searched.wish.goal
    if not point.layers:
        return translate("Mixed", "All layers quantized")
    told = [translate("Mixed", "{0} in {1}").format(layers_text(len(point.layers)), goal.precision)]
    if searched.wish.cost != LAYERS:
        told.append(cost_text(searched.wish.cost, point.cost))
    told.append(translate("Mixed", "conversions: {0}").format(len(point.conversions)))
    return " · ".join(told)


def layers_text(count: int) -> str:
    """A number of layers."""
    return translate("Mixed", "1 layer") if count == 1 else translate("Mixed", "{0} layers").format(count)


def goal_text(searched: "Searched", choice: "Choice") -> str:
    """Whether a choice reaches what was wanted."""
    goal = searched.wish.goal
    if choice.is_good:
        return translate("Mixed", "reaches the target") if goal.cos is not None else translate("Mixed", "in the budget")
    if choice.point.cost > goal.most:
        return translate("Mixed", "above the budget")
    return translate("Mixed", "misses the target")


def tip_of(searched: "Searched", choice: "Choice") -> str:
    """A choice in a few lines: how much, how good, which layers."""
    point = choice.point
    names = [short_name(name, 40) for name in point.layers[:NAMED]]
    if len(point.layers) > NAMED:
        names.append(translate("Mixed", "… and {0} more").format(len(point.layers) - NAMED))
    cos = translate("Mixed", "cos of the worst output: {0}").format(value_text("cos", point.outcome.cos))
    return "\n".join([head_of(searched, choice), f"{cos} · {goal_text(searched, choice)}", *names])
