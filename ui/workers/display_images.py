"""What a photo's results look like on the screen, made when the photo comes into view again.

In: a task of the files' thread and the photo after its edits. Out: the results, fetched where they lie in
files, and pyramids of them. Runs in that thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from restorer.errors import PhotoError
from ui.i18n.engine_messages import engine_message
from ui.imaging.pyramid import enlarged_pyramid, heat_pyramid, photo_pyramid
from ui.workers.messages import DisplayImages, VariationImages
from ui.workers.result_store import fetched

if TYPE_CHECKING:
    from restorer.photo import Photo
    from ui.workers.messages import ReadRequest


def results_shown(task: ReadRequest, photo: Photo) -> DisplayImages:
    """What the results of a task look like."""
    try:
        dones = tuple(fetched(stored) for stored in task.results)
    except PhotoError as error:
        return DisplayImages(problem=engine_message(error))
    if not dones:
        return DisplayImages()
    pictures = tuple(photo_pyramid(done.photo) for done in dones)
    before = enlarged_pyramid(photo, pictures[0].size)
    varied = None
    if len(dones) > 1:
        from restorer.photo.seed_disagreement import disagreement

        heat_map = heat_pyramid(disagreement([done.photo.pixels for done in dones]))
        varied = VariationImages(task.key, dones, before, pictures, heat_map)
    return DisplayImages(before, pictures[task.chosen], varied, dones)
