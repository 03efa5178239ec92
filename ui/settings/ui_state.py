"""What the window remembers between sessions: a plain INI file in the settings folder.

In and out: a QSettings. INI gives strings back for numbers, so every value is read
with its type and checked; a damaged file means defaults.
"""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from restorer import paths
from restorer.pipeline.forecast.run_warnings import LARGE_SCALE
from restorer.pipeline.request import MOST, Faces, Preset
from restorer.pipeline.resume import DAYS
from ui.model.options import GenerateOptions, RestoreOptions

LEAST_FIDELITY = 0.3
"""Below it most of what is seen is imagined, which nobody wants of every photo."""


def store() -> QSettings:
    """The person's own."""
    return QSettings(str(paths.settings_dir() / "window.ini"), QSettings.Format.IniFormat)


def _number(store: QSettings, name: str, default: float) -> float:
    try:
        return float(str(store.value(name, default)))
    except ValueError:
        return default


def _share(store: QSettings, name: str) -> float | None:
    """A number of 0 to 1; None for anything else."""
    share = _number(store, name, -1.0)
    return share if 0.0 <= share <= 1.0 else None


def settings(store: QSettings, scales: tuple[int, ...]) -> RestoreOptions:
    """The panel as it was left, as far as its scales still exist; but what suits one photo only (the largest
    enlargements, a fidelity that imagines the picture anew, repair) is not taken to the next start."""
    preset, faces = str(store.value("preset", "")), str(store.value("faces", ""))
    scale = int(_number(store, "scale", RestoreOptions.scale))
    if scale >= LARGE_SCALE:
        scale = RestoreOptions.scale
    if scale not in scales and scales:
        scale = scales[0]
    fidelity = min(max(_number(store, "fidelity", RestoreOptions.fidelity), 0.0), 1.0)
    return RestoreOptions(
        scale=scale,
        preset=Preset(preset) if preset in {each.value for each in Preset} else RestoreOptions.preset,
        fidelity=fidelity if fidelity >= LEAST_FIDELITY else RestoreOptions.fidelity,
        clean_up=_share(store, "clean_up"),
        faces=Faces(faces) if faces in {each.value for each in Faces} else RestoreOptions.faces,
        colour_lock=_number(store, "colour_lock", 1) != 0,
    )


def older_preferences(store: QSettings) -> dict[str, str]:
    """What was kept here before there was a settings file."""
    return {name: str(store.value(name)) for name in ("appearance", "language") if store.contains(name)}


def folder(store: QSettings) -> Path | None:
    """Where photos were opened last, if it still exists."""
    name = str(store.value("folder", ""))
    return Path(name) if name and Path(name).is_dir() else None


def keep_folder(store: QSettings, folder: Path) -> None:
    store.setValue("folder", str(folder))


def unfinished_folder(store: QSettings) -> Path | None:
    """Where the results of a folder job go that was interrupted, if there is one; none after `DAYS`, as of
    photos that were open."""
    name = str(store.value("batch/unfinished", ""))
    if not name:
        return None
    since = _number(store, "batch/unfinished_since", 0.0)
    if since == 0.0:  # an older window noted none, so the days are counted from here
        keep_unfinished_folder(store, Path(name))
    elif not time.time() - since <= DAYS * 86400:
        keep_unfinished_folder(store, None)
        return None
    return Path(name)


def keep_unfinished_folder(store: QSettings, out: Path | None) -> None:
    """Write down that a folder job is at work, or that none is any more."""
    store.setValue("batch/unfinished", "" if out is None else str(out))
    store.setValue("batch/unfinished_since", 0 if out is None else round(time.time()))
    store.sync()


def output_folder(store: QSettings) -> Path | None:
    """The folder that was chosen for the last result, if it still exists; None for each photo's own."""
    name = str(store.value("output_folder", ""))
    return Path(name) if name and Path(name).is_dir() else None


def keep_output_folder(store: QSettings, folder: Path | None) -> None:
    store.setValue("output_folder", "" if folder is None else str(folder))


def results_folder(store: QSettings) -> Path | None:
    """Where a result was saved last, if it still exists."""
    name = str(store.value("results_folder", ""))
    return Path(name) if name and Path(name).is_dir() else None


def keep_results_folder(store: QSettings, folder: Path) -> None:
    store.setValue("results_folder", str(folder))


def history(store: QSettings) -> bool:
    """Whether the panel of steps was shown."""
    return _number(store, "history", 0) != 0


def keep(store: QSettings, settings: RestoreOptions, geometry: QByteArray, history: bool) -> None:
    """Write down the panel, the window's place, and whether the panel of steps is shown."""
    store.setValue("scale", settings.scale)
    store.setValue("preset", settings.preset.value)
    store.setValue("fidelity", settings.fidelity)
    store.setValue("clean_up", "auto" if settings.clean_up is None else settings.clean_up)
    store.setValue("faces", settings.faces.value)
    store.setValue("colour_lock", int(settings.colour_lock))
    store.setValue("geometry", geometry)
    store.setValue("history", int(history))
    store.sync()


def generate_options(store: QSettings) -> tuple[GenerateOptions, str]:
    """What was asked for on the generating side when it was left, and the name of the class."""
    preset = str(store.value("generate/preset", ""))
    base, size = str(store.value("generate/base", "")), int(_number(store, "generate/size", 0))
    options = GenerateOptions(
        base=base or None,
        count=int(min(max(_number(store, "generate/count", GenerateOptions.count), 1), MOST)),
        size=size or None,
        preset=Preset(preset) if preset in {each.value for each in Preset} else GenerateOptions.preset,
    )
    return options, str(store.value("generate/class", ""))


def keep_generate_options(store: QSettings, options: GenerateOptions, name: str) -> None:
    """Write down what the generating side asks for, and the name of the class."""
    store.setValue("generate/base", options.base or "")
    store.setValue("generate/count", options.count)
    store.setValue("generate/size", options.size or 0)
    store.setValue("generate/preset", options.preset.value)
    store.setValue("generate/class", name)
