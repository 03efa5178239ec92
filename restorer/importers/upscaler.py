"""Single-pass upscalers (Real-ESRGAN and its kin), through the optional package spandrel.

In: a checkpoint that no other format knows. Out: a `Recognised` of kind "single-pass". spandrel knows the
architectures and infers them from the tensors; it is installed with `pip install spandrel`.
Nothing of it is imported before such a file is chosen.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import TYPE_CHECKING

from restorer.importers.reading import Checkpoint
from restorer.importers.recognition import Recognised, compare
from restorer.packs.single_pass import describe

if TYPE_CHECKING:
    from spandrel import SizeRequirements

__all__ = ["available", "read"]

LICENCE = "Not known to Restorer: the file does not say. Look it up where you found the file."


def _frame(requirements: SizeRequirements) -> int:
    """Side of the faces that a network for faces takes: the one that all of them were trained with, unless it
    takes no less than more."""
    return int(max(512, requirements.minimum, requirements.multiple_of))


def available() -> bool:
    """Whether spandrel is installed."""
    return importlib.util.find_spec("spandrel") is not None


def read(checkpoint: Checkpoint, assume: Mapping[str, str]) -> Recognised:
    """The upscaler in the file."""
    found = describe(checkpoint.tensors, str(checkpoint.path))
    tensors = {name: tensor.detach() for name, tensor in found.model.state_dict().items()}
    # spandrel loads strictly, but may rename; what is written must be found again under the same names.
    again = describe(dict(tensors), str(checkpoint.path)).model.state_dict()
    compare(
        checkpoint.path,
        {name: tuple(value.shape) for name, value in again.items()},
        {name: value for name, value in tensors.items()},
        f"a network of kind {found.architecture.name}",
    )
    step = {"steps": 1, "sigma_max": 1.0}
    requirements, faces = found.size_requirements, found.purpose == "FaceSR"
    return Recognised(
        title=f"{found.architecture.name}, single-pass upscaler {found.scale}x, "
        f"{sum(t.numel() for t in tensors.values()) / 1e6:.1f} million numbers",
        format="spandrel",
        kind="single-pass",
        scale=found.scale,
        network={"architecture": found.architecture.id, "multiple": requirements.multiple_of},
        tensors=tensors,
        licence=LICENCE,
        about="Restores single faces in one pass, without diffusion."
        if faces
        else "Enlarges in one pass, without diffusion; the same photo gives one answer only.",
        extra={
            **({"purpose": "faces", "frame": _frame(requirements)} if faces else {}),
            "local": found.tiling.name == "SUPPORTED",
            "presets": {name: dict(step) for name in ("draft", "balanced", "best")},
            "data": [],
        },
    )
