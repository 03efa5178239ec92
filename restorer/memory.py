"""How much memory the processor has free. No torch here, so that a window can ask."""

from __future__ import annotations

import os
import sys

__all__ = ["free_memory"]


def free_memory() -> int:
    """Bytes that can be allocated now without swapping; a cautious 4 GiB where the system does not say."""
    if sys.platform == "win32":
        return _windows_memory()
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return 4 * 2**30


def _windows_memory() -> int:
    """Bytes that Windows could give out now: what is free of memory and page file together, since a process
    takes from both; `GlobalMemoryStatusEx`."""
    import ctypes

    class MemoryStatus(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            *((name, ctypes.c_uint64) for name in ("physical", "free", "page_file", "free_page_file")),
            *((name, ctypes.c_uint64) for name in ("virtual", "free_virtual", "extended")),
        ]

    status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        return 4 * 2**30
    return int(status.free)
