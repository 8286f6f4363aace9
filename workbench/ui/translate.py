"""The language of the window: English in the code, others from compiled translations."""

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from workbench.foundation.resources import resource
from workbench.ui.models import spoken

TRANSLATED = ("zh_CN",)


class NotingTranslator(QTranslator):
    """Remembers what it translated, so that who knows the English name of something finds it in every language."""

    sources: ClassVar[dict[str, str]] = {}

    def translate(self, context: str, sourceText: str, /, disambiguation: str | None = None, n: int = -1) -> str | None:  # type: ignore[override]
        shown = super().translate(context, sourceText, disambiguation or "", n)
        if not shown:
            return None  # Qt goes on to the next translator
        self.sources[shown] = sourceText
        return shown


def source_of(shown: str) -> str:
    """The English text for one that is shown; the text itself where it was not translated."""
    return NotingTranslator.sources.get(shown, shown)


def chosen_language(setting: str) -> str:
    """ "en" or a translated language, for a user's setting and the system's locale."""
    if setting != "system":
        return setting if setting in TRANSLATED else "en"
    system = QLocale.system()
    if system.language() == QLocale.Language.Chinese and system.script() != QLocale.Script.TraditionalHanScript:
        return "zh_CN"
    return "en"


def install(app: QCoreApplication, setting: str) -> str:
    """Load the texts of Qt and ours in place of those of another language; gives the language that is shown."""
    for translator in app.findChildren(QTranslator):
        app.removeTranslator(translator)
        translator.deleteLater()
    language = chosen_language(setting)
    spoken.use(language)
    if language == "en":
        return language
    ours, of_qt = resource("translations"), Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for folder, name in ((of_qt, f"qtbase_{language}"), (ours, f"workbench_{language}")):
        translator = NotingTranslator(app)
        if translator.load(name, str(folder)):
            app.installTranslator(translator)
    return language
