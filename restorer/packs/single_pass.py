"""Networks that enlarge in one pass, built by the optional package spandrel.

In: named tensors. Out: the network, with its weights. Nothing of spandrel is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import Tensor

from restorer.errors import PackError

if TYPE_CHECKING:
    from spandrel import ImageModelDescriptor


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
