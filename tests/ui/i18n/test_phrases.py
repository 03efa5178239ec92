"""Sentences that are put together: progress, time left, fidelity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from restorer.packs import catalog
from restorer.photo import Photo
from restorer.pipeline.events import Progress
from tests.ui.results import done
from ui.i18n import phrases
from ui.i18n.model_names import model_name, model_words

RESULT = replace(done(Photo(np.zeros((2, 2, 3), np.uint8))), stopped=None)


def test_time_left_is_told_in_round_numbers() -> None:
    assert phrases.time_left(None) == ""
    assert phrases.time_left(7.4) == "about 7 s left"
    assert phrases.time_left(43) == "about 45 s left"
    assert phrases.time_left(600) == "about 10 min left"


def test_progress_names_phase_per_cent_and_time() -> None:
    sentence = phrases.progress_sentence("Restoring", Progress(3, 8, 2, 6, 0.3, 43.0))
    assert sentence == "Restoring  ·  30 %  ·  about 45 s left"
    assert phrases.progress_details(Progress(3, 8, 2, 6, 0.3, 43.0)) == "Step 3 of 8, piece 2 of 6"
    assert phrases.progress_details(Progress(3, 8, 1, 1, 0.3, None)) == "Step 3 of 8"
    assert phrases.progress_sentence("Restoring", Progress(8, 8, 6, 6, 1.0, 0.0)).count("99 %") == 1
    assert phrases.progress_details(Progress(0, 8, 0, 6, 0.0, None)) == ""


@pytest.mark.parametrize(
    ("restored", "sentence", "label"),
    [
        (0.0, "Less than 1 % of the picture is restored", "After: less than 1 % restored"),
        (0.004, "Less than 1 % of the picture is restored", "After: less than 1 % restored"),
        (0.011, "1 % of the picture is restored", "After: 1 % restored"),
        (0.999, "99 % of the picture is restored", "After: 99 % restored"),
        (1.0, "", ""),
    ],
)
def test_a_share_is_neither_nothing_nor_all_of_it(restored: float, sentence: str, label: str) -> None:
    done = replace(RESULT, restored=restored, stopped=(1, 2))
    assert phrases.restored_share(done).startswith(sentence)
    assert bool(phrases.restored_share(done)) == bool(sentence)
    assert phrases.restored_label(done) == label
    share = {label: value for label, value, _ in phrases.result_figures(done)}.get("Restored", "")
    assert share.split(" % ")[0].casefold() == sentence.split(" % ")[0].casefold()


@pytest.mark.parametrize(
    ("levels", "word"), [(0.0, "small"), (2.5, "small"), (4.9, "small"), (6.0, "moderate"), (12.0, "large")]
)
def test_the_difference_from_the_photo_is_a_word_and_the_number_a_detail(levels: float, word: str) -> None:
    figures = phrases.result_figures(replace(RESULT, consistency=(levels / 255) ** 2))
    ((value, hint),) = [
        (value, hint) for label, value, hint in figures if label == "Difference from your photo"
    ]
    assert value == word
    assert hint.startswith(f"{levels} of 255 levels")


def test_a_model_that_ships_has_a_plain_name_and_its_own_is_a_detail() -> None:
    done = replace(RESULT, model="sr3-photo-large + sr3-photo")
    ((value, hint),) = [
        (value, hint) for label, value, hint in phrases.result_figures(done) if label == "Model"
    ]
    assert value == "Standard + Fast"
    assert "sr3-photo-large + sr3-photo" in hint
    assert model_name("my-own") == "my-own"
    for pack in catalog.all_packs():
        assert model_words(pack.name) is not None or not pack.shipped, f"{pack.name} has no plain name"


def test_each_part_of_the_fidelity_slider_has_its_own_words() -> None:
    sentences = [phrases.fidelity_sentence(position / 100) for position in range(101)]
    assert len(set(sentences)) == 5
    assert "Faces may change" in sentences[0]
