"""What becomes of work that runs out of memory: smaller, then on the processor, then an error."""

from __future__ import annotations

import pytest
import torch

from restorer.device import Device, choose
from restorer.errors import ResultError
from restorer.pipeline.memory_fallback import make_room


class Work:
    """Work in `pieces`, which can be halved down to one."""

    def __init__(self, pieces: int, device: Device) -> None:
        self.pieces, self.device = pieces, device

    def smaller(self) -> str:
        self.pieces //= 2
        return f"{self.pieces} at once" if self.pieces else ""

    def to_processor(self, before: str) -> str:
        self.pieces = 4
        return f"{before} is too small"

    def too_large(self) -> ResultError:
        return ResultError("too large")


def test_the_processor_comes_after_the_smallest_piece_and_an_error_after_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released: list[str] = []
    monkeypatch.setattr(Device, "release", lambda device: released.append(device.name))
    work = Work(4, Device("card", torch.device("cuda"), False))
    assert [make_room(work) for _ in range(3)] == ["2 at once", "1 at once", "card is too small"]
    assert work.device == choose("cpu")
    assert [make_room(work) for _ in range(2)] == ["2 at once", "1 at once"]
    with pytest.raises(ResultError, match="too large"):
        make_room(work)
    assert released == ["card"] * 3 + ["cpu"] * 3
