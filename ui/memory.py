"""What the window remembers between sessions: a plain INI file in the settings folder.

In and out: a QSettings. INI gives strings back for numbers, so every value is read
with its type and checked; a damaged file means defaults.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from restorer import paths
from restorer.request import Preset
from ui.session import Settings


def store() -> QSettings:
    """The person's own."""
    return QSettings(str(paths.settings_dir() / "window.ini"), QSettings.Format.IniFormat)


def _number(store: QSettings, name: str, default: float) -> float:
    try:
        return float(str(store.value(name, default)))
    except ValueError:
        return default


def settings(store: QSettings, scales: tuple[int, ...]) -> Settings:
    """The panel as it was left, as far as its scales still exist."""
    preset = str(store.value("preset", ""))
    scale = int(_number(store, "scale", Settings.scale))
    if scale not in scales and scales:
        scale = scales[0]
    return Settings(
        scale=scale,
        preset=Preset(preset) if preset in {each.value for each in Preset} else Settings.preset,
        fidelity=min(max(_number(store, "fidelity", Settings.fidelity), 0.0), 1.0),
        repair=_number(store, "repair", 0) != 0,
        colour_lock=_number(store, "colour_lock", 1) != 0,
    )


def older_preferences(store: QSettings) -> dict[str, str]:
    """What was kept here before there was a settings file."""
    return {name: str(store.value(name)) for name in ("appearance", "language") if store.contains(name)}


def folder(store: QSettings) -> Path | None:
    """Where photos were opened last, if it still exists."""
    kept = str(store.value("folder", ""))
    return Path(kept) if kept and Path(kept).is_dir() else None


def keep_folder(store: QSettings, folder: Path) -> None:
    store.setValue("folder", str(folder))


def keep(store: QSettings, settings: Settings, geometry: QByteArray) -> None:
    """Write down the panel and the window's place."""
    store.setValue("scale", settings.scale)
    store.setValue("preset", settings.preset.value)
    store.setValue("fidelity", settings.fidelity)
    store.setValue("repair", int(settings.repair))
    store.setValue("colour_lock", int(settings.colour_lock))
    store.setValue("geometry", geometry)
    store.sync()
