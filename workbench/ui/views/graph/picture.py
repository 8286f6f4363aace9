"""The graph as a picture in a file: SVG, PDF or PNG, drawn by a worker thread in colours of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.files import atomic_path
from workbench.foundation.steps import Progress, Steps
from workbench.ui import theme
from workbench.ui.colours import Theme
from workbench.ui.models.graph.colours import Colouring
from workbench.ui.models.graph.geometry import Geometry, Rect
from workbench.ui.models.graph.model import Diagram
from workbench.ui.views.graph.labels import place_labels
from workbench.ui.views.graph.legend_key import Entry, legend_entries
from workbench.ui.views.graph.paint import steps
from workbench.ui.views.graph.palette import colours
from workbench.ui.views.graph.scenery import Marks, Scenery
from workbench.ui.views.graph.sheet import DETAILS, Lettering, Sheet

MARGIN, GAP, LEGEND = 24.0, 48.0, 28.0
"""Around everything, between two graphs, and the line of the legend below, in scene pixels."""
MOST_PIXELS, MOST_SIDE = 50_000_000, 32_000
"""A PNG is held in memory: it gets no larger than 200 MB."""
PDF_SIDE = 14_000.0
"""The longest side of a page that every reader opens, in points."""
STRIP = 1024
FORMATS = ("svg", "pdf", "png")


@dataclass(frozen=True)
class Plate:
    """A graph and the part of it that is wanted."""

    diagram: Diagram
    geometry: Geometry
    colouring: Colouring
    marks: Marks
    part: Rect


@dataclass(frozen=True)
class Picture:
    """What is drawn: graphs from left to right, and the legend's title where there shall be a legend.

    `factor` is how many pixels of a PNG a scene pixel gets.
    """

    plates: tuple[Plate, ...]
    colours: Theme
    font: str
    """As `QFont.toString` writes it."""
    legend: str = ""
    factor: float = 2.0

    @cached_property
    def words(self) -> tuple[tuple[str, QColor, float], ...]:
        """What the legend says, each word with its colour and the room that it takes."""
        if not self.legend:
            return ()
        ink = self.colours.text
        with theme.drawn_in(self.colours):
            entries = legend_entries(self.plates[-1].colouring)
        pairs = [(self.legend, ink), *(part for entry in entries for part in _parts(entry, ink))]
        metrics = QFontMetricsF(_font(self.font, 12))
        return tuple((text, colour, metrics.horizontalAdvance(text) + 6.0) for text, colour in pairs)

    @property
    def size(self) -> QSizeF:
        """In scene pixels."""
        widths = [right - left for left, _, right, _ in (plate.part for plate in self.plates)]
        heights = [bottom - top for _, top, _, bottom in (plate.part for plate in self.plates)]
        wide = max(sum(widths) + GAP * (len(widths) - 1), sum(width for *_, width in self.words)) + 2 * MARGIN
        return QSizeF(wide, max(heights) + 2 * MARGIN + (LEGEND if self.legend else 0.0))

    @property
    def png_factor(self) -> float:
        """The wanted factor, or the largest that a PNG is held in memory with."""
        wide, high = self.size.width(), self.size.height()
        return float(min(self.factor, (MOST_PIXELS / (wide * high)) ** 0.5, MOST_SIDE / max(wide, high)))

    @property
    def png_size(self) -> QSize:
        """In pixels."""
        return (self.size * self.png_factor).toSize().expandedTo(QSize(1, 1))


def write_picture(picture: Picture, path: Path) -> Steps[Path]:
    """Write a file of the kind that its ending says, completely or not at all."""
    write = {"svg": _write_svg, "pdf": _write_pdf, "png": _write_png}.get(path.suffix.lower().removeprefix("."))
    if write is None:
        raise WorkbenchError(f"{path.name} is no SVG, PDF or PNG file.", "Let its name end with .svg, .pdf or .png.")
    with theme.drawn_in(picture.colours), atomic_path(path) as part:
        yield from write(picture, part)
    return path


def _write_svg(picture: Picture, path: Path) -> Steps[None]:
    size = picture.size
    device = QSvgGenerator()
    device.setFileName(str(path))
    device.setSize(size.toSize())
    device.setViewBox(QRectF(0, 0, size.width(), size.height()))
    device.setTitle("RKNN Workbench")
    yield from _draw_all(device, picture, 1.0, path)


def _write_pdf(picture: Picture, path: Path) -> Steps[None]:
    size = picture.size
    points = min(0.75, PDF_SIDE / max(size.width(), size.height()))  # 96 scene pixels an inch
    device = QPdfWriter(str(path))
    device.setCreator("RKNN Workbench")
    device.setResolution(1200)
    page = QPageSize(size * points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    device.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    yield from _draw_all(device, picture, points * 1200 / 72, path)


def _draw_all(device: QSvgGenerator | QPdfWriter, picture: Picture, factor: float, path: Path) -> Steps[None]:
    """Draw everything, `factor` dots a scene pixel."""
    painter = _begin(device, path)
    painter.scale(factor, factor)
    for done in _draw(painter, picture, DETAILS, None):
        yield Progress("picture", round(100 * done), 100)
    _end(painter, path)
    yield Progress("picture", 100, 100)


def _write_png(picture: Picture, path: Path) -> Steps[None]:
    factor, size = picture.png_factor, picture.png_size
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise WorkbenchError("There is not enough memory for the picture.", "Export it as SVG or PDF.")
    strips = range(0, size.height(), STRIP)
    for number, top in enumerate(strips):
        yield Progress("picture", number, len(strips))
        painter = QPainter(image)
        painter.setClipRect(0, top, size.width(), STRIP)
        painter.scale(factor, factor)
        for _ in _draw(painter, picture, factor, (top / factor, (top + STRIP) / factor)):
            pass
        painter.end()
    if not QImageWriter(str(path), b"png").write(image):
        raise WorkbenchError(f"Cannot write {path.name}.", "Free some room or choose another folder, then try again.")
    yield Progress("picture", len(strips), len(strips))


def _begin(device: QSvgGenerator | QPdfWriter, path: Path) -> QPainter:
    painter = QPainter()
    if not painter.begin(device):
        raise WorkbenchError(f"Cannot write {path.name}.", "Free some room or choose another folder, then try again.")
    return painter


def _end(painter: QPainter, path: Path) -> None:
    if not painter.end() or not path.stat().st_size:
        raise WorkbenchError(f"Cannot write {path.name}.", "Free some room or choose another folder, then try again.")


def _draw(painter: QPainter, picture: Picture, scale: float, strip: tuple[float, float] | None) -> Iterator[float]:
    """Draw all, or what lies between two heights; `scale` chooses the detail. Gives the share that is done."""
    size, left, count = picture.size, MARGIN, len(picture.plates)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), picture.colours.background)
    letters = Lettering(_font(picture.font))
    for number, plate in enumerate(picture.plates):
        x0, y0, x1, y1 = plate.part
        painter.save()
        seen = QRectF(left, MARGIN, x1 - x0, y1 - y0).adjusted(-8, -8, 8, 8)
        painter.setClipRect(seen, Qt.ClipOperation.IntersectClip)
        painter.translate(left - x0, MARGIN - y0)
        low, high = (y0, y1) if strip is None else (strip[0] - MARGIN + y0, strip[1] - MARGIN + y0)
        scenery = Scenery(plate.diagram, plate.geometry, plate.colouring, colours(plate.colouring.scale))
        part = x0, max(y0, low), x1, min(y1, high)
        try:
            sheet = Sheet(painter, scenery, part, scale, plate.marks, letters)
            for done in steps(sheet, place_labels(sheet)):
                yield (number + done) / count
        finally:
            painter.restore()
        left += x1 - x0 + GAP
    if picture.words:
        _draw_legend(painter, picture, size.height() - MARGIN)


def _draw_legend(painter: QPainter, picture: Picture, base: float) -> None:
    painter.setFont(_font(picture.font, 12))
    left = MARGIN
    for text, colour, room in picture.words:
        painter.setPen(colour)
        painter.drawText(QPointF(left, base), text)
        left += room


def _font(text: str, pixels: int = 0) -> QFont:
    result = QFont()
    result.fromString(text)
    if pixels:
        result.setPixelSize(pixels)
    return result


def _parts(entry: Entry, ink: QColor) -> tuple[tuple[str, QColor], ...]:
    return (f"  {entry.symbol or '■'}", entry.colour), (entry.text, ink)
