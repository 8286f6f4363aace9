"""The axes of a sweep: which settings are varied, and the sessions that come of it."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.foundation.errors import SettingsError
from workbench.graph.read import read_inputs
from workbench.preprocess.images import is_picture
from workbench.preprocess.preprocess import Preprocess, channels, guess
from workbench.project.session import Session
from workbench.quantize.platforms import CHIPS, algorithms_of, methods_of, refusal
from workbench.quantize.schemes import ALGORITHMS, DTYPES, METHODS, QuantSettings

AXES = ("type", "method", "algorithm", "level", "calibration", "order")
LEVELS = ("0", "1", "2", "3")
ORDERS = ("rgb", "bgr")
ALL = "all"
NOTHING = ("",)  # the values of an axis that says nothing of any type
PLAIN = ("channel", "layer")  # groups are asked for by name: there are eight
SUBSETS = (1, 5, 20, 100)
"""How many of the calibration inputs a sweep takes where nobody says, besides all of them."""
NO_LEVELS = "The embedded simulator knows no optimization levels: they would all give the same."
OF_TOOLKIT = "Sweep with the vendor's toolkit (--simulator toolkit), or leave the axis away."
NO_ORDER = "The channel order changes nothing: no input of {0} is fed with colour pictures."
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Cell:
    """One place of a sweep: its value on every axis, "" where the axis says nothing there, and its session."""

    at: Mapping[str, str]
    session: Session


@dataclass(frozen=True)
class LeftOut:
    """A place that there is not, and why."""

    at: Mapping[str, str]
    reason: str


def read_axes(text: str) -> dict[str, tuple[str, ...]]:
    """`method,algorithm=normal/mmse` as axes with their values; () stands for those that the session can have."""
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        axis, equals, values = part.partition("=")
        if axis not in AXES:
            raise SettingsError(f"There is no axis {axis!r}.", f"Choose of {', '.join(AXES)}.")
        found[axis] = tuple(filter(None, (value.strip() for value in values.split("/"))))
        if equals and not found[axis]:
            raise SettingsError(f"The axis {axis} has no values.", f"Write {axis}=A/B, or {axis} alone.")
    if not found:
        raise SettingsError("A sweep needs an axis.", f"Choose of {', '.join(AXES)}.")
    return found


def whole(session: Session, axes: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The axes with all their values, in the order in which they are varied."""
    found: dict[str, tuple[str, ...]] = {}
    for axis in (name for name in AXES if name in axes):
        types = found.get("type", (session.quant.dtype,))
        found[axis] = tuple(dict.fromkeys(axes[axis])) or _usual(axis, session, types) or NOTHING
        _check(axis, found[axis], session)
    return found


def cells_of(session: Session, axes: Values) -> tuple[tuple[Cell, ...], tuple[LeftOut, ...]]:
    """The places of a sweep over whole axes, each once, and those that are none."""
    cells: dict[tuple[str, ...], Cell] = {}
    left: list[LeftOut] = []
    for values in itertools.product(*axes.values()):
        at = dict(zip(axes, values, strict=True))
        varied = _plain(_varied(session, at))
        at = {axis: value if _counts(axis, varied.quant) else "" for axis, value in at.items()}
        if reason := _reason(at, varied.quant, len(session.dataset)):
            left.append(LeftOut(at, reason))
        else:
            cells.setdefault(tuple(at.values()), Cell(at, varied))
    return tuple(cells.values()), tuple(left)


def _usual(axis: str, session: Session, types: Sequence[str]) -> tuple[str, ...]:
    if axis == "type":
        return tuple(name for name in CHIPS[session.quant.target] if name != "fp32")
    if axis == "method":
        return tuple(dict.fromkeys(method for name in types for method in methods_of(name) if method in PLAIN))
    if axis == "algorithm":
        return tuple(dict.fromkeys(found for name in types for found in algorithms_of(name)))
    if axis == "calibration":
        return (*(str(count) for count in SUBSETS if count < len(session.dataset)), ALL)
    return LEVELS if axis == "level" else ORDERS


def _check(axis: str, values: Sequence[str], session: Session) -> None:
    """Refuse what no place of the axis can have."""
    if axis == "level" and session.simulator != "toolkit":
        raise SettingsError(NO_LEVELS, OF_TOOLKIT)
    if axis == "order" and not _coloured(session):
        raise SettingsError(NO_ORDER.format(session.model.name), "Leave the axis away.")
    known = {"type": DTYPES, "method": METHODS, "algorithm": ALGORITHMS, "level": LEVELS, "order": ORDERS}
    for value in values:
        is_known = value == ALL or (value.isdecimal() and int(value) > 0) if axis == "calibration" else True
        if not is_known:
            raise SettingsError(f"calibration={value} is no number of inputs.", f"Give numbers, or {ALL}.")
        if value and axis in known and value not in known[axis]:
            raise SettingsError(f"The axis {axis} has no {value!r}.", f"Choose of {', '.join(known[axis])}.")


def _reason(at: Mapping[str, str], quant: QuantSettings, inputs: int) -> str:
    """Why there is no such place; "" where there is."""
    count = at.get("calibration", "")
    if count.isdecimal() and int(count) > inputs:
        return f"there are only {inputs} calibration inputs"
    found = refusal(quant)
    return "" if found is None else found.reason


def _varied(session: Session, at: Mapping[str, str]) -> Session:
    """The session with the values of a place; settings of single layers stay as long as the type does."""
    quant = session.quant
    if at.get("type", quant.dtype) != quant.dtype:
        quant = replace(quant.plain(), dtype=at["type"])
    quant = replace(
        quant,
        method=at.get("method", quant.method),
        algorithm=at.get("algorithm", quant.algorithm),
        optimization_level=int(at.get("level", quant.optimization_level)),
    )
    count = at.get("calibration", ALL)
    is_whole = count == ALL or not quant.type.calibrates
    dataset = session.dataset if is_whole else session.dataset[: int(count)]
    preprocess = dict(session.preprocess)
    if "order" in at:
        preprocess |= {name: replace(item, order=at["order"]) for name, item in _coloured(session).items()}
    return replace(session, quant=quant, dataset=dataset, preprocess=preprocess)


def _plain(session: Session) -> Session:
    """Settings that say nothing here are as they are everywhere, so that places which are alike are one."""
    quant = session.quant
    method = quant.method if methods_of(quant.dtype) else METHODS[0]
    algorithm = quant.algorithm if algorithms_of(quant.dtype) else ALGORITHMS[0]
    return replace(session, quant=replace(quant, method=method, algorithm=algorithm))


def _counts(axis: str, quant: QuantSettings) -> bool:
    """Whether an axis says something for a data type."""
    if axis == "method":
        return bool(methods_of(quant.dtype))
    return quant.type.calibrates if axis in ("algorithm", "calibration") else True


def _coloured(session: Session) -> dict[str, Preprocess]:
    """The inputs that are fed with colour pictures."""
    return dict(_colour_inputs(session))


def _colour_inputs(session: Session) -> Iterator[tuple[str, Preprocess]]:
    samples = (*session.samples, *session.dataset)
    for number, item in enumerate(read_inputs(session.model, session.weights)):
        settings = session.preprocess.get(item.name) or guess(item)
        fed = any(is_picture(sample.files[number]) for sample in samples if number < len(sample.files))
        if fed and settings.order != "gray" and channels(item, settings) == 3:
            yield item.name, settings
