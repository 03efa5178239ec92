"""Loads torch's big library early, in the thread that is about to import torch. Knows no Qt."""

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
