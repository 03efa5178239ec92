"""OpenCV, imported so that it leaves the process as it found it.

What comes out is the `cv2` module. Importing opencv-python points
QT_QPA_PLATFORM_PLUGIN_PATH and QT_QPA_FONTDIR at the Qt 5 plugins it ships; a
Qt 6 window that starts afterwards then loads the wrong plugins or aborts. The
import therefore happens here, on first use, and the two variables are put back.
"""

from __future__ import annotations

import os
import threading
from functools import cache
from types import ModuleType

_LOCK = threading.Lock()  # two first callers at once would save what the other's import left behind
_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def opencv() -> ModuleType:
    """Return `cv2`, imported once, with Qt's environment variables unchanged; from any thread."""
    with _LOCK:
        return _imported()


@cache
def _imported() -> ModuleType:
    before = {name: os.environ.get(name) for name in _VARIABLES}
    import cv2

    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    # What cannot be read is said in a sentence of our own.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2
