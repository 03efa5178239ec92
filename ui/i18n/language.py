"""The languages of the window: which there are, which one is spoken, and how it is changed while it runs.

In: the person's choice, or the languages the system prefers. Out: translators in the application;
Qt then tells every window (`QEvent.LanguageChange`), and the window furnishes itself anew. Sentences live in
resources/i18n, see tools/translate.py.

Sentences inside a QObject go through `self.tr`, all others through `tr` here. They are always literals,
because lupdate reads the source; places for values are {0} and %n, never f-strings.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from restorer.paths import resources_dir


class Language(StrEnum):
    """What the person can choose."""

    SYSTEM = "system"
    ENGLISH = "en"
    CHINESE = "zh_CN"


NATIVE_NAMES: dict[str, str] = {Language.ENGLISH: "English", Language.CHINESE: "简体中文"}
"""Each language in itself, so that whoever is lost in another one finds home."""


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """`text` in the language spoken, for code outside QObjects; lupdate files it under no context."""
    return QCoreApplication.translate("", text, comment, n)


def resolved(choice: Language, preferred: Iterable[str]) -> Language:
    """The language that `choice` means where the system prefers these (BCP 47 names, best first)."""
    if choice is not Language.SYSTEM:
        return choice
    for name in preferred:
        locale = QLocale(name)
        if locale.language() == QLocale.Language.Chinese:
            # There is no traditional text yet, and whoever reads it reads simplified sooner than English.
            return Language.CHINESE
        if locale.language() == QLocale.Language.English:
            return Language.ENGLISH
    return Language.ENGLISH


class TranslationLoader(QObject):
    """Keeps the application's translators in step with the choice."""

    def __init__(self, parent: QObject, choice: Language = Language.SYSTEM) -> None:
        super().__init__(parent)
        self._translators: list[QTranslator] = []
        self._choice = choice
        self._spoken: Language | None = None
        self._install()

    @property
    def choice(self) -> Language:
        return self._choice

    @property
    def spoken(self) -> Language:
        return self._spoken or Language.ENGLISH

    def choose(self, choice: Language) -> None:
        """Speak another language from now on."""
        self._choice = choice
        self._install()

    def silence(self) -> None:
        """Take the translators out again; the sentences of the source remain."""
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
            translator.deleteLater()
        self._translators = []
        self._spoken = None

    def _install(self) -> None:
        language = resolved(self._choice, QLocale.system().uiLanguages())
        if language is self._spoken:
            return
        self.silence()
        self._spoken = language
        ours = resources_dir() / "i18n"
        qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for name, folder in ((f"qtbase_{language}", qts), (f"restorer_{language}", str(ours))):
            translator = QTranslator(self)
            if translator.load(name, folder):
                QCoreApplication.installTranslator(translator)
                self._translators.append(translator)
            else:
                translator.deleteLater()
