"""What goes wrong only where rooms meet: another result in view while a file is written, another language."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from restorer.files.naming import unknown, usable
from restorer.pipeline.events import Done
from ui.model.document import Document


def done(tmp_path: Path) -> Done:
    import numpy as np

    from restorer.photo import Photo

    photo = Photo(np.zeros((4, 4, 3), np.uint8))
    return Done(photo, "m", 0, "cpu", 1, 0.1, 0.1, 0.0, {})


def test_only_the_result_that_was_written_counts_as_saved(tmp_path: Path) -> None:
    parent = QObject()
    document = Document(parent, 1, tmp_path / "a.png")
    first, second = done(tmp_path), done(tmp_path)
    document.result = second  # the person picked another one while the first was being written
    document.note_saved(first, tmp_path / "first.png", handed=False)
    document.note_saved(first, tmp_path / "copy.png", handed=True)
    assert document.saved is None
    assert document.copy is None
    assert document.saves[first] == tmp_path / "first.png"
    document.note_saved(second, tmp_path / "second.png", handed=False)
    assert document.saved == tmp_path / "second.png"


@pytest.mark.parametrize("template", ["{name:d}", "{name!x}", "{name:>{width}}", "{name"])
def test_a_template_that_cannot_be_filled_is_found_out(template: str) -> None:
    assert unknown(template)


def test_a_name_in_any_script_fits_a_file_system() -> None:
    assert len((usable("照" * 200) + "_4x.png").encode()) <= 255
