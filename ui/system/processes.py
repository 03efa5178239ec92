"""Whether another process still runs, on every system. Knows no Qt.

In: the number of a process. Out: yes or no. The number may have gone to another process since, so this tells
what may be thrown away safely, not who somebody is.
"""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import ctypes

    QUERY = 0x1000  # the least that can be asked for
    STILL_ACTIVE = 259
    ACCESS_DENIED = 5

    def alive(pid: int) -> bool:
        """Whether a process of this number runs."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(QUERY, False, pid)
        if not handle:
            return ctypes.get_last_error() == ACCESS_DENIED
        code = ctypes.c_ulong()
        known = kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return not known or code.value == STILL_ACTIVE

else:

    def alive(pid: int) -> bool:
        """Whether a process of this number runs."""
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except OSError:
            return True
        return True
