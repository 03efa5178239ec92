"""Single-pass upscalers (Real-ESRGAN and its kin), through the optional package spandrel.

In: a checkpoint that no other format knows. Out: a `Recognised` of kind "single-pass". spandrel knows the
architectures and infers them from the tensors; it is installed with `pip install spandrel`.
Nothing of it is imported before such a file is chosen.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from torch import Tensor

from restorer.errors import PackError
from restorer.importers.reading import Checkpoint
from restorer.importers.recognition import Recognised, compare

if TYPE_CHECKING:
    from spandrel import ImageModelDescriptor

__all__ = ["available", "describe", "read"]

LICENCE = "Not known to Restorer: the file does not say. Look it up where you found the file."


def available() -> bool:
    """Whether spandrel is installed."""
    return importlib.util.find_spec("spandrel") is not None


def describe(tensors: dict[str, Tensor], name: str) -> ImageModelDescriptor[Any]:
    """The network, with its weights. Raises PackError if spandrel is missing or does not know it."""
    try:
        from spandrel import ImageModelDescriptor, ModelLoader
    except (ImportError, RuntimeError) as error:  # torchvision of another build raises RuntimeError
        raise PackError(
            f"{name} needs the optional package spandrel, which cannot be loaded ({error}); install it with: "
            "pip install spandrel"
        ) from error
    try:
        found = ModelLoader(device="cpu").load_from_state_dict(dict(tensors))
    except Exception as error:  # each of its architectures fails in its own way
        raise PackError(
            f"{name} is a checkpoint of no kind that Restorer or spandrel knows ({str(error)[:200]})."
        ) from error
    if not isinstance(found, ImageModelDescriptor) or found.input_channels != 3 or found.output_channels != 3:
        raise PackError(
            f"{name} is a network of kind {found.architecture.name} that does not enlarge colour photos."
        )
    return found


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
