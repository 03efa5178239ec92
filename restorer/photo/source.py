"""A photo read for a run, once it is sure that its result fits its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restorer.files.destinations import Target

if TYPE_CHECKING:
    from restorer.photo import Photo


def read_for_run(target: Target, scale: int, bits: int | None, page: int = 0) -> Photo:
    """The photo (or a page of it), read, in the depth asked for; PhotoError if its result would not fit."""
    from restorer.photo import check_size, read_photo

    photo = read_photo(target.source, page)
    check_size(target.path, (photo.size[0] * scale, photo.size[1] * scale))
    if bits != 16:
        return photo
    from restorer.photo.export import in_sixteen_bits

    return in_sixteen_bits(photo)
