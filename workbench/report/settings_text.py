"""What was chosen, in words and in Rockchip's spelling, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.foundation.errors import SettingsError
from workbench.preprocess.dataset import Sample
from workbench.preprocess.notation import to_channel_mean_value, to_reorder_channel, to_toolkit2
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.schemes import QuantSettings
from workbench.report.inputs import RunSettings

MOST_FILES = 6


@dataclass(frozen=True)
class Line:
    """One line of the settings; `code` is to be copied as it stands."""

    label: str
    text: str
    code: bool = False


def settings_lines(session: RunSettings) -> list[Line]:
    """Everything that decided the numbers."""
    lines = [Line("model", str(session.model))]
    lines += [Line(f"shape of {name}", "×".join(map(str, shape))) for name, shape in session.shapes.items()]
    lines += [Line("inputs", _files(session.samples))]
    lines += [Line(f"preprocessing of {name}", words(item)) for name, item in session.preprocess.items()]
    lines += _rockchip_lines(list(session.preprocess.values()))
    lines += [Line("quantization", quant_words(session.quant, session.simulator))]
    lines += [Line("calibration", _count(session.dataset))]
    lines += [Line("tensors", " ".join(session.tensors))] if session.tensors else []
    if session.board is not None and "runtime" not in session.imports:
        lines += [Line("board", f"{session.board.name} · {session.board.runner}")]
    return lines + [Line(f"imported {kind}", str(item.path)) for kind, item in session.imports.items()]


def words(settings: Preprocess) -> str:
    """How one input is prepared, in the command line's words."""
    parts = [f"mean {_numbers(settings.mean)}", f"std {_numbers(settings.std)}"]
    if settings.scale != 1:
        parts.append(f"scale {settings.scale:g}")
    return " · ".join([*parts, settings.order, settings.layout, f"resize {settings.resize}"])


def quant_words(settings: QuantSettings, simulator: str) -> str:
    """What was simulated."""
    if simulator == "none":
        return "no simulator"
    if settings.dtype == "fp32":
        return "fp32 (no quantization)"
    parts = [settings.dtype, *(["vendor's toolkit"] if simulator == "toolkit" else [])]
    parts += [settings.method] if settings.type.is_quantized else []
    parts += [settings.algorithm] if settings.type.calibrates else []
    parts += [settings.target, f"optimization level {settings.optimization_level}"]
    exceptions = (("float16", settings.float_tensors), ("int16", settings.int16_tensors))
    parts += [f"{precision}: {', '.join(names)}" for precision, names in exceptions if names]
    parts += [f"{name}: {low:g} … {high:g}" for name, low, high in settings.ranges]
    return " · ".join(parts)


def _rockchip_lines(settings: Sequence[Preprocess]) -> list[Line]:
    if not settings:
        return []
    lines = [Line("rknn.config", to_toolkit2(settings), code=True)]
    try:
        means, orders = to_channel_mean_value(settings), to_reorder_channel(settings)
    except SettingsError:
        return lines  # the older toolkit has no spelling for these
    return [*lines, Line("toolkit 1.x", f'channel_mean_value="{means}" reorder_channel="{orders}"', code=True)]


def _files(samples: Sequence[Sample]) -> str:
    names = [" + ".join(path.name for path in sample.files) for sample in samples]
    more = f" and {len(names) - MOST_FILES} more" if len(names) > MOST_FILES else ""
    return ", ".join(names[:MOST_FILES]) + more or "none"


def _count(samples: Sequence[Sample]) -> str:
    return f"{len(samples)} {'sample' if len(samples) == 1 else 'samples'}"


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
