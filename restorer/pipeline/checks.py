"""Whether a run can be made here, and whether its picture is usable."""

from __future__ import annotations

import torch
from torch import Tensor

from restorer.device import available_memory
from restorer.diffusion.sampler import SAMPLERS
from restorer.errors import PackError, RequestError, ResultError
from restorer.photo import Photo
from restorer.pipeline.forecast.estimates import BYTES_PER_PHOTO_PIXEL, BYTES_PER_PIXEL
from restorer.pipeline.plan import Cascade

__all__ = ["check_memory", "check_result", "check_samplers"]


def check_samplers(cascade: Cascade) -> None:
    """Raises PackError where a stage asks for a sampler that is not known here."""
    for stage in cascade.stages:
        if stage.settings.sampler not in SAMPLERS:
            raise PackError(
                f"The model pack {stage.pack.name} asks for an unknown sampler {stage.settings.sampler!r}; "
                "update the app or the pack."
            )


def check_memory(photo: Photo, scale: int) -> None:
    """Raises RequestError where the result would need more memory than is free."""
    width, height = photo.size
    needed = width * height * (scale**2 * BYTES_PER_PIXEL + BYTES_PER_PHOTO_PIXEL)
    free = available_memory(torch.device("cpu"))
    if needed > free:
        raise RequestError(
            f"{photo.name} at {scale}x would be {width * scale} x {height * scale} pixels and need "
            f"{needed / 2**30:.1f} GiB of memory; {free / 2**30:.1f} GiB are free. "
            "Choose a smaller scale or crop the photo."
        )


def check_result(result: Tensor, source: Tensor, photo: Photo) -> None:
    """NaN or constant output is an error, never a success; a constant photo may stay constant."""
    again = f"The picture made of {photo.name} is not usable and was not kept"
    if not torch.isfinite(result).all():
        raise ResultError(f"{again}: the network returned values that are not numbers. Try --device cpu.")
    if float(result.std(unbiased=False)) < 1e-4 < float(source.std(unbiased=False)) / 10:
        raise ResultError(f"{again}: the network returned a picture of one colour. Try --device cpu.")
