"""The process around the window: libraries, display, environment. Knows no Qt, so it can always be asked.

In: the environment and the system's shared libraries. Out: a sentence to print
when a window cannot open, an environment free of OpenCV's Qt settings, and
torch's library loaded without a stutter.

opencv-python bundles an old Qt and points QT_QPA_PLATFORM_PLUGIN_PATH and
QT_QPA_FONTDIR at it when it is imported. A Qt that starts afterwards (ours, or
that of a child process) looks for its plugins there and aborts. Qt also aborts,
without a Python error, where a library of its xcb plugin is missing, so both are
looked after here.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping, MutableMapping

OPENCV_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")

# soname -> (Debian package, Fedora package)
QT_LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
}
XCB_LIBRARIES = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
}


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def obstacle(
    environ: Mapping[str, str] | None = None,
    platform: str | None = None,
    loads: Callable[[str], bool] = _loads,
) -> str | None:
    """The sentence that says why no window can open here, or None when one can.

    `loads(soname)` tells whether a shared library is there. Only Linux is looked
    at: on Windows and macOS everything that Qt needs comes with its wheel.
    """
    environ = os.environ if environ is None else environ
    if not (platform or sys.platform).startswith("linux"):
        return None
    wanted = environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if not wanted and not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return (
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set); "
            "to restore a photo without a window, run: python -m restorer restore PHOTO -o OUT"
        )
    libraries = dict(QT_LIBRARIES)
    if wanted == "xcb" or (not wanted and not environ.get("WAYLAND_DISPLAY")):
        libraries |= XCB_LIBRARIES
    missing = [packages for soname, packages in libraries.items() if not loads(soname)]
    if not missing:
        return None
    debian = " ".join(dict.fromkeys(package for package, _ in missing))
    fedora = " ".join(dict.fromkeys(package for _, package in missing))
    return (
        "The window cannot open because system libraries are missing; install them with "
        f"sudo apt-get install {debian} (Debian, Ubuntu) or sudo dnf install {fedora} (Fedora)."
    )


def drop_opencv_qt_settings(environ: MutableMapping[str, str] | None = None) -> None:
    """Remove Qt settings that point into a cv2 folder; others are the person's own and stay."""
    environ = os.environ if environ is None else environ
    for name in OPENCV_QT_VARIABLES:
        if "cv2" in environ.get(name, "").replace("\\", "/").split("/"):
            del environ[name]
