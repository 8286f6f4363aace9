"""Short help pages, in the language of the window."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from workbench.foundation.resources import resource


class HelpWindow(QDialog):
    """One page at a time; links lead to other pages."""

    def __init__(self, parent: QWidget, language: str) -> None:
        super().__init__(parent)
        self._language = language
        self.setWindowTitle(self.tr("Help"))
        self.resize(720, 640)
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName(self.tr("Help"))
        self.browser.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.browser.document().setDocumentMargin(24)
        self.browser.anchorClicked.connect(self._on_link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.browser)

    def show_page(self, name: str) -> None:
        """Show a page and come to the front."""
        self.browser.setMarkdown(page(name, self._language).read_text(encoding="utf-8"))
        self.show()
        self.raise_()

    def _on_link(self, url: QUrl) -> None:
        if url.isRelative():
            self.show_page(url.path().removesuffix(".md"))
        else:
            QDesktopServices.openUrl(url)


def page(name: str, language: str) -> Path:
    """The file of a help page; English where a language has none."""
    translated = resource("help", language, f"{name}.md")
    return translated if translated.is_file() else resource("help", "en", f"{name}.md")
