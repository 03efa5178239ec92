"""Networks that enlarge in one pass, built by the optional package spandrel.

In: named tensors. Out: the network, with its weights. Nothing of spandrel is imported before it is asked for.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from restorer.errors import PackError

if TYPE_CHECKING:
    from spandrel import ImageModelDescriptor


def answering(found: ImageModelDescriptor[Any]) -> nn.Module:
    """The network, so that it answers with its picture alone: those for faces also tell what led to it."""
    network: nn.Module = found.model
    forward, call = network.forward, found._call_fn

    class _Asked:  # what the descriptor's own way to ask takes for the network
        def __call__(self, image: Tensor, **more: object) -> object:
            return forward(image, **more)

        def __getattr__(self, name: str) -> object:
            return getattr(network, name)

    network.forward = lambda image: call(_Asked(), image)
    return network


def describe(tensors: dict[str, Tensor], name: str) -> ImageModelDescriptor[Any]:
    """The network, with its weights. Raises PackError if spandrel is missing or does not know it."""
    try:
        from spandrel import MAIN_REGISTRY, ImageModelDescriptor, ModelLoader
    except (ImportError, RuntimeError) as error:  # torchvision of another build raises RuntimeError
        raise PackError(
            f"{name} needs the optional package spandrel, which cannot be loaded ({error}); install it with: "
            "pip install spandrel"
        ) from error
    with suppress(ImportError):  # CodeFormer and others, whose licences forbid more
        from spandrel_extra_arches import EXTRA_REGISTRY

        MAIN_REGISTRY.add(*EXTRA_REGISTRY, ignore_duplicates=True)
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
