"""What a run does when memory runs out: the work in smaller pieces, then on the processor, then an error.

In: the work that ran out of it (`Shrinkable`: tiles of a photo, a batch of pictures, networks to be loaded).
Out: the sentence for the person, and the work can be tried again; or an error, where nothing helps.
No torch before memory has run out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from restorer.device import Device
    from restorer.errors import ResultError

__all__ = ["Shrinkable", "make_room"]


class Shrinkable(Protocol):
    """Work that can be done with less memory. device: where it is done; `make_room` sets it."""

    device: Device

    def smaller(self) -> str:
        """Make the pieces of the work smaller; the sentence that says so, empty where they are as small as
        they can be."""
        ...

    def to_processor(self, before: str) -> str:
        """Move to the processor, which `device` is already; the sentence that says so. before: name of the
        device that it was."""
        ...

    def too_large(self) -> ResultError:
        """Why it cannot be done at all."""
        ...


def make_room(work: Shrinkable) -> str:
    """Make `work` need less memory, after memory has run out; returns the sentence that says how.

    Raises `work.too_large()` where the processor has no room for the smallest piece.
    """
    from restorer import device

    work.device.release()
    if sentence := work.smaller():
        return sentence
    if work.device.torch.type == "cpu":
        raise work.too_large()
    before, work.device = work.device.name, device.choose("cpu")
    return work.to_processor(before)
