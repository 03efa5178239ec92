"""What a photo's results look like on the screen, made when the photo comes into view again.

In: a task of the files' thread and the photo after its desk work. Out: pyramids. Runs in that thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pyramid import Pyramid, enlarged_pyramid, heat_pyramid, photo_pyramid
from ui.reports import Varied

if TYPE_CHECKING:
    from restorer.photo import Photo
    from ui.files import Reading

Shown = tuple[Pyramid | None, Pyramid | None, Varied | None]


def results_shown(task: Reading, photo: Photo) -> Shown:
    """The enlargement, the result, and all of them where there are several; None for what there is not."""
    if task.several:
        from restorer.variations import disagreement

        pictures = tuple(photo_pyramid(done.photo) for done in task.several)
        before = enlarged_pyramid(photo, pictures[0].size)
        veil = heat_pyramid(disagreement([done.photo.pixels for done in task.several]))
        return before, pictures[task.chosen], Varied(task.key, task.several, before, pictures, veil)
    if task.result is None:
        return None, None, None
    after = photo_pyramid(task.result.photo)
    return enlarged_pyramid(photo, after.size), after, None
