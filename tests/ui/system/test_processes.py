"""What must hold for a whole process: order of imports, references."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.ui.processes import python

FIRST_EXPOSE = """
import sys
from PySide6.QtCore import QEvent, QObject, QSettings
from ui.app import make_application, make_window

class Watch(QObject):
    seen = None
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Expose and self.seen is None:
            self.seen = "torch" in sys.modules, "cv2" in sys.modules
        return False

class End(QObject):
    def reached(self, sentence):
        print(watch.seen, "torch" in sys.modules, repr(sentence))
        window.close()

application = make_application([])
window = make_window(application, QSettings("{ini}", QSettings.Format.IniFormat))
watch, end = Watch(), End()
window.create()
window.windowHandle().installEventFilter(watch)
window.core.runs.engine.warmed.connect(end.reached)
window.show()
application.exec()
"""


def test_window_is_on_screen_before_torch_is_imported(tiny_pack: str, tmp_path: Path) -> None:
    ended = python(FIRST_EXPOSE.replace("{ini}", str(tmp_path / "window.ini")))
    assert ended.stdout.strip() == "(False, False) True ''", ended.stderr


def test_events_do_not_eat_references(qapp: QApplication) -> None:
    before = sys.getrefcount(None)
    for _ in range(100):
        qapp.processEvents()
    assert abs(sys.getrefcount(None) - before) < 50


def test_the_engine_never_knows_the_face() -> None:
    ended = python(
        "import restorer.pipeline.restore, sys; print('PySide6' in sys.modules or 'ui' in sys.modules)"
    )
    assert ended.stdout.strip() == "False", ended.stderr
