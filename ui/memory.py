"""What the window remembers between sessions: a plain INI file in the settings folder.

In and out: a QSettings. INI gives strings back for numbers, so every value is read
with its type and checked; a damaged file means defaults.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from restorer import paths
from restorer.request import Preset
from ui.language import Language
from ui.session import Settings
from ui.theme import Override


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
    )


def appearance(store: QSettings) -> Override:
    chosen = str(store.value("appearance", ""))
    return Override(chosen) if chosen in {each.value for each in Override} else Override.SYSTEM


def language(store: QSettings) -> Language:
    chosen = str(store.value("language", ""))
    return Language(chosen) if chosen in {each.value for each in Language} else Language.SYSTEM


def keep_language(store: QSettings, language: Language) -> None:
    store.setValue("language", language.value)


def folder(store: QSettings) -> Path | None:
    """Where photos were opened last, if it still exists."""
    kept = str(store.value("folder", ""))
    return Path(kept) if kept and Path(kept).is_dir() else None


def keep_folder(store: QSettings, folder: Path) -> None:
    store.setValue("folder", str(folder))


def keep(store: QSettings, settings: Settings, appearance: Override, geometry: QByteArray) -> None:
    """Write down the panel, the look and the window's place."""
    store.setValue("scale", settings.scale)
    store.setValue("preset", settings.preset.value)
    store.setValue("fidelity", settings.fidelity)
    store.setValue("appearance", appearance.value)
    store.setValue("geometry", geometry)
    store.sync()
