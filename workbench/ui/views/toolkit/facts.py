"""What of a session's settings the toolkit is given, in words."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from workbench.preprocess.preprocess import Preprocess
from workbench.project.session import Session
from workbench.quantize.platforms import CHIPS, methods_of
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit.option_values import written
from workbench.sources.toolkit.options import FLAG, option_of
from workbench.ui.titles import order_title, setting_titles
from workbench.ui.views.settings.toolkit_options import problems_together

translate = QCoreApplication.translate
FLOATS = ("fp32",)
VENDORS = ".model"
"""The ending of the toolkit's own graph, and of what stands for a network where only a report is known."""
OF_TOOLKIT_1 = ("rk1808", "rk3399pro", "rv1126", "rv1109")
TARGETS = tuple(chip for chip in CHIPS if chip not in OF_TOOLKIT_1)
"""The chips that RKNN-Toolkit2 converts for."""


def facts(session: Session) -> Iterator[tuple[str, str]]:
    """Titles and values."""
    quant = session.quant
    yield translate("Toolkit", "Network"), session.model.name
    yield translate("Toolkit", "Quantization"), quantization(quant)
    if quant.type.is_quantized:
        count = len(session.dataset or session.samples)
        yield translate("Toolkit", "Calibration"), translate("Toolkit", "inputs: {0}").format(count)
    if session.toolkit_options:
        yield translate("Toolkit", "Options"), options(session)
    for name, settings in session.preprocess.items():
        yield translate("Toolkit", "Input {0}").format(name), preprocessing(settings)


def options(session: Session) -> str:
    """ "compress_weight, disable_rules convert_swish"."""
    found = ((option_of(name), value) for name, value in session.toolkit_options.items())
    return ", ".join(
        option.name if option.kind == FLAG else f"{option.name} {written(option, value)}" for option, value in found
    )


def quantization(quant: QuantSettings) -> str:
    """ "w8a8, channel, normal, optimization level 3"."""
    parts = [quant.dtype]
    if methods_of(quant.dtype):
        parts.append(quant.method)
    if quant.type.calibrates:
        parts.append(quant.algorithm)
    return ", ".join((*parts, f"{setting_titles()['optimization_level']} {quant.optimization_level}"))


def preprocessing(settings: Preprocess) -> str:
    """ "mean 0, std 255, RGB"."""
    titles = setting_titles()
    mean, std = (" ".join(f"{number:g}" for number in numbers) for numbers in (settings.mean, settings.std))
    scale = f", {titles['scale']} {settings.scale:g}" if settings.scale != 1 else ""
    return f"{titles['mean']} {mean}, {titles['std']} {std}{scale}, {order_title(settings.order)}"


def problems(session: Session, target: str) -> Iterator[str]:
    """Why the toolkit cannot convert the session for a chip; nothing where it can."""
    quant = session.quant
    if session.model.suffix.lower() == VENDORS:
        text = translate("Toolkit", "{0} is the toolkit's own graph: open the network that it was made of.")
        yield text.format(session.model.name)
    if target not in TARGETS:
        yield translate("Toolkit", "RKNN-Toolkit2 does not convert for {0}: choose another target.").format(target)
    elif quant.dtype in FLOATS:
        yield translate("Toolkit", "The NPU does not compute in {0}: choose another data type.").format(quant.dtype)
    elif quant.dtype not in CHIPS[target]:
        text = translate("Toolkit", "{0} does not have {1}: choose another target or data type.")
        yield text.format(target, quant.dtype)
    if quant.type.is_quantized and not (session.dataset or session.samples):
        yield translate("Toolkit", "There is nothing to calibrate with: choose a calibration dataset in the settings.")
    if quant.ranges:
        yield translate("Toolkit", "The toolkit takes no ranges of single tensors: remove them.")
    yield from problems_together(session.toolkit_options, replace(quant, target=target))
    if session.plan is not None:
        yield translate("Toolkit", "The toolkit makes its plan itself: remove the one that was imported.")
