"""Lets a wheel carry the compiled convolutions of `restorer/kernels`, where a C compiler can make them.

Hatchling calls it. With the compiled file the wheel is for this system alone and says so in its name;
without, it is for any, and the app computes with torch's own convolutions.
"""

from __future__ import annotations

import importlib.util
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Kernels(BuildHookInterface[Any]):
    """Compiles before the files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        path = Path(self.root) / "restorer" / "kernels" / "compiling.py"
        spec = importlib.util.spec_from_file_location("compiling", path)
        assert spec is not None
        assert spec.loader is not None
        compiling = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(compiling)
        compiling.TARGET.unlink(missing_ok=True)  # never one that another source was compiled to
        compiling.main()
        if version == "standard" and compiling.TARGET.exists():
            build_data["force_include"][str(compiling.TARGET)] = "restorer/kernels/" + compiling.TARGET.name
            build_data["pure_python"] = False
            build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
