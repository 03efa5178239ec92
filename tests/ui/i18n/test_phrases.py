"""Sentences that are put together: progress, time left, fidelity."""

from __future__ import annotations

from restorer.pipeline.events import Progress
from ui.i18n import phrases


def test_time_left_is_told_in_round_numbers() -> None:
    assert phrases.time_left(None) == ""
    assert phrases.time_left(7.4) == "about 7 s left"
    assert phrases.time_left(43) == "about 45 s left"
    assert phrases.time_left(600) == "about 10 min left"


def test_progress_names_phase_step_tile_and_time() -> None:
    sentence = phrases.progress_sentence("Restoring", Progress(3, 8, 2, 6, 0.3, 43.0))
    assert sentence == "Restoring  ·  step 3 of 8  ·  tile 2 of 6  ·  about 45 s left"
    assert "tile" not in phrases.progress_sentence("Restoring", Progress(3, 8, 1, 1, 0.3, None))


def test_each_part_of_the_fidelity_slider_has_its_own_words() -> None:
    sentences = [phrases.fidelity_sentence(position / 100) for position in range(101)]
    assert len(set(sentences)) == 5
    assert "Faces may change" in sentences[0]
