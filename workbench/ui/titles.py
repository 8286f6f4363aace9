"""What the window calls metrics and comparisons, in its language. The one place where their names become words."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from workbench.compare.metrics import METRICS, NUMBERS, TIME

AGAINST = {"simulator": "B – A", "runtime": "C – A"}
"""What is measured against what where sources stand for the sides of another comparison."""


def labelled(title: str, text: str) -> str:
    """A text with its title before it; a Chinese title has a colon of its own."""
    return QCoreApplication.translate("Texts", "{0}: {1}").format(title, text)


def metric_title(metric: str) -> str:
    """A metric in words, with its unit where the words do not say it."""
    known = NUMBERS[metric]
    title = _titles().get(metric, known.title)
    return f"{title} ({known.unit})" if known.unit and known.unit not in known.title else title


def short_title(metric: str) -> str:
    """A metric as the field writes it, with its unit: for headers and other narrow places."""
    unit, title = NUMBERS[metric].unit, _short_titles()[metric]
    return f"{title} [{unit}]" if unit and unit != metric else title


def channel_title(metric: str) -> str:
    """A metric of single channels."""
    translate = QCoreApplication.translate
    return {
        "rms": translate("Metrics", "rms of the difference"),
        "relative": translate("Metrics", "relative rms"),
        "max_abs": translate("Metrics", "largest difference"),
        "cos": translate("Metrics", "cos"),
    }[metric]


def column_title(column: str, sides: Mapping[str, str]) -> str:
    """A column of the table in words: "simulator.entire" is "simulator, entire"; `sides` are those of a comparison.

    Names of sources and kinds of errors are the vendor's and stay as they are.
    """
    source, _, mode = column.partition(".")
    if source in sides:
        return f"{AGAINST[source]}  {sides[source]}"
    return QCoreApplication.translate("Metrics", "{0}, {1}").format(source, mode)


def column_mode(column: str, sides: Mapping[str, str]) -> str:
    """The same where there is little room: "entire", or which side is measured against which."""
    source, _, mode = column.partition(".")
    return AGAINST[source] if source in sides else mode


def colouring_title(metric: str, column: str, sides: Mapping[str, str]) -> str:
    """What colours, where there is little room; a time is of no comparison."""
    title = short_title(metric)
    return f"{title} · {column_mode(column, sides)}" if metric in METRICS else title


def colouring_tip(metric: str, column: str, sides: Mapping[str, str]) -> str:
    """What colours, in words."""
    if metric not in METRICS:
        return metric_title(metric)
    text = QCoreApplication.translate("Metrics", "{0} of {1}")
    return text.format(metric_title(metric), column_title(column, sides))


def setting_title(fact: str) -> str:
    """A setting or version in words: "quant.algorithm" is "algorithm", "preprocess.image.mean" "image: mean"."""
    titles = setting_titles() | {"network.sha256": QCoreApplication.translate("Settings", "network (SHA-256)")}
    group, _, name = fact.rpartition(".")
    title = titles.get(fact) or titles.get(name, name)
    _, _, tensor = group.partition(".")
    return labelled(tensor, title) if tensor else title if group in ("", "quant") or fact in titles else fact


def setting_text(fact: str, value: str) -> str:
    """The value of a setting as the panels call it: "rgb" is "RGB"."""
    group, _, name = fact.rpartition(".")
    if not group.startswith("preprocess"):
        return value
    if name == "resize":
        return resize_titles().get(value, value)
    if name == "order":
        return order_title(value)
    return value.upper() if name == "layout" else value


def order_title(order: str) -> str:
    """An order of channels."""
    return QCoreApplication.translate("PreprocessPanel", "Gray") if order == "gray" else order.upper()


def resize_titles() -> dict[str, str]:
    """The ways to bring a picture to the network's size."""
    translate = QCoreApplication.translate
    return {
        "stretch": translate("PreprocessPanel", "Stretch (as the toolkit)"),
        "letterbox": translate("PreprocessPanel", "Letterbox, grey 114"),
        "crop": translate("PreprocessPanel", "Centre crop"),
        "none": translate("PreprocessPanel", "None: sizes must match"),
    }


def setting_titles() -> dict[str, str]:
    """Field of a session, of its quantization or of its preprocessing -> what it is called."""
    translate = QCoreApplication.translate
    return {
        "target": translate("Settings", "target"), "dtype": translate("Settings", "data type"),
        "method": translate("Settings", "method"), "algorithm": translate("Settings", "algorithm"),
        "optimization_level": translate("Settings", "optimization level"), "ranges": translate("Settings", "ranges"),
        "float_tensors": translate("Settings", "layers in float16"), "plan": translate("Settings", "plan"),
        "int16_tensors": translate("Settings", "layers in int16"), "imported": translate("Settings", "imported"),
        "dataset": translate("Settings", "calibration dataset"), "network": translate("Settings", "network"),
        "mean": translate("Settings", "mean"), "std": translate("Settings", "std"),
        "scale": translate("Settings", "scale"), "order": translate("Settings", "channel order"),
        "layout": translate("Settings", "network layout"), "resize": translate("Settings", "resize"),
        "shape": translate("Settings", "raw shape"), "shapes": translate("Settings", "input shapes"),
        "notes": translate("Settings", "note"), "pinned": translate("Settings", "pins"),
        "locked": translate("Settings", "locked layers"),
        "tensors": translate("Settings", "which tensors are dumped"), "inputs": translate("Settings", "inputs"),
        "simulator": translate("Settings", "simulator"), "runs": translate("Settings", "runs side by side"),
        "program": translate("Settings", "version of the program"), "toolkit": translate("Settings", "toolkit"),
        "toolkit_options": translate("Settings", "option of the toolkit"), "board": translate("Settings", "board"),
    }  # fmt: skip


def _titles() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "cos": translate("Metrics", "Cosine"),
        "cos_toolkit": translate("Metrics", "Cosine as the toolkit prints it"),
        "one_minus_cos": translate("Metrics", "1 − cosine"),
        "euc": translate("Metrics", "Euclidean distance"),
        "max_abs": translate("Metrics", "Largest difference"),
        "mean_abs": translate("Metrics", "Mean difference"),
        "relative": translate("Metrics", "Relative error"),
        "sqnr_db": translate("Metrics", "SQNR"),
        "steps": translate("Metrics", "Largest difference in steps"),
        "nan": translate("Metrics", "NaN values"),
        "inf": translate("Metrics", "Infinite values"),
        "saturated": translate("Metrics", "Saturated share"),
        TIME.key: translate("Metrics", "Time on the board"),
    }


def _short_titles() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "cos": translate("Metrics", "cos"),
        "cos_toolkit": translate("Metrics", "cos (toolkit)"),
        "one_minus_cos": translate("Metrics", "1 − cos"),
        "euc": translate("Metrics", "euc"),
        "max_abs": translate("Metrics", "max abs"),
        "mean_abs": translate("Metrics", "mean abs"),
        "relative": translate("Metrics", "relative"),
        "sqnr_db": translate("Metrics", "SQNR"),
        "steps": translate("Metrics", "steps"),
        "nan": translate("Metrics", "NaN"),
        "inf": translate("Metrics", "infinite"),
        "saturated": translate("Metrics", "saturated"),
        TIME.key: translate("Metrics", "time"),
    }
