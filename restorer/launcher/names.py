"""What the app is called where a desktop asks: names, ids, and the kinds of file it opens.

Constants alone, so that the window can read them before anything else is loaded.
"""

from __future__ import annotations

APP_NAME = "Restorer"

APP_ID = "restorer"
"""The desktop entry's name without its suffix, and what QGuiApplication.setDesktopFileName is given:
Wayland finds a window's icon by it, X11 by the same word in WM_CLASS."""

USER_MODEL_ID = "Restorer.Restorer"
"""What Windows groups windows by on its task bar: the shortcut and the process must say the same."""

BUNDLE_ID = "restorer.Restorer"
"""CFBundleIdentifier of the macOS bundle."""

MIME_TYPES = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
    "image/webp": (".webp",),
    "image/bmp": (".bmp",),
    "image/heic": (".heic", ".hif"),
    "image/heif": (".heif",),
    "image/avif": (".avif", ".avifs"),
}
"""The kinds of photo that are read, with their suffixes; a test holds them to `restorer.photo`."""

UNIFORM_TYPES = (
    *("public.jpeg", "public.png", "public.tiff", "org.webmproject.webp", "com.microsoft.bmp"),
    *("public.heic", "public.heif", "public.avif"),
)
"""The same kinds as macOS calls them."""

COMMENT = "Bring old photos back, on your own machine"

ICON_SIZES = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512)
"""Sides of the icons in the hicolor theme, pixels; resources/icons/app has a PNG of each."""
