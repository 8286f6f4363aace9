"""What a change of settings is called in the Edit menu."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import BoardChoice
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit.option_values import written
from workbench.sources.toolkit.options import option_of
from workbench.ui.numbers import list_text
from workbench.ui.titles import labelled, setting_titles

LONGEST = 48
translate = QCoreApplication.translate


def edit_title(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """A few words for the step between two values of the same fields of a session."""
    if "plan" in after:
        text = _plan(after["plan"])
    elif "quant" in after:
        text = _quant(before["quant"], after["quant"])
    elif "preprocess" in after:
        text = _preprocess(before["preprocess"], after["preprocess"])
    elif "simulator" in after:
        text = _to(setting_titles()["simulator"], after["simulator"])
    elif "toolkit" in after:
        text = _to(setting_titles()["toolkit"], after["toolkit"] or translate("EditTitles", "usual"))
    elif "toolkit_options" in after:
        text = _options(before["toolkit_options"], after["toolkit_options"])
    elif "board" in after:
        text = _board(before["board"], after["board"])
    elif "samples" in after:
        text = _samples(len(before["samples"]), len(after["samples"]))
    else:
        text = _field(next(iter(after)), before, after)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2 - 1]}…{text[-LONGEST // 2 :]}"


def _plan(path: Path | None) -> str:
    if path is None:
        return translate("EditTitles", "remove the plan")
    return _to(setting_titles()["plan"], path.name)


def _quant(before: QuantSettings, after: QuantSettings) -> str:
    titles = setting_titles()
    for name in ("target", "dtype", "method", "algorithm", "optimization_level"):
        if getattr(before, name) != getattr(after, name):
            return _to(titles[name], getattr(after, name))
    if before.ranges != after.ranges:
        return _of(setting_titles()["ranges"], {item[0] for item in {*before.ranges} ^ {*after.ranges}})
    old, new = _precisions(before), _precisions(after)
    changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    return _of(translate("EditTitles", "precision"), changed)


def _preprocess(before: Mapping[str, Preprocess], after: Mapping[str, Preprocess]) -> str:
    changed = [name for name in after if before.get(name) != after[name]]
    if len(changed) == 1 and changed[0] in before:
        old, new = before[changed[0]], after[changed[0]]
        differing = [item.name for item in fields(Preprocess) if getattr(old, item.name) != getattr(new, item.name)]
        if len(differing) == 1:
            return _to(setting_titles()[differing[0]], getattr(new, differing[0]))
    return translate("EditTitles", "preprocessing")


def _options(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if len(changed) != 1:
        return translate("EditTitles", "reset the toolkit's options")
    option = option_of(changed[0])
    return _to(option.name, written(option, after.get(option.name, option.default)) or "–")


def _board(before: BoardChoice | None, after: BoardChoice | None) -> str:
    title = setting_titles()["board"]
    if after is None or before is None or before.name != after.name:
        return _to(title, translate("EditTitles", "none") if after is None else after.name)
    return labelled(title, translate("EditTitles", "what runs on it"))


def _samples(before: int, after: int) -> str:
    if after > before:
        return translate("EditTitles", "add inputs: {0}").format(after - before)
    return translate("EditTitles", "remove inputs: {0}").format(before - after)


def _field(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    title = setting_titles().get(name, name)
    if name == "notes":
        old, new = before[name], after[name]
        return _of(title, {key for key in {*old, *new} if old.get(key) != new.get(key)})
    return _of(title, {*before[name]} ^ {*after[name]}) if name == "pinned" else title


def _precisions(settings: QuantSettings) -> dict[str, str]:
    return dict.fromkeys(settings.float_tensors, "float16") | dict.fromkeys(settings.int16_tensors, "int16")


def _to(title: str, value: object) -> str:
    """ "data type → w8a16"."""
    text = list_text(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)
    return f"{title} → {text}"


def _of(title: str, tensors: set[str]) -> str:
    """ "precision: /model.2/act", or how many there are."""
    if len(tensors) == 1:
        return labelled(title, next(iter(tensors)))
    return translate("EditTitles", "{0} of {1} layers").format(title, len(tensors))
