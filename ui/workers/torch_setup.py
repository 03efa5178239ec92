"""What the engine's thread sets up of torch: its big library loaded early, and how many threads it takes.

In: a number of threads. Out: nothing; torch is imported here only where it is about to be used. Knows no Qt.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def preload_torch() -> None:
    """Load torch's big library while Python's lock is free; called in a thread, before `import torch`.

    The import would load it with the lock held, and the window would stand still for a second. A C
    function called through ctypes runs without the lock, so dlopen itself is called. Where this does
    not work nothing is lost: the import loads what is missing.
    """
    if not sys.platform.startswith("linux") or "torch" in sys.modules:
        return
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return
    libraries = Path(spec.origin).parent / "lib"
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype, dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    # The order and the flags of torch's own import.
    if dlopen(bytes(libraries / "libtorch_global_deps.so"), os.RTLD_NOW | os.RTLD_GLOBAL):
        dlopen(bytes(libraries / "libtorch_cpu.so"), os.RTLD_NOW)


_own_threads: int | None = None  # torch's own choice, once it was overruled


def use_threads(count: int) -> None:
    """Let torch use `count` threads, 0 for its own choice; called in the engine thread between two runs."""
    global _own_threads
    if not count and _own_threads is None:
        return
    import torch

    if _own_threads is None:
        _own_threads = torch.get_num_threads()
    torch.set_num_threads(count or _own_threads)
