"""macOS: Restorer.app in the person's Applications folder, and a link to it on the desktop.

The bundle holds a script that starts this app, its icon, and Info.plist with the kinds of photo that it
opens. Finder hands photos over as events, which `ui.app` takes. `bundle` is pure.
"""

from __future__ import annotations

import contextlib
import plistlib
import shlex
from collections.abc import Sequence
from pathlib import Path

from restorer import __version__, paths
from restorer.errors import LauncherError
from restorer.launcher import command, files
from restorer.launcher.files import File
from restorer.launcher.names import APP_NAME, BUNDLE_ID, MIME_TYPES, UNIFORM_TYPES


def info() -> dict[str, object]:
    """Info.plist as data."""
    return {
        "CFBundleName": APP_NAME,
        "CFBundleDisplayName": APP_NAME,
        "CFBundleIdentifier": BUNDLE_ID,
        "CFBundleVersion": __version__,
        "CFBundleShortVersionString": __version__,
        "CFBundlePackageType": "APPL",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleExecutable": APP_NAME,
        "CFBundleIconFile": "restorer.icns",
        "CFBundleLocalizations": ["en", "zh_CN"],
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Photo",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",  # offered, never the default
                "LSItemContentTypes": list(UNIFORM_TYPES),
                "CFBundleTypeExtensions": [s[1:] for group in MIME_TYPES.values() for s in group],
                "CFBundleTypeMIMETypes": list(MIME_TYPES),
            }
        ],
    }


def bundle(app: Path, window: Sequence[str], icon: bytes) -> list[File]:
    """The files of the bundle `app`, which starts `window`."""
    script = f'#!/bin/sh\nexec {shlex.join(window)} "$@"\n'
    contents = app / "Contents"
    return [
        File(contents / "MacOS" / APP_NAME, script.encode(), executable=True),
        File(contents / "Resources" / "restorer.icns", icon),
        File(contents / "PkgInfo", b"APPL????"),
        File(contents / "Info.plist", plistlib.dumps(info())),
    ]


def _app() -> Path:
    return paths.home() / "Applications" / f"{APP_NAME}.app"


def _link() -> Path:
    return paths.home() / "Desktop" / f"{APP_NAME}.app"


def _is_ours(app: Path) -> bool:
    with contextlib.suppress(OSError, plistlib.InvalidFileException, ValueError):
        return bool(
            plistlib.loads((app / "Contents" / "Info.plist").read_bytes())["CFBundleIdentifier"] == BUNDLE_ID
        )
    return False


def install(desktop: bool = False) -> list[Path]:
    """Write the bundle. Raises LauncherError where it cannot be written or something else lies there."""
    app, link = _app(), _link()
    if app.exists() and not _is_ours(app):
        raise LauncherError(f"{app} is not Restorer's; move it away, then try again.")
    if desktop and not link.is_symlink() and link.exists():
        raise LauncherError(f"{link} is not Restorer's; move it away, then try again.")
    icon = paths.resources_dir() / "icons" / "app" / "restorer.icns"
    files.write(bundle(app, command.window_command(), icon.read_bytes()))
    if not desktop:
        return [app]
    try:
        link.unlink(missing_ok=True)
        link.symlink_to(app)
    except OSError as error:
        raise LauncherError(f"{link} could not be made: {error.strerror}. {app} is there.") from error
    return [app, link]


def uninstall() -> list[Path]:
    """Delete the bundle and the link. Raises LauncherError where that fails."""
    app, link = _app(), _link()
    gone = []
    if link.is_symlink() and link.readlink() == app:
        gone += files.delete([link], link.parent)
    if _is_ours(app):
        files.delete([file.path for file in bundle(app, ["true"], b"")], app.parent)
        gone.append(app)
    return gone


def installed() -> bool:
    """Whether our bundle is in the person's Applications folder."""
    return _is_ours(_app())
