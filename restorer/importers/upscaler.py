"""Single-pass upscalers (Real-ESRGAN and its kin), through the optional package spandrel.

In: a checkpoint that no other format knows. Out: a `Recognised` of kind "single-pass". spandrel knows the
architectures and infers them from the tensors; it is installed with `pip install spandrel`.
Nothing of it is imported before such a file is chosen.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping

from restorer.importers.reading import Checkpoint
from restorer.importers.recognition import Recognised, compare
from restorer.packs.single_pass import describe

__all__ = ["available", "read"]

LICENCE = "Not known to Restorer: the file does not say. Look it up where you found the file."


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
    requirements = found.size_requirements
    return Recognised(
        title=f"{found.architecture.name}, single-pass upscaler {found.scale}x, "
        f"{sum(t.numel() for t in tensors.values()) / 1e6:.1f} million numbers",
        format="spandrel",
        kind="single-pass",
        scale=found.scale,
        network={"architecture": found.architecture.id, "multiple": requirements.multiple_of},
        tensors=tensors,
        licence=LICENCE,
        about="Enlarges in one pass, without diffusion; the same photo gives one answer only.",
        extra={
            "local": found.tiling.name == "SUPPORTED",
            "presets": {name: dict(step) for name in ("draft", "balanced", "best")},
            "data": [],
        },
    )
