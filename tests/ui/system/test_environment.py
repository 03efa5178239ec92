"""What must hold for a whole process: order of imports, environment, references, start-up sentences."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ui.system.environment import QT_LIBRARIES, XCB_LIBRARIES, drop_opencv_qt_settings, obstacle

ROOT = Path(__file__).resolve().parents[3]


def python(code: str, **environ: str | None) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter at the repository's root; a variable set to None is removed."""
    merged = {**os.environ, **environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={name: value for name, value in merged.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


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


def test_opencv_does_not_leave_its_qt_in_the_environment(tiny_pack: str) -> None:
    code = (
        "import os, subprocess, sys\n"
        "from PySide6.QtCore import QCoreApplication, QTimer\n"
        "from ui.workers.engine_host import EngineHost\n"
        "application = QCoreApplication([])\n"
        "host = EngineHost()\n"
        "host.warmed.connect(application.quit)\n"
        "host.warm_up()\n"
        "application.exec()\n"
        "host.close()\n"
        "assert 'cv2' in sys.modules\n"
        'child = \'import os; print(os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH"),'
        ' os.environ.get("QT_QPA_FONTDIR"))\'\n'
        "print(subprocess.check_output([sys.executable, '-c', child], text=True))\n"
    )
    ended = python(code)
    assert ended.stdout.split() == ["None", "None"], ended.stderr


def test_only_opencvs_qt_settings_are_dropped() -> None:
    theirs = {
        "QT_QPA_PLATFORM_PLUGIN_PATH": "/env/site-packages/cv2/qt/plugins",
        "QT_QPA_FONTDIR": "/my/fonts",
    }
    drop_opencv_qt_settings(theirs)
    assert theirs == {"QT_QPA_FONTDIR": "/my/fonts"}


def test_an_inherited_opencv_setting_does_not_stop_the_window(tiny_pack: str) -> None:
    code = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "import main, ui.app\n"
        "from ui.main_window.window import Window\n"
        "shown = Window.showEvent\n"
        "def show(self, event):\n"
        "    shown(self, event)\n"
        "    QTimer.singleShot(0, self.close)\n"
        "Window.showEvent = show\n"
        "sys.exit(main.main([]))\n"
    )
    ended = python(code, QT_QPA_PLATFORM_PLUGIN_PATH="/env/site-packages/cv2/qt/plugins")
    assert ended.returncode == 0, ended.stderr


def test_without_a_display_one_sentence_points_to_the_shell() -> None:
    ended = python(
        "import main, sys; sys.exit(main.main([]))",
        DISPLAY=None,
        WAYLAND_DISPLAY=None,
        QT_QPA_PLATFORM=None,
    )
    assert ended.returncode == 1
    assert "python -m restorer restore" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_missing_libraries_are_named_for_debian_and_fedora() -> None:
    environ = {"DISPLAY": ":0"}
    sentence = obstacle(environ, "linux", lambda soname: soname != "libxcb-cursor.so.0")
    assert sentence is not None
    assert "libxcb-cursor0" in sentence
    assert "xcb-util-cursor" in sentence
    assert "libegl1" not in sentence
    assert obstacle(environ, "linux", lambda soname: True) is None
    wayland = {"WAYLAND_DISPLAY": "wayland-0"}
    assert obstacle(wayland, "linux", lambda soname: soname not in XCB_LIBRARIES) is None
    assert obstacle(wayland, "linux", lambda soname: soname not in QT_LIBRARIES) is not None
    assert obstacle({}, "darwin", lambda soname: False) is None


def test_the_list_of_libraries_is_the_one_the_plugin_needs() -> None:
    """The oracle is the linker: all that Qt's xcb plugin needs from the system's folders."""
    import PySide6

    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    output = subprocess.run(["ldd", str(plugin)], capture_output=True, text=True, check=True).stdout
    needed = {line.split()[0] for line in output.splitlines() if "=>" in line and "PySide6" not in line}
    assert set(XCB_LIBRARIES) | set(QT_LIBRARIES) <= needed
    xcb = {name for name in needed if name.startswith(("libxcb-", "libxkbcommon", "libEGL", "libGL."))}
    indirect = {"libxcb-util.so.1", "libxcb-render.so.0"}  # come with others of the list
    assert xcb - indirect <= set(XCB_LIBRARIES) | set(QT_LIBRARIES)


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
