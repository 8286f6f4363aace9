"""Which texts stand between the boxes of a diagram, none over another: decided for all that is seen, then drawn.

The names of open scopes come first, then those of hubs whose edges are left out, then the shapes of what flows along.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF

from workbench.ui.models.graph.geometry import H_GAP, Rect
from workbench.ui.views.graph.sheet import NAMES, OPERATORS, Sheet, hull_glyph_rect, hulls_in

SHAPES = 0.9
"""The smallest scale at which shapes stand beside the edges."""
LEAST = 24.0
"""A hull that is lower than this, in screen pixels, has no name."""
SHORTEST = 7
"""A name of which fewer letters are left is not written."""
STRIP = 64.0


class Label(NamedTuple):
    """A text, the left end of its line, and the room that it takes."""

    text: str
    left: float
    base: float
    room: Rect


class Title(NamedTuple):
    """An open scope's sign, and its name where there is room."""

    glyph: Rect
    text: str
    room: Rect


@dataclass(frozen=True)
class Labels:
    """All texts between the boxes."""

    titles: tuple[Title, ...] = ()
    stubs: tuple[Label, ...] = ()
    shapes: tuple[Label, ...] = ()

    def changed(self, before: "Labels") -> list[Rect]:
        """Where texts stand that are not in both."""
        texts = {*self.stubs, *self.shapes} ^ {*before.stubs, *before.shapes}
        titles = set(self.titles) ^ set(before.titles)
        return [*(item.room for item in texts), *(side for item in titles for side in (item.room, item.glyph))]


def place_labels(sheet: Sheet) -> Labels:
    """The texts where a part of the scene is seen."""
    placing, scale = _Placing(sheet), sheet.scale
    titles = tuple(placing.titles()) if scale >= OPERATORS else ()
    stubs = tuple(placing.stubs()) if scale >= NAMES else ()
    shapes = tuple(_Shapes(placing).labels()) if scale >= SHAPES and len(sheet.scenery.diagram.flows) else ()
    return Labels(titles, stubs, shapes)


def shape_size(sheet: Sheet) -> float:
    """Of the letters of shapes."""
    return sheet.readable(10) if sheet.scale < 1.2 else 9.0


class _Placing:
    """What is seen, and where texts stand already, by strips of the scene: a picture in a file has all at once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._taken: dict[int, list[Rect]] = {}

    def claim(self, room: Rect) -> bool:
        """Take room for a text; False where another one stands already."""
        left, top, right, bottom = room
        strips = range(int(top // STRIP), int(bottom // STRIP) + 1)
        for strip in strips:
            for x0, y0, x1, y1 in self._taken.get(strip, ()):
                if left < x1 and x0 < right and top < y1 and y0 < bottom:
                    return False
        for strip in strips:
            self._taken.setdefault(strip, []).append(room)
        return True

    def titles(self) -> Iterator[Title]:
        """The inner scopes' first."""
        sides = self.sheet.geometry.hulls.sides
        for number in hulls_in(self.sheet)[::-1].tolist():
            side = sides[number].tolist()
            if (side[3] - side[1]) * self.sheet.scale >= LEAST:
                yield self._title(number, side)

    def stubs(self) -> Iterator[Label]:
        """The sources of what a box takes although no edge is drawn, beside the edge in its middle."""
        sheet, diagram, size = self.sheet, self.sheet.scenery.diagram, self.sheet.readable(10)
        for index in sheet.geometry.boxes_in(sheet.rect).tolist() if diagram.stubs else ():
            sources = diagram.stub_sources.get(index)
            if sources:
                left, top, right, _ = sheet.geometry.rect(index)
                names = ", ".join(diagram.boxes[source].label.rsplit("/", 1)[-1] for source in sources)
                text = sheet.letters.elided("name", size, names, (right - left) / 2 - 8 + H_GAP / 2)
                width, end = sheet.letters.width("name", size, text), (left + right) / 2 - 8
                room = end - width, top - 9 - size, end, top - 9 + size * 0.25
                if self.claim(room):
                    yield Label(text, end - width, top - 9, room)

    def _title(self, number: int, side: Sequence[float]) -> Title:
        """Beside the sign, up to the edge that leads into the middle."""
        sheet, hulls, size = self.sheet, self.sheet.geometry.hulls, self.sheet.readable(10)
        level = int(hulls.levels[number])
        glyph = hull_glyph_rect((side[0], side[1], side[2], side[3]), level)
        name = sheet.scenery.diagram.scope_titles[int(hulls.scopes[number])]
        text = sheet.letters.elided("name", size, name, (side[2] - side[0]) / 2 - glyph.width() - 18)
        width = sheet.letters.width("name", size, text) + 4
        left = glyph.left() - 3 - width if level % 2 else glyph.right() + 3
        room = left, side[1] - size * 0.65, left + width, side[1] + size * 0.65
        is_told = (text == name or len(text) >= SHORTEST) and self.claim(room)
        self.claim(_sides(glyph))
        return Title(_sides(glyph), text if is_told else "", room)


