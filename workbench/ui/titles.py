"""What the window calls metrics and comparisons, in its language. The one place where their names become words."""

from PySide6.QtCore import QCoreApplication

from workbench.compare.metrics import METRICS


def metric_title(metric: str) -> str:
    """A metric in words, with its unit where the words do not say it."""
    known = METRICS[metric]
    title = _titles().get(metric, known.title)
    return f"{title} ({known.unit})" if known.unit and known.unit not in known.title else title


def short_title(metric: str) -> str:
    """A metric as the field writes it, with its unit: for headers and other narrow places."""
    unit, title = METRICS[metric].unit, _short_titles()[metric]
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


def column_title(column: str, side: str = "") -> str:
    """A column of the table in words: "simulator.entire" is "simulator, entire"; `side` is another name of its source.

    Names of sources and kinds of errors are the vendor's and stay as they are.
    """
    source, _, mode = column.partition(".")
    return QCoreApplication.translate("Metrics", "{0}, {1}").format(side or source, mode)


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
    }
