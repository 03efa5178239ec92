"""How many threads of the processor torch takes.

In: a number from the settings or the command line. Out: nothing; torch is imported only where there is
something to change.
"""

from __future__ import annotations

__all__ = ["use_threads"]

_own: int | None = None  # torch's own choice, once it was overruled


def use_threads(count: int) -> None:
    """Let torch compute with `count` threads, 0 for its own choice; called between two runs, by the thread
    that makes them."""
    global _own
    if not count and _own is None:
        return
    import torch

    if _own is None:
        _own = torch.get_num_threads()
    torch.set_num_threads(count or _own)
