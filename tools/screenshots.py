"""All pictures of the window that the documents show: light and dark, English and Chinese, 1280 x 800.

    python tools/screenshots.py -o docs/pictures/window [--preset draft] [--photo PHOTO] [--only dark-en]
    python tools/screenshots.py -o FOLDER --side generate --class church [--packs FOLDER]

In: an old photo (a sample unless named), a class. Out: empty, running, compare, variations, damage, export
and settings of the restoring side; generate-start, -base, -refined, generate and -alone of the other; each
as THEME-LANGUAGE-NAME.webp; the window as it paints itself, with the dialog that is open over it. Needs a
display; under Xvfb: xvfb-run -s "-screen 0 1920x1200x24" python tools/screenshots.py … Chinese needs a font
that has its characters (Debian: fonts-noto-cjk); without one it says so and leaves those pictures out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSettings
from PySide6.QtGui import QFontDatabase, QPainter
from PySide6.QtWidgets import QApplication, QDialog

from restorer.packs import classes
from restorer.paths import packs_dir, resources_dir
from restorer.pipeline.request import Preset
from ui.app import make_application
from ui.i18n.language import Language, TranslationLoader
from ui.main_window.window import Window
from ui.model.document import DocumentState
from ui.style.theme import Override, Theme

WIDTH, HEIGHT = 1280, 800
QUALITY = 88
SAMPLE = resources_dir() / "samples" / "news-vendors-1896.jpg"
MOST_SECONDS = 3600


def until(there: Callable[[], bool]) -> None:
    """Let the window work until something is there. A tool may wait this way; the app never does."""
    end = time.monotonic() + MOST_SECONDS
    while not there():
        if time.monotonic() > end:
            raise SystemExit("This takes too long; choose a smaller photo or --preset draft.")
        QCoreApplication.processEvents()
        time.sleep(0.005)


def settled() -> None:
    """Layouts done, everything painted."""
    end = time.monotonic() + 0.5
    until(lambda: time.monotonic() > end)


class Photographer:
    """Takes the pictures of one theme in one language."""

    def __init__(self, window: Window, folder: Path, prefix: str) -> None:
        self._window, self._folder, self._prefix = window, folder, prefix

    def take(self, name: str) -> None:
        settled()
        picture = self._window.grab()
        dialog = next((d for d in self._window.findChildren(QDialog) if d.isVisible()), None)
        if dialog is not None:
            over = dialog.grab()
            corner = (picture.width() - over.width()) // 2, (picture.height() - over.height()) // 2
            painter = QPainter(picture)
            shade = self._window.palette().shadow().color()
            shade.setAlphaF(0.5)
            painter.fillRect(picture.rect(), shade)
            painter.drawPixmap(QPoint(*corner), over)
            painter.end()
        path = self._folder / f"{self._prefix}-{name}.webp"
        if not picture.save(str(path), "WEBP", QUALITY):
            raise SystemExit(f"{path} cannot be written.")
        print(path, flush=True)

    def dialog(self, name: str, opens: Callable[[], object]) -> None:
        opens()
        self.take(name)
        for dialog in self._window.findChildren(QDialog):
            dialog.reject()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def all(self, photo: Path) -> None:
        window = self._window
        self.take("empty")
        window.core.photos.open([photo, *sorted(photo.parent.glob("*.jpg"))])
        until(
            lambda: (
                window.core.session.current is not None
                and window.core.session.current.state is DocumentState.READY
            )
        )
        document = window.core.session.current
        assert document is not None
        until(lambda: all(each.thumb is not None for each in window.core.session.documents))
        window.restore.start()
        until(
            lambda: (
                document.live is not None
                and document.live.progress is not None
                and document.live.progress.fraction > 0.4
            )
        )
        self.take("running")
        until(lambda: document.state is DocumentState.DONE)
        self.take("compare")
        self.dialog("export", window.workspaces.save)
        self.dialog("settings", window.app_actions.settings)
        self.dialog("keys", window.app_actions.keys)
        window.core.runs.restore(document, self._several(), window.restore.runs.preview_side())
        until(lambda: document.state is DocumentState.DONE)
        self.take("variations")
        self._damage()

    def _damage(self) -> None:
        """The damage tool on the next photo, with what it found marked."""
        window = self._window
        window.core.session.step(1)
        document = window.core.session.current
        assert document is not None
        until(lambda: document.state is DocumentState.READY)
        settled()
        window.restore.damage.find_damage()
        until(lambda: document.marked is not None and window.core.damage.busy is None)
        self.take("damage")
        window.restore.damage.close()

    def generate(self, name: str) -> None:
        """The generating side: before, in the first stage, in a later one, and in the end."""
        window = self._window
        window.workspaces.show_generate()
        panel, generation = window.generate.panel, window.core.generation
        self.take("generate-start")
        if not panel.can_paint:
            print("No model makes pictures of classes here; see --packs.", file=sys.stderr)
            return
        if name:
            panel.classes.choose(classes.find(name, panel.classes.model.names))
        panel.fresh.setChecked(False)
        panel.ask()
        for shot, stage in (("generate-base", 1), ("generate-refined", 2)):
            until(lambda stage=stage: not generation.busy or self._at(stage))
            if generation.busy:
                self.take(shot)
        until(lambda: not generation.busy)
        generation.keep(generation.pictures[len(generation.pictures) // 2], True)
        self.take("generate")
        window.generate.sheet.show_alone(True)
        self.take("generate-alone")
        for picture in generation.pictures:
            picture.given_up = True

    def _at(self, stage: int) -> bool:
        """Whether the run is in the middle of a stage, or past it."""
        live = self._window.core.generation.live
        sheet = live.sheet if live is not None else None
        return sheet is not None and (
            sheet.stage > stage or (sheet.stage == stage and 2 * sheet.step >= sheet.steps)
        )

    def _several(self) -> object:
        import dataclasses

        return dataclasses.replace(self._window.restore.panel.settings, variations=4)


def main() -> int:
    """Exit code 0 when all pictures were written."""
    parser = argparse.ArgumentParser(description="Write all pictures of the window.")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--photo", type=Path, default=SAMPLE)
    parser.add_argument("--preset", choices=[preset.value for preset in Preset], default="draft")
    parser.add_argument("--only", help="for example dark-en")
    parser.add_argument("--side", choices=["restore", "generate", "both"], default="both")
    parser.add_argument("--class", dest="label", default="", help="the class of the generating side")
    parser.add_argument("--packs", type=Path, help="a folder of model packs to use beside those that ship")
    parser.add_argument("--size", default=f"{WIDTH}x{HEIGHT}", help="width and height of the window")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    # Nobody's folders are in the pictures: the dialogs name the place of the photos.
    place = Path(tempfile.gettempdir()) / "Old photos"
    place.mkdir(exist_ok=True)
    for photo in {options.photo, *options.photo.parent.glob("*.jpg")}:
        shutil.copy(photo, place)
    options.photo = place / options.photo.name

    with tempfile.TemporaryDirectory() as folder:
        for kind in ("CONFIG", "CACHE", "STATE", "DATA"):  # nobody's own settings are read or changed
            os.environ[f"XDG_{kind}_HOME"] = str(Path(folder) / kind.lower())
        if options.packs is not None:
            packs_dir().parent.mkdir(parents=True, exist_ok=True)
            packs_dir().symlink_to(options.packs.absolute(), target_is_directory=True)
        application = make_application([])
        chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
        for look in (Override.LIGHT, Override.DARK):
            for language in (Language.ENGLISH, Language.CHINESE):
                prefix = f"{look.value}-{language.value.split('_')[0]}"
                if options.only not in (None, prefix):
                    continue
                if language is Language.CHINESE and not chinese:
                    print("There is no font with Chinese characters here: fonts-noto-cjk.", file=sys.stderr)
                    continue
                shoot(application, look, language, Path(folder), options, prefix)
    return 0


def shoot(
    application: QApplication,
    look: Override,
    language: Language,
    folder: Path,
    options: argparse.Namespace,
    prefix: str,
) -> None:
    """One window in one look and language, from empty to the end."""
    store = QSettings(str(folder / f"{prefix}.ini"), QSettings.Format.IniFormat)
    store.setValue("preset", options.preset)
    theme = Theme(application, look)
    speech = TranslationLoader(application, language)
    window = Window(theme, store, speech=speech)
    window.resize(*(int(side) for side in options.size.split("x")))
    window.show()
    photographer = Photographer(window, options.out, prefix)
    if options.side != "generate":
        photographer.all(options.photo)
    if options.side != "restore":
        photographer.generate(options.label)
    for document in window.core.session.documents:
        document.given_up = True
    window.close()
    window.deleteLater()
    speech.silence()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    sys.exit(main())
