"""What the thread of the finish makes of a result, without a window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from restorer.damage.filled_pixels import FilledPixels
from restorer.photo import Photo
from restorer.pipeline.finish import Finish
from tests.ui.driver import pixels_of
from tests.ui.results import done
from ui.imaging.pyramid import photo_pyramid
from ui.workers.finish_worker import FinishedPictures, FinishTask, FinishWorker


def test_a_small_view_at_strength_0_is_of_the_filled_photo_and_not_of_the_damaged_one_on_the_screen() -> None:
    pixels = np.full((900, 1600, 3), 90, np.uint8)
    damaged = pixels.copy()
    damaged[300:600, 400:800] = 255
    photo, filled = Photo(damaged), Photo(pixels)
    result = replace(done(filled), mended=FilledPixels.between(photo, filled))
    box = (0, 0, 1600, 900)
    shown, scanned = (photo_pyramid(filled),), photo_pyramid(photo)
    task = FinishTask(photo, (result,), Finish(0.0), ((box, 1),), shown=shown, shown_photo=scanned)
    worker, made = FinishWorker(), list[FinishedPictures]()
    worker.made.connect(made.append)
    worker.show(task)
    (picture,) = made[0].pictures
    for image in (picture.levels[0], *(part.picture.levels[0] for part in picture.parts)):
        assert (pixels_of(image)[..., :3] == 90).all()
