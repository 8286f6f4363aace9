"""A page of the help: its text with pictures in the theme of the window, and what is looked for in it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QImage,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from workbench.ui import theme
from workbench.ui.models.help_pages import picture

MARGIN = 24
CELL, GAP = 5, 10
MARK_ALPHA = 90


class PageBrowser(QTextBrowser):
    """Shows a page's pictures in the theme of the window, never wider than there is room."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._marked: list[int] = []  # where the words end that were searched
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(MARGIN)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else pictures are a bar too wide

    def show_text(self, markdown: str) -> None:
        """Show a page from its beginning."""
        self.setMarkdown(markdown)
        _give_room(self.document())
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def mark(self, words: list[str]) -> None:
        """Mark the words wherever they stand, and go to the first."""
        places = [place for word in words for place in self._found(word)]
        self.setExtraSelections([_mark(place) for place in places])
        self._marked = sorted(place.selectionEnd() for place in places)
        if self._marked:
            self._go_to(self._marked[0])

    def next_mark(self) -> bool:
        """Go to the next marked word; whether there is one."""
        later = [end for end in self._marked if end > self.textCursor().position()]
        if later:
            self._go_to(later[0])
        return bool(later)

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        """A picture; the page's path to it names one theme, for readers of the file."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, url)
        image = QImage(str(picture(Path(QUrl(url).path()).name, self._language, theme.active().name)))
        ratio = self.devicePixelRatioF()
        room = round((self.viewport().width() - 2 * MARGIN) * ratio)
        if image.width() > room > 0:
            image = image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio)
        return image

    def _found(self, word: str) -> list[QTextCursor]:
        found, cursor = [], self.document().find(word)
        while not cursor.isNull():
            found.append(cursor)
            cursor = self.document().find(word, cursor)
        return found

    def _go_to(self, position: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(position)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()


def _mark(place: QTextCursor) -> QTextEdit.ExtraSelection:
    mark, looks, colour = QTextEdit.ExtraSelection(), QTextCharFormat(), QColor(theme.active().golden)
    colour.setAlpha(MARK_ALPHA)
    looks.setBackground(colour)
    mark.cursor, mark.format = place, looks  # type: ignore[attr-defined]
    return mark


def _is_code(block: QTextBlock) -> bool:
    return block.isValid() and block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def _give_room(document: QTextDocument) -> None:
    """Markdown has no distances: put some between paragraphs and into tables."""
    for table in document.rootFrame().childFrames():
        if isinstance(table, QTextTable):
            looks = table.format().toTableFormat()
            looks.setCellPadding(CELL)
            looks.setBorder(1)
            looks.setBorderCollapse(True)
            looks.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            looks.setBorderBrush(theme.active().line)
            looks.setTopMargin(GAP)
            looks.setBottomMargin(GAP)
            table.setFormat(looks)
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        if cursor.currentTable() is None and not (_is_code(block) and _is_code(block.next())):
            spaced = block.blockFormat()
            spaced.setBottomMargin(GAP)
            cursor.setBlockFormat(spaced)
        block = block.next()