class _Shapes:
    """Below each box what it gives, beside the edges; where its outputs differ, above what takes them."""

    def __init__(self, placing: _Placing) -> None:
        self._placing, self._size = placing, shape_size(placing.sheet)
        diagram, geometry = placing.sheet.scenery.diagram, placing.sheet.geometry
        edges = geometry.lines_in(placing.sheet.rect)
        first, last = geometry.starts[edges], geometry.starts[edges + 1] - 1
        begins, ends = geometry.points[first], geometry.points[last]
        self._ends = begins.tolist(), ends.tolist()
        leaving = (geometry.points[first + 1, 0] - begins[:, 0]).tolist()
        arriving = (geometry.points[last - 1, 0] - ends[:, 0]).tolist()
        self._turns = leaving, arriving
        """How far to the right each edge turns at its beginning, or came from at its end."""
        self._links = diagram.links[edges].tolist()
        self._flows = [diagram.flows[edge] for edge in edges.tolist()]
        self._arriving: dict[int, list[float]] = {}
        for (_, target), turn in zip(self._links, arriving, strict=True):
            self._arriving.setdefault(target, []).append(turn)

    def labels(self) -> Iterator[Label]:
        """Where there is room for them."""
        leaving: dict[int, list[int]] = {}
        for number, (source, _) in enumerate(self._links):
            leaving.setdefault(source, []).append(number)
        for edges in leaving.values():
            if len({self._flows[edge] for edge in edges}) == 1:
                yield from self._label(edges, 0)
            else:
                for edge in edges:
                    yield from self._label([edge], 1)

    def _label(self, edges: Sequence[int], end: int) -> Iterable[Label]:
        """A shape where edges begin (`end` 0) or one ends (1), on the side that is free; none where no side is."""
        text, side = self._flows[edges[0]], self._free_side(edges, end)
        if not text or not side:
            return ()
        width = self._placing.sheet.letters.width("number", self._size, text)
        x, y = self._ends[end][edges[0]]
        left = x + 6 if side > 0 else x - 6 - width
        base = y + self._size + 3 if end == 0 else y - 9
        room = left - 2, base - self._size, left + width + 2, base + self._size * 0.25
        return (Label(text, left, base, room),) if self._placing.claim(room) else ()

    def _free_side(self, edges: Sequence[int], end: int) -> int:
        """1 for the right, -1 for the left, 0 where edges turn to both."""
        turns = [self._turns[end][edge] for edge in edges]
        if all(abs(turn) < 1 for turn in turns):  # straight down: what else arrives there matters
            turns += self._arriving.get(self._links[edges[0]][1], ()) if len(edges) == 1 else ()
        goes_left, goes_right = min(turns) < -1, max(turns) > 1
        return 0 if goes_left and goes_right else -1 if goes_right else 1


def _sides(rect: QRectF) -> Rect:
    return rect.left(), rect.top(), rect.right(), rect.bottom()
