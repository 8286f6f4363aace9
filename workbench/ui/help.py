"""Short help pages with pictures, in the language and the theme of the window."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QResizeEvent, QTextCursor, QTextDocument, QTextTable
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from workbench.foundation.resources import resource
from workbench.ui import theme

SIZE, MARGIN, SOON_MS = (880, 720), 24, 100
CELL, GAP = 5, 10


class HelpWindow(QDialog):
    """One page at a time; links lead to other pages."""

    def __init__(self, parent: QWidget, language: str) -> None:
        super().__init__(parent)
        self._language, self._page = language, ""
        self.setWindowTitle(self.tr("Help"))
        self.resize(*SIZE)
        self.browser = PageBrowser(language)
        self.browser.setAccessibleName(self.tr("Help"))
        self.browser.anchorClicked.connect(self._on_link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.browser)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show_again)
        theme.changes.changed.connect(self._soon.start)

    def show_page(self, name: str) -> None:
        """Show a page and come to the front."""
        self._page = name
        self.show()
        self.browser.show_text(page(name, self._language).read_text(encoding="utf-8"))
        self.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures are as wide as the window."""
        super().resizeEvent(event)
        self._soon.start()

    def _show_again(self) -> None:
        if self._page and self.isVisible():
            place = self.browser.verticalScrollBar().value()
            self.show_page(self._page)
            self.browser.verticalScrollBar().setValue(place)

    def _on_link(self, url: QUrl) -> None:
        if url.isRelative():
            self.show_page(url.path().removesuffix(".md"))
        else:
            QDesktopServices.openUrl(url)


class PageBrowser(QTextBrowser):
    """Shows a page's pictures in the theme of the window, never wider than there is room."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(MARGIN)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else pictures are a bar too wide

    def show_text(self, markdown: str) -> None:
        """Show a page from its beginning."""
        self.setMarkdown(markdown)
        _give_room(self.document())
        self.moveCursor(QTextCursor.MoveOperation.Start)

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


def _give_room(document: QTextDocument) -> None:
    """Markdown has no distances: put some between paragraphs and into tables."""
    for table in document.rootFrame().childFrames():
        if isinstance(table, QTextTable):
            looks = table.format().toTableFormat()
            looks.setCellPadding(CELL)
            looks.setBorderBrush(theme.active().line)
            looks.setTopMargin(GAP)
            looks.setBottomMargin(GAP)
            table.setFormat(looks)
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        if cursor.currentTable() is None:
            spaced = block.blockFormat()
            spaced.setBottomMargin(GAP)
            cursor.setBlockFormat(spaced)
        block = block.next()


def page(name: str, language: str) -> Path:
    """The file of a help page; English where a language has none."""
    translated = resource("help", language, f"{name}.md")
    return translated if translated.is_file() else resource("help", "en", f"{name}.md")


def picture(name: str, language: str, look: str) -> Path:
    """The file of a picture in a theme; of the English window where a language has none."""
    translated = resource("help", "pictures", f"{language}-{look}", name)
    return translated if translated.is_file() else resource("help", "pictures", f"en-{look}", name)
