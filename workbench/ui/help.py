"""The help: short pages with pictures, in the language and the theme of the window, and a search in all of them."""

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from workbench.ui import theme
from workbench.ui.models.help_pages import HelpPage, pages, saying
from workbench.ui.text_size import pixels
from workbench.ui.views.page_browser import PageBrowser
from workbench.ui.widgets import column, label, row

SIZE, LIST_WIDTH, SOON_MS = (1080, 760), 220, 100
NAME_ROLE = Qt.ItemDataRole.UserRole


class HelpWindow(QDialog):
    """The pages at the left, one of them at the right; what is searched leaves only the pages that say it."""

    def __init__(self, parent: QWidget, language: str) -> None:
        super().__init__(parent)
        self._language, self._page = language, ""
        self._pages: tuple[HelpPage, ...] = ()  # read when they are wanted
        self.setWindowTitle(self.tr("Help"))
        self.resize(*SIZE)
        self.edit = self._make_edit()
        self.none = label(self.tr("No page has these words."), "muted", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages of the help"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.browser = PageBrowser(language)
        self.browser.setAccessibleName(self.tr("Help"))
        self.browser.anchorClicked.connect(self._on_link)
        left = QWidget()
        left.setFixedWidth(pixels(LIST_WIDTH))
        beside = column(self.edit, self.none, self.list)
        beside.setContentsMargins(12, 12, 12, 12)
        left.setLayout(beside)
        self.setLayout(row(left, self.browser, spacing=0))
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show_again)
        theme.changes.changed.connect(self._soon.start)

    def show_page(self, name: str) -> None:
        """Show a page and come to the front."""
        self._pages = self._pages or pages(self._language)
        self.show()
        if name not in self._names():
            self.edit.clear()
            self._filter()
        self.list.setCurrentRow(self._names().index(name))
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F: search."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.edit.setFocus()
            self.edit.selectAll()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures are as wide as the window."""
        super().resizeEvent(event)
        self._soon.start()

    def _make_edit(self) -> QLineEdit:
        edit = QLineEdit()
        edit.setPlaceholderText(self.tr("Search"))
        edit.setAccessibleName(self.tr("Search the help"))
        edit.setClearButtonEnabled(True)
        edit.textChanged.connect(self._filter)
        edit.returnPressed.connect(self._on_next)
        return edit

    def _names(self) -> list[str]:
        return [self.list.item(at).data(NAME_ROLE) for at in range(self.list.count())]

    def _filter(self) -> None:
        """List the pages that have all words, and mark these in the page that is shown."""
        found = saying(self._pages, self._words())
        self.list.blockSignals(True)
        self.list.clear()
        for page in found:
            item = QListWidgetItem(page.title, self.list)
            item.setData(NAME_ROLE, page.name)
        self.list.blockSignals(False)
        self.none.setVisible(not found)
        if found and self._page:
            names = self._names()
            self.list.setCurrentRow(names.index(self._page) if self._page in names else 0)

    def _words(self) -> list[str]:
        return self.edit.text().split()

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._page = item.data(NAME_ROLE)
            self._show()

    def _show(self) -> None:
        self.browser.show_text(next(page.text for page in self._pages if page.name == self._page))
        self.browser.mark(self._words())

    def _on_next(self) -> None:
        """The next place that was searched, on this page or on the next."""
        if not self.browser.next_mark() and self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + 1) % self.list.count())

    def _show_again(self) -> None:
        if self._page and self.isVisible():
            place = self.browser.verticalScrollBar().value()
            self._show()
            self.browser.verticalScrollBar().setValue(place)

    def _on_link(self, url: QUrl) -> None:
        if url.isRelative():
            self.show_page(url.path().removesuffix(".md"))
        else:
            QDesktopServices.openUrl(url)
