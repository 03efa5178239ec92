"""Names for results are filled in, usable everywhere, and never somebody else's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from restorer.batch.job import BatchJob
from restorer.errors import RequestError
from restorer.files.naming import check, filled, modern, suggested, unknown, unused, usable

VALUES = {"name": "Tante Ä 桌面", "scale": 4, "preset": "best", "seed": 7, "model": "sr3-photo-4x"}


def test_placeholders_are_filled_in() -> None:
    template = "{date} {name} {scale}x {preset} s{seed} {model}"
    assert (
        suggested(template, VALUES, date(2026, 11, 24)) == "2026-11-24 Tante Ä 桌面 4x best s7 sr3-photo-4x"
    )


@pytest.mark.parametrize(
    "template",
    [
        "{nam}",
        "{name",
        "}",
        "{0}",
        "{name!x}{}",
        "{name:d}",
        "{name!x}",
        "{name:>{width}}",
        "{name:>999999999}",
        "{name:{date}}",
    ],
)
def test_template_that_cannot_be_filled_gives_the_usual_name(template: str) -> None:
    assert unknown(template)
    assert suggested(template, VALUES) == "Tante Ä 桌面_4x"


def test_unknown_fields_are_told_before_a_stray_brace() -> None:
    assert unknown("{nam}_{scale") == ["nam", "{"]
    assert unknown("{name}_{scale") == ["{"]
    assert unknown("{nam}_{scal}") == ["nam", "scal"]


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("a/b:c?", "a_b_c_"),
        ("..", "photo"),
        ("  ", "photo"),
        ("CON", "photo_CON"),
        ("x. ", "x"),
        ("x\ud800y", "x_y"),
    ],
)
def test_names_fit_every_file_system(name: str, usual: str) -> None:
    assert usable(name) == usual
    assert len(usable("x" * 999)) <= 200


def test_half_a_character_is_in_no_template_and_the_bytes_of_odd_names_are_kept() -> None:
    with pytest.raises(RequestError, match="half a character"):
        check("{name}\ud800")
    assert suggested("\ud800", VALUES) == "_"
    assert usable("a\udce4b") == "a\udce4b"


def test_templates_of_earlier_versions_mean_what_they_meant() -> None:
    check("{stem}_{scale}x")
    assert filled("{stem:>3}_{scale}x {{stem}}", {"name": "a", "scale": 4}) == "  a_4x {stem}"
    assert modern("{stem}-{seed}") == "{name}-{seed}"


def test_kept_settings_of_folders_get_the_new_words() -> None:
    kept = BatchJob(seed=5).to_text().replace("{name}", "{stem}")
    assert "{stem}_{scale}x" in kept
    assert BatchJob.from_text(kept) == BatchJob(seed=5)


def test_taken_names_get_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    assert unused(path) == path
    path.touch()
    (tmp_path / "a (2).png").touch()
    assert unused(path) == tmp_path / "a (3).png"
    (tmp_path / "a (3).png").symlink_to("nowhere")
    assert unused(path) == tmp_path / "a (4).png"


@pytest.mark.parametrize("field", ["name", "suffix", "preset", "model"])
@pytest.mark.parametrize("value", ["../../outside", "/outside", "..\\outside", "a\0b"])
def test_no_value_that_is_filled_in_names_a_folder(field: str, value: str) -> None:
    made = filled(f"{{{field}}}_x", {field: value})
    assert not set("/\\\0") & set(made)
    assert Path(made).name == made


def test_a_name_in_any_script_fits_a_file_system() -> None:
    assert len((usable("照" * 200) + "_4x.png").encode()) <= 255
